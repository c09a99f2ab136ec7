"""Convert Word to Vector: words of a kind get vectors of a kind."""

import gzip
import random
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from modules.kit import Context, EmptyInput, FileNotParsable, FileNotReadable, ModuleError, TooFewRows, WrongColumnType
from modules.ml.word_vectors import corpus_of
from modules.text_analytics.convert_word_to_vector import convert_word_to_vector

KINDS = [[f"{kind}{number}" for number in range(8)] for kind in ("cat", "car", "cup")]
VECTORS = "cats 1 0 0.5\ndogs 0 1 -2e-1\nbirds 1 1 1\n"


def texts() -> list[str]:
    drawn = random.Random(3)  # noqa: S311  texts, not secrets
    return [" ".join(drawn.choices(KINDS[row % 3], k=10)) for row in range(240)]


TABLE = pl.DataFrame({"Text": texts(), "id": range(240)})


def converted(table: pl.DataFrame = TABLE, *, context: Context | None = None, **options: Any) -> pl.DataFrame:
    options = {"target_column": "Text", "vectors_file": "", **options}
    return convert_word_to_vector(table, **options, context=context or Context()).collect()


@pytest.mark.parametrize("strategy", ["word2vec", "fasttext"])
@pytest.mark.parametrize("algorithm", ["skip_gram", "cbow"])
def test_the_nearest_word_is_one_that_stands_in_like_places(strategy: str, algorithm: str) -> None:
    found = converted(word2vec_strategy=strategy, word2vec_training_algorithm=algorithm, length_of_word_embedding=20)
    words = found["Vocabulary"].to_list()
    vectors = found.drop("Vocabulary").to_numpy()
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    likeness = vectors @ vectors.T - 2 * np.eye(len(words))
    nearest = [words[place] for place in likeness.argmax(axis=1)]
    assert [word[:3] for word in nearest] == [word[:3] for word in words]


def test_columns_and_their_number() -> None:
    found = converted(length_of_word_embedding=10, number_of_epochs=1)
    assert found.columns == ["Vocabulary", *(f"Embedding dim {place}" for place in range(10))]
    assert found.height == 24


def test_the_seed_decides() -> None:
    options = {"length_of_word_embedding": 10, "number_of_epochs": 1}
    assert converted(**options, seed=1).equals(converted(**options, seed=1))
    assert not converted(**options, seed=1).equals(converted(**options, seed=2))


def test_rare_words_are_left_out_first_and_the_frequent_ones_kept() -> None:
    corpus = corpus_of(["b b b a a c ||| a", "d d"], at_least=2, most=2)
    assert corpus.words == ("a", "b")
    assert corpus.text.tolist() == [1, 1, 1, 0, 0, 0]
    assert corpus.sentence.tolist() == [0, 0, 0, 0, 0, 1]


def test_a_single_word_has_a_vector() -> None:
    found = converted(pl.DataFrame({"Text": ["cat"]}), minimum_word_count=1, length_of_word_embedding=10)
    assert found.shape == (1, 11)


@pytest.mark.parametrize(
    ("options", "kind", "code", "place"),
    [
        ({"table": TABLE.clear()}, EmptyInput, "0003", "dataset"),
        ({"table": TABLE.head(1)}, TooFewRows, "0021", "dataset"),
        ({"target_column": "id"}, WrongColumnType, "0017", "target_column"),
        ({"word2vec_strategy": "pretrained_vectors"}, EmptyInput, "0003", "vectors_file"),
    ],
)
def test_what_cannot_be_done_has_its_code(
    options: dict[str, Any], kind: type[ModuleError], code: str, place: str
) -> None:
    with pytest.raises(kind) as caught:
        converted(**options)
    assert caught.value.code == code
    assert place in (caught.value.parameter, caught.value.port)


def from_file(path: Path, text: str = "dogs cats cats worms") -> dict[str, list[Any]]:
    table = pl.DataFrame({"Text": [text]})
    options = {"word2vec_strategy": "pretrained_vectors", "vectors_file": str(path), "minimum_word_count": 1}
    return converted(table, **options).to_dict(as_series=False)


EXPECTED = {
    "Vocabulary": ["cats", "dogs"],
    "Embedding dim 0": [1.0, 0.0],
    "Embedding dim 1": [0.0, 1.0],
    "Embedding dim 2": [0.5, -0.2],
}


@pytest.mark.parametrize("head", ["", "3 3\n"])
def test_vectors_of_others_come_from_a_file(head: str, tmp_path: Path) -> None:
    path = tmp_path / "vectors.txt"
    path.write_text(head + VECTORS)
    assert from_file(path) == EXPECTED


def test_the_file_may_be_packed(tmp_path: Path) -> None:
    packed = tmp_path / "vectors.txt.gz"
    packed.write_bytes(gzip.compress(VECTORS.encode()))
    archive = tmp_path / "vectors.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("vectors.txt", VECTORS)
    assert from_file(packed) == from_file(archive) == EXPECTED


def test_words_that_the_file_lacks_are_told() -> None:
    with pytest.raises(FileNotReadable):
        from_file(Path("gone.txt"))


@pytest.mark.parametrize("content", ["cats 1 2\ndogs 1\n", "cats one two\n", "cats\n"])
def test_a_file_of_something_else_is_0049(content: str, tmp_path: Path) -> None:
    path = tmp_path / "vectors.txt"
    path.write_text(content)
    with pytest.raises(FileNotParsable) as caught:
        from_file(path)
    assert (caught.value.code, caught.value.parameter) == ("0049", "vectors_file")


def test_a_file_without_any_of_the_words_is_0021(tmp_path: Path) -> None:
    path = tmp_path / "vectors.txt"
    path.write_text(VECTORS)
    with pytest.raises(TooFewRows, match="0 rows"):
        from_file(path, "worms")

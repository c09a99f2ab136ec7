"""Extract N-Gram Features from Text: vocabulary, weights, and replay."""

import math
from typing import Any

import polars as pl
import pytest
from sklearn.feature_extraction.text import CountVectorizer

from modules.kit import EmptyInput, InvalidDataset, ModuleError, TooFewRows, TooLarge, TooManyColumns, WrongColumnType
from modules.ml import gram_features
from modules.text_analytics.extract_n_gram_features_from_text import Features, extract_n_gram_features_from_text

TABLE = pl.DataFrame({"id": [1, 2, 3, 4], "Text": ["the cat sat ||| mats", "cat cat mats", None, "dogs"]})


def extracted(table: pl.DataFrame = TABLE, vocabulary: pl.DataFrame | None = None, **options: Any) -> Features:
    options = {"minimum_n_gram_document_absolute_frequency": 1, "text_column": ["Text"], **options}
    return extract_n_gram_features_from_text(table, vocabulary, **options)


def features(found: Features) -> dict[str, list[float]]:
    return found.results_dataset.collect().drop("id", "Text").to_dict(as_series=False)


def test_the_vocabulary_counts_rows() -> None:
    found = extracted().result_vocabulary.collect()
    assert found.schema == {"ID": pl.Int64, "NGram": pl.String, "DF": pl.Int64, "IDF": pl.Float64}
    assert found.rows() == [
        (0, "cat", 2, math.log(2)),
        (1, "dogs", 1, math.log(4)),
        (2, "mats", 2, math.log(2)),
        (3, "sat", 1, math.log(4)),
        (4, "the", 1, math.log(4)),
    ]


@pytest.mark.parametrize(
    ("weighting", "cat"),
    [
        ("binary_weight", [1, 1, 0, 0]),
        ("tf_weight", [1, 2, 0, 0]),
        ("idf_weight", [math.log(2), math.log(2), 0, 0]),
        ("tf_idf_weight", [math.log(2), 2 * math.log(2), 0, 0]),
    ],
)
def test_each_weighting(weighting: str, cat: list[float]) -> None:
    assert features(extracted(weighting_function=weighting))["Text.[cat]"] == pytest.approx(cat)


def test_n_grams_do_not_reach_over_a_sentence_mark() -> None:
    assert [name for name in features(extracted(n_grams_size=2)) if "_" in name] == [
        *("Text.[cat_cat]", "Text.[cat_mats]", "Text.[cat_sat]", "Text.[the_cat]"),
    ]


def test_counts_are_those_of_scikit_learn() -> None:
    texts = ["one two two three", "three two", "four one one two"]
    found = features(
        extracted(pl.DataFrame({"id": [1, 2, 3], "Text": texts}), n_grams_size=3, weighting_function="tf_weight")
    )
    counter = CountVectorizer(ngram_range=(1, 3))
    counts = counter.fit_transform(texts).toarray()
    names = [f"Text.[{gram.replace(' ', '_')}]" for gram in counter.get_feature_names_out()]
    assert found == {name: counts[:, place].tolist() for place, name in enumerate(names)} | found
    assert set(found) == set(names)


def test_normalized_rows_have_length_one() -> None:
    found = pl.DataFrame(features(extracted(weighting_function="tf_weight", normalize_n_gram_feature_vectors=True)))
    lengths = found.select(pl.sum_horizontal(pl.all() ** 2).sqrt()).to_series().to_list()
    assert lengths == pytest.approx([1, 1, 0, 1])


def test_words_of_another_length_are_passed_over_before_n_grams_are_formed() -> None:
    found = features(extracted(pl.DataFrame({"id": [1], "Text": ["cats a on mats"]}), n_grams_size=2))
    assert list(found) == ["Text.[cats]", "Text.[cats_mats]", "Text.[mats]"]


def test_rare_and_frequent_n_grams_are_left_out() -> None:
    rare = extracted(minimum_n_gram_document_absolute_frequency=2)
    assert rare.result_vocabulary.collect()["NGram"].to_list() == ["cat", "mats"]
    frequent = extracted(maximum_n_gram_document_ratio=0.25)
    assert frequent.result_vocabulary.collect()["NGram"].to_list() == ["dogs", "sat", "the"]


def test_another_table_gets_the_same_columns_and_the_weights_of_the_vocabulary() -> None:
    first = extracted(weighting_function="idf_weight")
    second = pl.DataFrame({"id": [9], "Text": ["birds sat"]})
    vocabulary = first.result_vocabulary.collect()
    again = extracted(second, vocabulary, vocabulary_mode="read_only", weighting_function="idf_weight")
    assert list(features(again)) == list(features(first))
    assert features(again)["Text.[sat]"] == [math.log(4)]
    assert again.result_vocabulary.collect().equals(vocabulary)


def test_several_columns_count_together() -> None:
    table = pl.DataFrame({"id": [1], "a": ["cat"], "b": ["sat"]})
    found = extracted(table, text_column=["a", "b"], n_grams_size=2).results_dataset.collect()
    assert found.columns == ["id", "a", "b", "a+b.[cat]", "a+b.[sat]"]


def test_other_columns_are_passed_on_and_none_is_replaced() -> None:
    table = TABLE.with_columns(pl.lit("x").alias("Text.[cat]"))
    found = extracted(table).results_dataset.collect()
    assert found["Text.[cat]"].to_list() == ["x"] * 4
    assert "Text.[cat]2" in found.columns


VOCABULARY = pl.DataFrame({"ID": [0], "NGram": ["cat"], "DF": [2], "IDF": [0.7]})


@pytest.mark.parametrize(
    ("vocabulary", "said"),
    [
        (VOCABULARY.drop("DF"), "are expected"),
        (VOCABULARY.select("NGram", "ID", "DF", "IDF"), "are expected"),
        (VOCABULARY.with_columns(pl.lit("x").alias("IDF")), "`IDF` of `input_vocabulary` is not a number"),
        (pl.concat([VOCABULARY, VOCABULARY]), "`cat` stands twice"),
        (pl.concat([VOCABULARY, VOCABULARY.with_columns(pl.lit("dog").alias("NGram"))]), "`0` stands twice"),
        (VOCABULARY.clear(), "is empty"),
    ],
)
def test_a_vocabulary_that_is_none_is_0018(vocabulary: pl.DataFrame, said: str) -> None:
    with pytest.raises(InvalidDataset, match=said) as caught:
        extracted(TABLE, vocabulary, vocabulary_mode="read_only")
    assert (caught.value.code, caught.value.port) == ("0018", "input_vocabulary")


@pytest.mark.parametrize(
    ("options", "kind", "code", "place"),
    [
        ({"vocabulary_mode": "read_only"}, EmptyInput, "0003", "input_vocabulary"),
        ({"table": TABLE.clear()}, EmptyInput, "0003", "dataset"),
        ({"minimum_word_length": 9, "maximum_word_length": 8}, TooLarge, "0007", "minimum_word_length"),
        ({"text_column": ["id"]}, WrongColumnType, "0017", "text_column"),
        ({"minimum_n_gram_document_absolute_frequency": 5}, TooFewRows, "0021", "dataset"),
        ({"minimum_word_length": 20}, TooFewRows, "0021", "dataset"),
    ],
)
def test_what_cannot_be_done_has_its_code(
    options: dict[str, Any], kind: type[ModuleError], code: str, place: str
) -> None:
    with pytest.raises(kind) as caught:
        extracted(**options)
    assert caught.value.code == code
    assert place in (caught.value.parameter, caught.value.port)


def test_more_columns_than_fit_are_0129(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gram_features, "MOST_GRAMS", 3)
    with pytest.raises(TooManyColumns, match="5 n-grams") as caught:
        extracted()
    assert caught.value.code == "0129"

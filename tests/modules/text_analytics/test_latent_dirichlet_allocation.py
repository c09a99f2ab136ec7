"""Latent Dirichlet Allocation: two kinds of texts give two topics."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from modules.kit import ColumnNotFound, Context, EmptyInput, ModuleError, OutOfRange, Table, TooFewRows, WrongColumnType
from modules.text_analytics.latent_dirichlet_allocation import Topics, latent_dirichlet_allocation

SPORT, MONEY = "goal match team player ball", "bank money loan rate credit"
TEXTS = [SPORT, MONEY, f"{SPORT} {SPORT}", f"{MONEY} rate", None]
TABLE = Table(pl.LazyFrame({"id": range(100), "Text": TEXTS * 20}))


def found_in(table: Table = TABLE, **options: Any) -> Topics:
    options = {"target_columns": ["Text"], "number_of_topics_to_model": 2, "n_grams": 1, **options}
    return latent_dirichlet_allocation(table, **options, context=Context())


def shares(table: Table) -> np.ndarray[Any, Any]:
    return table.frame.select("Topic 1", "Topic 2").collect().to_numpy()


def test_texts_of_one_kind_have_one_topic() -> None:
    found = shares(found_in().transformed_dataset)
    assert found.sum(axis=1) == pytest.approx(1)
    strongest = found.argmax(axis=1)
    assert strongest[0] == strongest[2] != strongest[1] == strongest[3]
    assert found[4] == pytest.approx(0.5)


def test_the_matrix_tells_the_words_of_each_topic() -> None:
    matrix = found_in().feature_topic_matrix.frame.collect()
    assert matrix.columns == ["Feature", "Topic 1", "Topic 2"]
    assert matrix.select(pl.col("Topic 1", "Topic 2").sum()).row(0) == pytest.approx((1, 1))
    top = {frozenset(matrix.sort(topic, descending=True)["Feature"].head(5)) for topic in ("Topic 1", "Topic 2")}
    assert top == {frozenset(SPORT.split()), frozenset(MONEY.split())}


def test_weights_stay_as_they_are_where_they_are_not_normalized() -> None:
    plain, shared = found_in(normalize=False), found_in(normalize=True)
    assert plain.feature_topic_matrix.frame.select(pl.col("Topic 1").sum()).collect().item() != pytest.approx(1)
    assert shares(plain.transformed_dataset).tolist() == shares(shared.transformed_dataset).tolist()


def test_the_transformation_gives_the_same_shares() -> None:
    found = found_in()
    again = found.lda_transformation.apply(Table(TABLE.frame.drop("id")))
    assert shares(again).tolist() == shares(found.transformed_dataset).tolist()


def test_the_transformation_needs_its_column() -> None:
    with pytest.raises(ColumnNotFound):
        found_in().lda_transformation.apply(Table(pl.LazyFrame({"Title": ["a"]})))


def test_no_rows_keep_their_columns_in_replay() -> None:
    again = found_in().lda_transformation.apply(Table(TABLE.frame.clear()))
    assert shares(again).shape == (0, 2)


def test_hashes_take_the_place_of_names() -> None:
    found = found_in(build_dictionary_of_ngrams=False, number_of_hash_bits=5)
    assert found.feature_topic_matrix.frame.collect()["Feature"].to_list() == [f"Hash {index}" for index in range(32)]
    assert shares(found.transformed_dataset)[0].argmax() != shares(found.transformed_dataset)[1].argmax()


def test_the_dictionary_keeps_the_most_frequent() -> None:
    frequent = Table(pl.LazyFrame({"Text": [f"{SPORT} goal", f"{MONEY} rate"] * 3}))
    matrix = found_in(frequent, maximum_size_of_ngram_dictionary=2).feature_topic_matrix
    assert set(matrix.frame.collect()["Feature"]) == {"rate", "goal"}


def test_topics_of_topics_have_names_of_their_own() -> None:
    once = found_in().transformed_dataset
    assert found_in(once).transformed_dataset.names[-2:] == ["Topic (2) 1", "Topic (2) 2"]


@pytest.mark.parametrize(
    ("options", "kind", "code", "place"),
    [
        ({"table": Table(TABLE.frame.clear())}, EmptyInput, "0003", "dataset"),
        ({"table": Table(TABLE.frame.tail(1))}, TooFewRows, "0021", "dataset"),
        ({"target_columns": ["id"]}, WrongColumnType, "0017", "target_columns"),
        ({"build_dictionary_of_ngrams": False, "number_of_hash_bits": 31}, OutOfRange, "0008", "number_of_hash_bits"),
    ],
)
def test_what_cannot_be_done_has_its_code(
    options: dict[str, Any], kind: type[ModuleError], code: str, place: str
) -> None:
    with pytest.raises(kind) as caught:
        found_in(**options)
    assert caught.value.code == code
    assert place in (caught.value.parameter, caught.value.port)

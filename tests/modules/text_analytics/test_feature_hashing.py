"""Feature Hashing: fixed columns, whatever the texts."""

import polars as pl
import pytest
from sklearn.feature_extraction.text import HashingVectorizer

from modules.kit import DuplicateColumn, TooManyColumns, WrongColumnType
from modules.text_analytics.feature_hashing import feature_hashing

TABLE = pl.LazyFrame({"id": [1, 2, 3], "Text": ["Cats sat on mats", None, "mats ||| mats"]})


def test_each_text_column_gets_its_columns_and_stays() -> None:
    table = TABLE.with_columns(pl.col("Text").alias("Title"))
    found = feature_hashing(table, target_columns=["Text", "Title"], hashing_bitsize=2)
    names = [f"{text} - Hashing feature {index}" for text in ("Text", "Title") for index in range(1, 5)]
    assert found.collect_schema().names() == ["id", "Text", "Title", *names]
    assert found.collect().schema == found.collect_schema()


def test_counts_are_those_of_scikit_learn() -> None:
    texts = ["cats sat on mats", "", "mats mats"]
    found = feature_hashing(pl.LazyFrame({"Text": texts}), target_columns=["Text"], hashing_bitsize=6, n_grams=1)
    hasher = HashingVectorizer(n_features=64, norm=None, alternate_sign=False)
    assert found.drop("Text").collect().rows() == [tuple(row) for row in hasher.transform(texts).toarray()]


def test_a_missing_text_has_zeros_and_n_grams_keep_to_their_sentence() -> None:
    found = feature_hashing(TABLE, target_columns=["Text"], hashing_bitsize=8, n_grams=2).collect()
    assert found.select(pl.sum_horizontal(pl.col("^Text - .*$"))).to_series().to_list() == [7, 0, 2]


@pytest.mark.parametrize("n_grams", [0, 1])
def test_zero_and_one_take_single_words(n_grams: int) -> None:
    found = feature_hashing(TABLE, target_columns=["Text"], hashing_bitsize=8, n_grams=n_grams).collect()
    assert found.select(pl.sum_horizontal(pl.col("^Text - .*$"))).to_series().to_list() == [4, 0, 2]


def test_a_row_has_the_same_features_in_any_company() -> None:
    whole = feature_hashing(TABLE, target_columns=["Text"], hashing_bitsize=4).collect()
    alone = feature_hashing(TABLE.tail(1), target_columns=["Text"], hashing_bitsize=4).collect()
    assert whole.tail(1).equals(alone)


def test_no_rows_have_all_columns() -> None:
    assert feature_hashing(TABLE.clear(), target_columns=["Text"], hashing_bitsize=3).collect().shape == (0, 10)


def test_too_many_columns_are_0129() -> None:
    with pytest.raises(TooManyColumns) as caught:
        feature_hashing(TABLE, target_columns=["Text"], hashing_bitsize=31)
    assert (caught.value.code, caught.value.parameter) == ("0129", "hashing_bitsize")


def test_numbers_are_no_text() -> None:
    with pytest.raises(WrongColumnType) as caught:
        feature_hashing(TABLE, target_columns=["id"])
    assert (caught.value.code, caught.value.column, caught.value.parameter) == ("0017", "id", "target_columns")


def test_columns_that_are_there_already_are_told() -> None:
    once = feature_hashing(TABLE, target_columns=["Text"], hashing_bitsize=1)
    with pytest.raises(DuplicateColumn):
        feature_hashing(once, target_columns=["Text"], hashing_bitsize=1)

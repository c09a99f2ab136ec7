"""What people see of a stored table."""

import json

import polars as pl
from hypothesis import given
from polars.testing.parametric import dataframes

from designer.store.preview import page, statistics
from modules.kit import Table

NUMBERS = Table(pl.LazyFrame({"price": [1.0, 2.0, None, float("nan"), 5.0], "make": ["a", "b", "a", None, "c"]}))


def test_a_page_has_the_rows_asked_for_and_the_count_of_all() -> None:
    found = page(NUMBERS, 1, 2)
    assert found["rows"] == [[2.0, "b"], [None, "a"]]
    assert found["total_rows"] == 5


def test_a_page_has_the_columns_asked_for() -> None:
    found = page(NUMBERS, 0, 1, ["make"])
    assert [column["name"] for column in found["columns"]] == ["make"]
    assert found["rows"] == [["a"]]


def test_a_page_behind_the_end_is_empty() -> None:
    assert page(NUMBERS, 100, 10)["rows"] == []


@given(dataframes(max_cols=4, max_size=6))
def test_whatever_a_table_holds_is_shown_as_strict_json(frame: pl.DataFrame) -> None:
    table = Table(frame.lazy())
    json.dumps([page(table, 0, 10), statistics(table)], allow_nan=False)


def test_missing_values_count_nan_and_null() -> None:
    price, make = statistics(NUMBERS)
    assert (price["missing"], price["unique"], price["mean"], price["median"]) == (2, 3, 8 / 3, 2.0)
    assert (make["missing"], make["unique"], make["minimum"]) == (1, 3, "a")


def test_a_histogram_counts_every_present_value() -> None:
    price, make = statistics(NUMBERS)
    assert sum(price["histogram"]["counts"]) == 3
    assert make["histogram"]["labels"][0] == "a"
    assert make["histogram"]["counts"] == [2, 1, 1]


def test_a_column_of_missing_values_has_no_figures() -> None:
    (found,) = statistics(Table(pl.LazyFrame({"a": pl.Series([None, None], dtype=pl.Float64)})))
    assert (found["missing"], found["mean"], found["histogram"]) == (2, None, None)

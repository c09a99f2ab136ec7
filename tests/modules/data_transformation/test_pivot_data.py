"""Pivot Data: rows, columns and cells."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from modules.data_transformation.pivot_data import pivot_data
from modules.kit import Table
from tests.modules.refusals import refusal

FRAME = pl.LazyFrame(
    {
        "k": ["b", "a", "b", None, "b"],
        "m": ["y", "x", "x", "y", None],
        "v": [1, 2, 3, 4, 5],
        "w": [1.0, 2.0, None, 4.0, float("nan")],
    }
)


def pivoted(
    rows: list[str], column: str, values: list[str], frame: Any = FRAME, **options: Any
) -> dict[str, list[Any]]:
    found = pivot_data(Table(frame), row_columns=rows, pivot_column=column, value_columns=values, **options).frame
    return found.collect().to_dict(as_series=False)


def test_values_become_columns_in_order_and_rows_come_as_they_are_met() -> None:
    assert pivoted(["k"], "m", ["v"]) == {
        "k": ["b", "a", None],
        "x": [3, 2, None],
        "y": [1, None, 4],
        "Missing": [5, None, None],
    }


def test_several_columns_of_values_give_their_names() -> None:
    assert pivoted(["k"], "m", ["v", "w"]) == {
        "k": ["b", "a", None],
        "v_x": [3, 2, None],
        "v_y": [1, None, 4],
        "v_Missing": [5, None, None],
        "w_x": [None, 2.0, None],
        "w_y": [1.0, None, 4.0],
        "w_Missing": [None, None, None],
    }


def test_without_columns_that_make_rows_there_is_one() -> None:
    assert pivoted([], "m", ["v"], figure="sum") == {"x": [5], "y": [5], "Missing": [5]}


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ("first", 1),
        ("last", 3),
        ("sum", 6),
        ("mean", 2.0),
        ("median", 2.0),
        ("minimum", 1),
        ("maximum", 3),
        ("present", 3),
    ],
)
def test_a_cell_shows_a_figure_of_several_values(figure: str, expected: float) -> None:
    frame = pl.LazyFrame({"m": ["x"] * 4, "v": [1, 2, 3, None]})
    assert pivoted([], "m", ["v"], frame, figure=figure) == {"x": [expected]}


def test_cells_that_nothing_is_counted_in_are_zero() -> None:
    assert pivoted(["k"], "m", ["w"], figure="present") == {
        "k": ["b", "a", None],
        "x": [0, 1, 0],
        "y": [1, 0, 1],
        "Missing": [0, 0, 0],
    }


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ([10, 9], ["9", "10"]),
        ([True, False], ["false", "true"]),
        ([date(2020, 1, 2), None], ["2020-01-02", "Missing"]),
        ([1.5, float("nan")], ["1.5", "Missing"]),
        (pl.Series(["z", "a"], dtype=pl.Categorical), ["a", "z"]),
        (pl.Series(["z", "a"], dtype=pl.Enum(["z", "a"])), ["z", "a"]),
    ],
)
def test_columns_are_named_after_values_in_their_order(values: Any, names: list[str]) -> None:
    assert list(pivoted([], "m", ["v"], pl.LazyFrame({"m": values, "v": [1, 2]}))) == names


def test_no_name_stands_twice() -> None:
    frame = pl.LazyFrame({"x": [1, 1], "m": ["x", None], "v": [1, 2]})
    assert list(pivoted(["x"], "m", ["v"], frame)) == ["x", "x2", "Missing"]


def test_no_rows_make_no_columns() -> None:
    assert pivoted(["k"], "m", ["v"], FRAME.clear()) == {"k": []}


def test_roles_of_what_makes_rows_are_kept() -> None:
    table = Table(FRAME, {"k": "none", "v": "label"}, frozenset({"k", "m"}))
    found = pivot_data(table, row_columns=["k"], pivot_column="m", value_columns=["v"])
    assert (found.roles, found.categorical) == ({"k": "none"}, {"k"})


@pytest.mark.parametrize(
    ("rows", "column", "values", "options", "expected"),
    [
        (["m"], "m", ["v"], {}, ("0026", None, "row_columns", "m")),
        (["k"], "v", ["m"], {"figure": "sum"}, ("0017", "dataset", "value_columns", "m")),
        (["list"], "m", ["v"], {}, ("0017", "dataset", "row_columns", "list")),
        (["k"], "list", ["v"], {}, ("0017", "dataset", "pivot_column", "list")),
        (["k"], "many", ["v"], {}, ("0129", "dataset", "pivot_column", "many")),
    ],
)
def test_what_makes_no_table_is_refused(
    rows: list[str], column: str, values: list[str], options: Any, expected: object
) -> None:
    frame = pl.LazyFrame({"many": range(10_001)}).with_columns(k=1, m=pl.lit("x"), v=2, list=pl.lit([1]))
    assert refusal(pivoted, rows, column, values, frame, **options) == expected

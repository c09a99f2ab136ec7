"""Aggregate Rows: groups and figures."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from modules.data_transformation.aggregate_rows import aggregate_rows
from modules.kit import Table
from tests.modules.refusals import refusal

FRAME = pl.LazyFrame(
    {
        "k": ["b", "a", None, "b", "a"],
        "x": [1.0, 2.0, 3.0, float("nan"), 4.0],
        "n": [1, 2, None, 3, 4],
        "flag": [True, False, None, True, True],
        "day": [date(2020, 1, day) for day in (3, 1, 2, 5, 4)],
        "text": ["p", "q", "r", None, "q"],
        "list": [[1]] * 5,
    }
)
NONE = {"count_rows": False, "mean": False}


def aggregated(columns: list[str], by: list[str] | None = None, **options: Any) -> dict[str, list[Any]]:
    found = aggregate_rows(Table(FRAME), group_columns=by or [], columns=columns, **{**NONE, **options}).frame
    return found.collect().to_dict(as_series=False)


def test_groups_come_in_the_order_in_which_they_are_met() -> None:
    assert aggregated(["x"], ["k"], count_rows=True, mean=True) == {
        "k": ["b", "a", None],
        "Rows": [2, 2, 1],
        "x_mean": [1.0, 3.0, 3.0],
    }


@pytest.mark.parametrize(
    ("figure", "column", "expected"),
    [
        ("sum", "n", 10),
        ("sum", "x", 10.0),
        ("sum", "flag", 3),
        ("mean", "n", 2.5),
        ("mean", "flag", 0.75),
        ("median", "n", 2.5),
        ("minimum", "day", date(2020, 1, 1)),
        ("maximum", "text", "r"),
        ("standard_deviation", "n", pytest.approx(1.2909944487358056)),
        ("variance", "n", pytest.approx(5 / 3)),
        ("first", "text", "p"),
        ("last", "text", "q"),
        ("last", "x", 4.0),
    ],
)
def test_figures_of_all_rows(figure: str, column: str, expected: object) -> None:
    assert aggregated([column], **{figure: True}) == {f"{column}_{figure}": [expected]}


@pytest.mark.parametrize(("figure", "expected"), [("present", 4), ("missing", 1), ("distinct", 4)])
def test_values_are_counted(figure: str, expected: int) -> None:
    assert aggregated(["x"], **{f"{figure}_values": True}) == {f"x_{figure}": [expected]}


def test_several_keys_make_groups_of_their_combinations() -> None:
    found = aggregated([], ["k", "flag"], count_rows=True)
    assert list(zip(found["k"], found["flag"], found["Rows"], strict=True)) == [
        ("b", True, 2),
        ("a", False, 1),
        (None, None, 1),
        ("a", True, 1),
    ]


def test_a_figure_of_no_values_is_missing() -> None:
    frame = pl.LazyFrame({"x": pl.Series([None, float("nan")], dtype=pl.Float64)})
    options: Any = {**NONE, "sum": True, "mean": True, "maximum": True, "first": True, "variance": True}
    found = aggregate_rows(Table(frame), group_columns=[], columns=["x"], **options).frame.collect()
    assert found.row(0) == (0.0, None, None, None, None)


def test_no_name_stands_twice() -> None:
    table = Table(pl.LazyFrame({"Rows": [1, 1], "Rows_mean": [2, 2]}))
    found = aggregate_rows(table, group_columns=["Rows", "Rows_mean"], columns=["Rows"]).frame.collect()
    assert found.columns == ["Rows", "Rows_mean", "Rows2", "Rows_mean2"]


def test_keys_keep_their_roles() -> None:
    table = Table(FRAME, {"k": "label", "x": "none"}, frozenset({"k", "n"}))
    found = aggregate_rows(table, group_columns=["k"], columns=["x"])
    assert (found.roles, found.categorical) == ({"k": "label"}, {"k"})


@pytest.mark.parametrize(
    ("columns", "by", "options", "expected"),
    [
        (["text"], [], {"mean": True}, ("0017", "dataset", "columns", "text")),
        (["day"], [], {"sum": True}, ("0017", "dataset", "columns", "day")),
        (["list"], [], {"first": True}, ("0017", "dataset", "columns", "list")),
        (["x"], ["list"], {"mean": True}, ("0017", "dataset", "group_columns", "list")),
        ([], ["k"], {"mean": True}, ("0011", "dataset", "columns", None)),
        (["x"], ["k"], {}, ("0011", "dataset", "columns", None)),
    ],
)
def test_what_has_no_figure_is_refused(columns: list[str], by: list[str], options: Any, expected: object) -> None:
    assert refusal(aggregated, columns, by, **options) == expected

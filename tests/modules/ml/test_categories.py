"""Categories: the levels of a column, and values that are looked up by them."""

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from modules.ml.categories import levels_in, looked_up


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([10, 9, None], [9, 10, None]),
        ([1.5, float("nan"), 0.5], [0.5, 1.5, None]),
        (["b", "a", "b"], ["a", "b"]),
        ([True, False], [False, True]),
        ([date(2020, 1, 2)], ["2020-01-02"]),
        (pl.Series(["z", "a"], dtype=pl.Categorical), ["a", "z"]),
        (pl.Series(["z", "a", None], dtype=pl.Enum(["z", "q", "a"])), ["z", "a", None]),
        ([None], [None]),
        ([], []),
    ],
)
def test_levels_come_in_order(values: Any, expected: list[Any]) -> None:
    frame = pl.LazyFrame({"x": values})
    assert levels_in(frame, "x", frame.collect_schema()["x"]) == expected


@pytest.mark.parametrize(
    ("values", "levels", "expected"),
    [
        (["a", "b", "c", None], ["b", "a"], [11, 10, -1, -1]),
        (["a", None], ["a", None], [10, 11]),
        ([1.0, 2.5], [1, 2], [10, -1]),
        (pl.Series([2, 3], dtype=pl.Int8), [2.0], [10, -1]),
        ([2**62, 2**62 + 1], [2**62 + 1], [-1, 10]),
        ([1.5], [Decimal("1.5")], [10]),
        ([True, False], [False, True], [11, 10]),
        ([None, None], ["a"], [-1, -1]),
        (["a"], [], [-1]),
        (pl.Series(["z"], dtype=pl.Categorical), ["z"], [10]),
    ],
)
def test_values_are_looked_up_by_level(values: Any, levels: list[Any], expected: list[int]) -> None:
    frame = pl.LazyFrame({"x": values})
    numbers = range(10, 10 + len(levels))
    found = looked_up("x", frame.collect_schema()["x"], levels, numbers, pl.Int64(), default=-1)
    assert frame.select(found).collect()["x"].to_list() == expected

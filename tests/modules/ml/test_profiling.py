"""Profiles: figures of public libraries, alerts for what deserves a look, and how columns go together."""

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from modules.ml.profile_page import page_of
from modules.ml.profiling import ColumnProfile, Relation, profile_of, relations_of

RANDOM = np.random.default_rng(0)
VALUES = RANDOM.normal(size=200)
CODES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.floats(-9, 9)), min_size=2, max_size=40)


def profile(values: Any) -> ColumnProfile:
    return profile_of(pl.Series("x", values, strict=False), frequent=3)


def test_figures_of_numbers() -> None:
    found = profile([*VALUES, None, float("nan"), float("inf"), 0.0])
    numbers = np.append(VALUES, 0.0)
    assert (found.rows, found.missing, found.zeros, found.infinite) == (204, 2, 1, 1)
    assert found.negative == (VALUES < 0).sum()
    assert found.mean == pytest.approx(numbers.mean())
    assert found.deviation == pytest.approx(numbers.std(ddof=1))
    assert found.quartiles == pytest.approx(np.quantile(numbers, [0.25, 0.5, 0.75]))
    assert found.skewness == pytest.approx(stats.skew(numbers, bias=False))
    assert sum(count for _, count in found.bars) == len(numbers)


def test_frequent_values_are_counted_the_first_in_order_first() -> None:
    found = profile(["b", "a", "b", "a", "c", "d", None])
    assert (found.frequent, found.distinct) == ([("a", 2), ("b", 2), ("c", 1)], 4)


@pytest.mark.parametrize(
    ("values", "kind", "least", "greatest"),
    [
        ([2, 10], "Number", "2", "10"),
        (["b", "B"], "Text", "B", "b"),
        ([True, False], "True or false", "false", "true"),
        ([date(2020, 1, 2), date(2019, 1, 1)], "Date", "2019-01-01", "2020-01-02"),
        (pl.Series(["z", "a"], dtype=pl.Enum(["z", "a"])), "Text", "a", "z"),
        ([None], "Empty", None, None),
        ([[1], [2]], "List(Int64)", None, None),
    ],
)
def test_kinds_and_ends(values: Any, kind: str, least: str | None, greatest: str | None) -> None:
    found = profile(values)
    assert (found.kind, found.least, found.greatest) == (kind, least, greatest)


@pytest.mark.parametrize(
    ("values", "alert"),
    [
        ([None, None], "holds missing values only"),
        ([1, None, 2, 3], "25% of the values are missing"),
        ([5, 5, 5], "holds one value only"),
        ([1] * 98 + [2, 3], "one value stands in 98% of the rows"),
        (range(30), "every value is different, as in a column of ids"),
        ([f"text {row % 70}" for row in range(100)], "has 70 different texts"),
        (np.exp(3 * VALUES), "is skewed"),
        ([1.0, 2.0, float("inf")], "holds 1 infinite values"),
        ([*range(20), 1000], "has 1 values far from the others"),
        (["a ", "b"], "has spaces around some values"),
        (["Kim", "KIM", "Lee"], "has values that differ in capitals only"),
        (["1", "2.5", "-3e4"], "holds numbers as text"),
        (["2020-01-31", "2021-02-01"], "holds dates as text"),
    ],
)
def test_what_deserves_a_look_is_told(values: Any, alert: str) -> None:
    assert alert in profile(values).alerts


@pytest.mark.parametrize("values", [VALUES, ["a", "b", "a"], [True, False], [1, 2, 3, 2, 1], []])
def test_ordinary_columns_raise_no_alert(values: Any) -> None:
    assert profile(values).alerts == []


def relation(frame: dict[str, Any], categorical: frozenset[str] = frozenset()) -> tuple[str, float] | None:
    found = relations_of(pl.DataFrame(frame), categorical, least=0)
    return (found[0].measure, found[0].strength) if found else None


def test_numbers_are_compared_by_correlation() -> None:
    other = -VALUES + RANDOM.normal(size=200)
    found = relation({"a": [*VALUES, None, 1.0], "b": [*other, 2.0, float("inf")]})
    assert found == ("correlation", pytest.approx(np.corrcoef(VALUES, other)[0, 1]))


@given(CODES)
def test_categories_are_compared_by_cramers_v(rows: list[tuple[int, int, float]]) -> None:
    first, second = [f"a{row[0]}" for row in rows], [f"b{row[1]}" for row in rows]
    counts = stats.contingency.crosstab(first, second).count
    expected = stats.contingency.association(counts, method="cramer") if min(counts.shape) > 1 else None
    found = relation({"a": first, "b": second})
    assert (found is None) == (expected is None)
    if found is not None:
        assert found == ("Cramér's V", pytest.approx(expected, abs=1e-9))


@given(CODES)
def test_a_number_and_a_category_are_compared_by_the_correlation_ratio(rows: list[tuple[int, int, float]]) -> None:
    frame = pl.DataFrame({"g": [f"g{row[0]}" for row in rows], "x": [row[2] for row in rows]})
    found = relations_of(frame, frozenset(), least=0)
    total = float(((frame["x"] - frame["x"].mean()) ** 2).sum())
    if found and total > 1e-6:
        means = frame.select(pl.col("x").mean().over("g")).to_series()
        expected = (float(((means - frame["x"].mean()) ** 2).sum()) / total) ** 0.5
        assert (found[0].measure, found[0].strength) == ("correlation ratio", pytest.approx(expected, abs=1e-6))


def test_numbers_that_are_categories_are_compared_as_such() -> None:
    found = relation({"a": [1, 2, 3] * 5, "b": [1, 3, 2] * 5}, frozenset({"a", "b"}))
    assert found == ("Cramér's V", pytest.approx(1))


def test_the_strongest_come_first_and_weak_ones_are_left_out() -> None:
    frame = pl.DataFrame(
        {"a": VALUES, "b": VALUES, "c": VALUES + RANDOM.normal(size=200), "d": RANDOM.normal(size=200)}
    )
    found = relations_of(frame, frozenset(), least=0.5)
    assert [(item.first, item.second) for item in found] == [("a", "b"), ("a", "c"), ("b", "c")]


def test_columns_with_one_value_or_very_many_categories_are_not_compared() -> None:
    frame = pl.DataFrame({"one": ["x"] * 200, "ids": [f"id {row}" for row in range(200)], "n": VALUES})
    assert relations_of(frame, frozenset(), least=0) == []


def test_nothing_in_a_table_becomes_a_part_of_the_page() -> None:
    name = '<img src=x onerror="alert(1)">'
    column = profile_of(pl.Series(name, ["<script>", "</svg>"]), frequent=3)
    page = page_of(name, [("Rows", "2")], [column], [Relation(name, "b", "correlation", 0.5)])
    assert "<img" not in page
    assert "<script" not in page
    assert page.count("</svg>") == 1

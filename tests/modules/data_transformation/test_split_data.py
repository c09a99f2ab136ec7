"""Split Data: every row on exactly one side."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from modules.data_transformation.split_data import Parts, split_data
from modules.kit import ColumnNotFound, IndexOutOfRange, NotConvertible, TooFewRows, WrongColumnType

FRAME = pl.LazyFrame(
    {
        "row": [0, 1, 2, 3, 4],
        "n": [1, 2, 3, None, 5],
        "f": [1.0, float("nan"), 3.0, 4.0, None],
        "s": ["Gryphon", "abc", "b&c", None, "zed"],
        "d": [date(2010, 1, 1), date(2011, 1, 1), None, date(2009, 1, 1), date(2010, 1, 2)],
        "t": [datetime.fromisoformat(text) for text in ("2010-01-01 00:00:30", "2010-01-01 10:00")] + [None] * 3,
        "span": [timedelta(seconds=10), timedelta(hours=1), None, None, None],
        "big": [2**60, 2**60 + 1, 3, 4, 5],
        'odd "x" y': [1, 2, 3, 4, 5],
        "b": [True, False, None, True, False],
    }
)


def left_rows(parts: Parts) -> list[int]:
    """The rows on the left, where the other side has all others in order."""
    left, right = (part.collect()["row"].to_list() for part in parts)
    assert sorted(left + right) == [0, 1, 2, 3, 4]
    assert right == sorted(right)
    return left


def test_a_share_of_the_rows_goes_left() -> None:
    assert len(left_rows(split_data(FRAME, fraction_of_rows=0.7))) == 3


def test_without_a_draw_the_first_rows_go_left() -> None:
    assert left_rows(split_data(FRAME, fraction_of_rows=0.5, randomized_split=False)) == [0, 1]


def test_the_same_seed_gives_the_same_split() -> None:
    assert left_rows(split_data(FRAME, seed=7)) == left_rows(split_data(FRAME, seed=7))


def test_a_key_column_keeps_its_mix() -> None:
    frame = pl.LazyFrame({"k": ["a"] * 80 + ["b"] * 20})
    left = split_data(frame, fraction_of_rows=0.5, stratification_key_column="k").results_dataset1.collect()
    assert left["k"].value_counts(sort=True).rows() == [("a", 40), ("b", 10)]


@pytest.mark.parametrize(
    ("expression", "rows"),
    [
        (r'\"n" > 2', [2, 4]),
        (r"(\1)<=3 & !=2", [0, 2]),
        (r"(\1)<2 | >4", [0, 4]),
        (r'\"n" > 1 & < 3 | == 5', [1, 4]),
        (r'\"f" > 2', [2, 3]),
        (r'\"f" != 3', [0, 3]),
        (r'\"s" == "b&c"', [2]),
        (r'\"s" != abc', [0, 2, 4]),
        (r'\"d" > 1/1/2010', [1, 4]),
        (r'\"d" >= 2010-01-01', [0, 1, 4]),
        (r'\"t" > 00:01:00', [1]),
        (r'\"t" < 2010-01-01 05:00', [0]),
        (r'\"span" > 00:01:00', [1]),
        (r'\"big" == 1152921504606846977', [1]),
        (r'\"odd "x" y" > 3', [3, 4]),
        (r'\"b" == True', [0, 3]),
    ],
)
def test_rows_that_compare_go_left_and_missing_values_go_right(expression: str, rows: list[int]) -> None:
    assert left_rows(split_data(FRAME, splitting_mode="relative_expression", relational_expression=expression)) == rows


@pytest.mark.parametrize(
    ("expression", "rows"),
    [
        (r'\"s" Gryphon', [0]),
        (r'\"s" gryphon', []),
        (r"(\3) ^[a-f]", [1, 2]),
        (r'\"s" (?!abc)^\w+$', [0, 4]),
    ],
)
def test_rows_that_match_go_left(expression: str, rows: list[int]) -> None:
    assert left_rows(split_data(FRAME, splitting_mode="regular_expression", regular_expression=expression)) == rows


@pytest.mark.parametrize(
    ("expression", "error"),
    [
        (r'\"m" > 3', ColumnNotFound),
        (r"(\10) > 3", IndexOutOfRange),
        (r'\"s" > abc', WrongColumnType),
        ("n > 3", NotConvertible),
        (r'\"n" >', NotConvertible),
        (r'\"n" > many', NotConvertible),
        (r'\"n" > 3 &', NotConvertible),
        (r'\"d" > soon', NotConvertible),
        (r'\"d" > 10:00', NotConvertible),
        ("", NotConvertible),
    ],
)
def test_a_comparison_that_cannot_be_read_is_told(expression: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        split_data(FRAME, splitting_mode="relative_expression", relational_expression=expression)


@pytest.mark.parametrize(("expression", "error"), [(r'\"s" [', NotConvertible), (r'\"n" 3', WrongColumnType)])
def test_a_pattern_that_cannot_be_used_is_told(expression: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        split_data(FRAME, splitting_mode="regular_expression", regular_expression=expression)


@pytest.mark.parametrize("rows", [0, 1])
def test_fewer_than_two_rows_cannot_be_split(rows: int) -> None:
    with pytest.raises(TooFewRows, match="at least 2"):
        split_data(FRAME.head(rows))

"""Clean Missing Data: what is replaced, what is removed, and what is replayed."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from modules.data_transformation.clean_missing_data import clean_missing_data
from modules.kit import DuplicateColumn, NotConvertible, OutOfRange, Table, TypesDiffer, WrongColumnType

TABLE = Table(
    pl.LazyFrame(
        {
            "i": [1, None, 4, 4],
            "f": [1.0, float("nan"), None, 4.0],
            "s": ["a", None, "b", "b"],
            "b": [True, None, False, True],
            "c": pl.Series(["x", None, "y", "y"], dtype=pl.Categorical),
            "d": [date(2020, 1, 1), None, date(2020, 1, 2), date(2020, 1, 2)],
            "none": [None] * 4,
            "full": [1, 2, 3, 4],
            "self": [1, None, 2, 2],
        }
    ),
    {"i": "label"},
    frozenset({"c"}),
)


def cleaned(columns: list[str], **options: Any) -> dict[str, list[object]]:
    found = clean_missing_data(TABLE, columns=columns, **options).cleaned_dataset
    return found.frame.collect().to_dict(as_series=False)


@pytest.mark.parametrize(
    ("column", "value", "filled"),
    [("i", "0", 0), ("f", "0.5", 0.5), ("s", "0", "0"), ("b", "true", True), ("c", "z", "z"), ("self", "9", 9)],
)
def test_a_given_value_takes_the_type_of_the_column(column: str, value: str, filled: object) -> None:
    assert cleaned([column], replacement_value=value)[column][1] == filled


def test_a_given_date_is_read() -> None:
    assert cleaned(["d"], replacement_value="2021-05-06")["d"][1] == date(2021, 5, 6)


@pytest.mark.parametrize(("column", "value"), [("i", "1.5"), ("i", "x"), ("b", "2"), ("d", "0")])
def test_a_value_of_another_type_is_refused(column: str, value: str) -> None:
    with pytest.raises(NotConvertible, match=f"`{column}`"):
        cleaned([column], replacement_value=value)


@pytest.mark.parametrize(
    ("mode", "column", "filled"),
    [
        ("mean", "i", 3),
        ("median", "i", 4),
        ("mode", "i", 4),
        ("mean", "f", 2.5),
        ("mode", "f", 1.0),
        ("mean", "b", True),
        ("mode", "s", "b"),
        ("mode", "c", "y"),
        ("mode", "d", date(2020, 1, 2)),
    ],
)
def test_statistics_are_of_the_present_values_and_rounded_to_the_type(mode: str, column: str, filled: object) -> None:
    assert cleaned([column], cleaning_mode=f"replace_with_{mode}")[column][1] == filled


@pytest.mark.parametrize("column", ["s", "c", "d"])
def test_only_numbers_have_a_mean(column: str) -> None:
    with pytest.raises(WrongColumnType, match=f"`{column}`"):
        cleaned([column], cleaning_mode="replace_with_mean")


def test_rows_go_by_the_selected_columns_only() -> None:
    assert cleaned(["i", "f"], cleaning_mode="remove_entire_row")["full"] == [1, 4]


def test_columns_with_a_missing_value_go() -> None:
    found = cleaned(["i", "full", "none"], cleaning_mode="remove_entire_column")
    assert list(found) == ["f", "s", "b", "c", "d", "full", "self"]


def test_columns_outside_the_ratios_are_left_alone() -> None:
    found = cleaned(["i", "f"], minimum_missing_value_ratio=0.3, maximum_missing_value_ratio=0.6)
    assert (found["i"][1], found["f"][1:3]) == (None, [0.0, 0.0])


def test_ratios_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(OutOfRange):
        cleaned(["i"], minimum_missing_value_ratio=0.6, maximum_missing_value_ratio=0.3)


@pytest.mark.parametrize(("choice", "kept"), [("remove", False), ("propagate", True)])
def test_columns_without_any_value_go_or_stay(choice: str, kept: bool) -> None:
    found = cleaned(["none"], cleaning_mode="replace_with_mean", cols_with_all_missing_values=choice)
    assert ("none" in found) is kept


def test_indicators_tell_what_was_cleaned() -> None:
    found = cleaned(["i", "f"], generate_missing_value_indicator_column=True, maximum_missing_value_ratio=0.3)
    assert found["i_IsMissing"] == [False, True, False, False]
    assert found["f_IsMissing"] == [False] * 4


def test_an_indicator_replaces_no_column() -> None:
    table = Table(pl.LazyFrame({"a": [1, None], "a_IsMissing": [1, 2]}))
    with pytest.raises(DuplicateColumn):
        clean_missing_data(table, columns=["a"], generate_missing_value_indicator_column=True)


def test_roles_and_flags_are_kept() -> None:
    found = clean_missing_data(TABLE, columns=["i", "c"], replacement_value="1").cleaned_dataset
    assert (found.roles, found.categorical) == ({"i": "label"}, {"c"})


def test_a_replay_uses_the_values_of_the_first_table() -> None:
    learnt = clean_missing_data(TABLE, columns=["i", "full"], cleaning_mode="replace_with_mean").cleaning_transformation
    other = Table(pl.LazyFrame({"full": [None, 8], "z": [1, None]}, schema={"full": pl.Int64, "z": pl.Int64}))
    assert learnt.apply(other).frame.collect().rows() == [(2, 1), (8, None)]


def test_a_replay_removes_rows_that_only_the_other_table_misses() -> None:
    learnt = clean_missing_data(TABLE, columns=["full"], cleaning_mode="remove_entire_row").cleaning_transformation
    other = Table(pl.LazyFrame({"full": [1, None]}))
    assert learnt.apply(other).frame.collect().rows() == [(1,)]


def test_a_replay_adds_no_indicators() -> None:
    result = clean_missing_data(TABLE, columns=["i"], generate_missing_value_indicator_column=True)
    assert result.cleaning_transformation.apply(TABLE).names == TABLE.names


def test_a_replay_on_other_types_is_refused() -> None:
    learnt = clean_missing_data(TABLE, columns=["i"]).cleaning_transformation
    with pytest.raises(TypesDiffer, match="`i`"):
        learnt.apply(Table(pl.LazyFrame({"i": ["a"]})))

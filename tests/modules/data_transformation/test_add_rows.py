"""Add Rows: one table under another."""

import polars as pl
import pytest

from modules.data_transformation.add_rows import add_rows
from modules.kit import DifferentColumnCounts, NamesDiffer, Table, TypesDiffer

TABLE = Table(pl.LazyFrame({"a": [1, 2], "b": ["x", None]}), {"a": "label"}, frozenset({"b"}))


def under(**columns: list[object]) -> Table:
    return add_rows(TABLE, Table(pl.LazyFrame(columns, strict=False)))


def test_rows_are_appended_and_none_is_dropped() -> None:
    assert add_rows(TABLE, TABLE).frame.collect().rows() == [(1, "x"), (2, None)] * 2


def test_whole_numbers_go_with_others() -> None:
    assert under(a=[1.5], b=["y"]).frame.collect()["a"].to_list() == [1.0, 2.0, 1.5]


def test_a_column_without_values_goes_with_any() -> None:
    assert under(a=[None], b=[None]).frame.collect().height == 3


def test_two_sets_of_categories_become_text() -> None:
    one, other = (Table(pl.LazyFrame({"c": pl.Series([text], dtype=pl.Categorical)})) for text in "xy")
    assert add_rows(one, other).frame.collect()["c"].to_list() == ["x", "y"]


def test_roles_are_those_of_the_first_table() -> None:
    found = under(a=[1], b=["y"])
    assert (found.roles, found.categorical) == ({"a": "label"}, {"b"})


@pytest.mark.parametrize(
    ("columns", "error"),
    [
        ({"a": [1]}, DifferentColumnCounts),
        ({"b": ["x"], "a": [1]}, NamesDiffer),
        ({"a": ["x"], "b": ["x"]}, TypesDiffer),
        ({"a": [True], "b": ["x"]}, TypesDiffer),
    ],
)
def test_other_columns_are_refused(columns: dict[str, list[object]], error: type[Exception]) -> None:
    with pytest.raises(error):
        under(**columns)

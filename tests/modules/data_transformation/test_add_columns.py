"""Add Columns: two tables side by side."""

import polars as pl

from modules.data_transformation.add_columns import add_columns
from modules.kit import Table


def side_by_side(left: dict[str, list[object]], right: dict[str, list[object]]) -> dict[str, list[object]]:
    found = add_columns(Table(pl.LazyFrame(left)), Table(pl.LazyFrame(right)))
    return found.frame.collect().to_dict(as_series=False)


def test_the_shorter_table_ends_in_missing_values() -> None:
    assert side_by_side({"a": [1, 2]}, {"b": [3]}) == {"a": [1, 2], "b": [3, None]}
    assert side_by_side({"a": [1]}, {"b": [3, 4]}) == {"a": [1, None], "b": [3, 4]}


def test_names_that_both_have_are_marked_on_both_sides() -> None:
    assert list(side_by_side({"a": [1], "b": [1]}, {"b": [1], "c": [1]})) == ["a", "b_1", "b_2", "c"]


def test_a_marked_name_takes_no_other_ones_place() -> None:
    assert len(set(side_by_side({"b": [1], "b_2": [1]}, {"b": [1], "b_1": [1]}))) == 4


def test_a_table_without_columns_adds_nothing() -> None:
    assert side_by_side({}, {"a": [1]}) == {"a": [1]}


def test_roles_go_with_their_columns() -> None:
    found = add_columns(
        Table(pl.LazyFrame({"y": [1]}), {"y": "label"}),
        Table(pl.LazyFrame({"y": [1]}), {"y": "none"}, frozenset({"y"})),
    )
    assert (found.roles, found.categorical) == ({"y_1": "label", "y_2": "none"}, {"y_2"})

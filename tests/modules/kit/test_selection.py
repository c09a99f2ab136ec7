"""Column selections: which names a list of rules means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.kit import ColumnSchema, TableSchema
from modules.kit.errors import (
    ColumnNotFound,
    IndexOutOfRange,
    NoColumnSelected,
    RangeNotParsable,
    UnexpectedColumnCount,
)
from modules.kit.selection import resolve, resolve_one

CARS = TableSchema(
    (
        ColumnSchema("make", "String", categorical=True),
        ColumnSchema("length", "Float64"),
        ColumnSchema("doors", "Int64"),
        ColumnSchema("price", "Float64", role="label"),
    )
)


def names(selection: object) -> list[str]:
    return resolve(selection, CARS, parameter="columns", port="dataset")


def rules(base: str, *items: tuple[str, str, list[object]], ordered: bool = False) -> object:
    return {
        "base": base,
        "ordered": ordered,
        "rules": [{"op": op, "by": by, "values": values} for op, by, values in items],
    }


def test_all_columns_keep_the_order_of_the_table() -> None:
    assert names({"base": "all"}) == ["make", "length", "doors", "price"]


def test_a_list_is_short_for_an_include_rule_and_keeps_table_order() -> None:
    assert names(["price", "make"]) == ["make", "price"]


def test_an_ordered_selection_keeps_the_typed_order_and_repeats() -> None:
    chosen = rules("none", ("include", "names", ["price", "make", "price"]), ordered=True)
    assert names(chosen) == ["price", "make", "price"]


@pytest.mark.parametrize(
    ("by", "values", "expected"),
    [
        ("types", ["numeric"], ["length", "doors", "price"]),
        ("types", ["string"], ["make"]),
        ("types", ["categorical"], ["make"]),
        ("types", ["integer"], ["doors"]),
        ("roles", ["label"], ["price"]),
        ("roles", ["features"], ["make", "length", "doors"]),
        ("indices", ["2-3", 1], ["make", "length", "doors"]),
    ],
)
def test_rules_select(by: str, values: list[object], expected: list[str]) -> None:
    assert names(rules("none", ("include", by, values))) == expected


def test_an_exclude_rule_takes_away() -> None:
    assert names(rules("all", ("exclude", "names", ["price"]))) == ["make", "length", "doors"]


def test_an_unknown_name_offers_the_nearest_one() -> None:
    with pytest.raises(ColumnNotFound, match=r"`prize` is not in `dataset`; did you mean `price`"):
        names(["prize"])


def test_an_index_counts_from_one() -> None:
    with pytest.raises(IndexOutOfRange, match="Column 5 is selected"):
        names(rules("none", ("include", "indices", [5])))


@pytest.mark.parametrize("text", ["1-", "-3", "x", "1;2"])
def test_an_open_range_is_refused(text: str) -> None:
    with pytest.raises(RangeNotParsable):
        names(rules("none", ("include", "indices", [text])))


def test_an_empty_selection_is_refused() -> None:
    with pytest.raises(NoColumnSelected):
        names({"base": "none"})


def test_one_column_is_one_column() -> None:
    assert resolve_one("price", CARS, parameter="label_column", port="dataset") == "price"
    with pytest.raises(UnexpectedColumnCount, match="selects 2 columns, and 1 is expected"):
        resolve_one(["price", "make"], CARS, parameter="label_column", port="dataset")


@given(st.lists(st.sampled_from(CARS.names), min_size=1))
def test_excluding_what_was_included_leaves_the_rest(chosen: list[str]) -> None:
    left = [name for name in CARS.names if name not in chosen]
    selection = rules("all", ("exclude", "names", list(chosen)))
    if left:
        assert names(selection) == left
    else:
        with pytest.raises(NoColumnSelected):
            names(selection)

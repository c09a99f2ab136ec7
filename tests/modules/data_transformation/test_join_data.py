"""Join Data: which rows meet, and what their columns are called."""

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from modules.data_transformation.join_data import JoinType, join_data
from modules.kit import JoinKeysDiffer, SizesDiffer, Table

LEFT = Table(
    pl.LazyFrame({"k": [1, 2, None, 3], "n": ["A", "b", "c", "d"], "v": [1, 2, 3, 4]}), {"v": "label"}, frozenset({"n"})
)
RIGHT = Table(
    pl.LazyFrame(
        {"k": [2.0, float("nan"), 3.0, 3.0, 9.0], "n": ["B", "x", "D", "d", "z"], "v_R": [0] * 5, "v": [7] * 5}
    ),
    {"n": "none"},
)


def joined(join_type: JoinType = "inner_join", keys: str = "k", **options: Any) -> Table:
    chosen = keys.split(",")
    return join_data(LEFT, RIGHT, left_key_columns=chosen, right_key_columns=chosen, join_type=join_type, **options)


@pytest.mark.parametrize(
    ("join_type", "keys"),
    [
        ("inner_join", [2, 3, 3]),
        ("left_outer_join", [1, 2, None, 3, 3]),
        ("full_outer_join", [1, 2, None, 3, 3, None, None]),
        ("left_semi_join", [2, 3]),
    ],
)
def test_rows_meet_by_equal_keys_and_missing_ones_never(join_type: JoinType, keys: list[int | None]) -> None:
    assert joined(join_type).frame.collect()["k"].to_list() == keys


def test_names_that_both_have_get_a_mark_on_the_right() -> None:
    assert joined().names == ["k", "n", "v", "k_R", "n_R", "v_R", "v_R2"]


def test_a_semi_join_has_the_columns_of_the_left_table() -> None:
    assert joined("left_semi_join").names == LEFT.names


def test_the_right_keys_can_be_left_out() -> None:
    assert "k_R" not in joined(keep_right_key_columns_in_joined_table=False).names


def test_a_full_join_without_the_right_keys_has_those_of_either_side() -> None:
    found = joined("full_outer_join", keep_right_key_columns_in_joined_table=False).frame.collect()
    assert found["k"].fill_nan(None).to_list() == [1, 2, None, 3, 3, None, 9]


def test_several_keys_pair_up_in_order() -> None:
    assert joined(keys="k,n").frame.collect().rows() == [(3, "d", 4, 3.0, "d", 0, 7)]


def test_texts_match_in_any_case_on_wish() -> None:
    assert joined(keys="n", match_case=False).frame.collect()["n_R"].to_list() == ["B", "D", "d"]


def test_roles_and_flags_go_with_their_columns() -> None:
    found = joined()
    assert (found.roles, found.categorical) == ({"v": "label", "n_R": "none"}, {"n"})


@pytest.mark.parametrize(("left", "right"), [("k", "n"), ("n", "k")])
def test_keys_of_other_types_are_refused(left: str, right: str) -> None:
    with pytest.raises(JoinKeysDiffer, match="is text"):
        join_data(LEFT, RIGHT, left_key_columns=[left], right_key_columns=[right])


def test_as_many_keys_are_needed_on_both_sides() -> None:
    with pytest.raises(SizesDiffer):
        join_data(LEFT, RIGHT, left_key_columns=["k", "n"], right_key_columns=["k"])


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (pl.Series([date(2020, 1, 1)]), pl.Series([datetime.fromisoformat("2020-01-01")])),
        (pl.Series(["a"], dtype=pl.Categorical), pl.Series(["a"])),
        (pl.Series([1], dtype=pl.Int8), pl.Series([1], dtype=pl.UInt64)),
        (pl.Series([True]), pl.Series([True])),
    ],
)
def test_keys_of_kindred_types_match(left: pl.Series, right: pl.Series) -> None:
    tables = [Table(series.alias("k").to_frame().lazy()) for series in (left, right)]
    assert join_data(*tables, left_key_columns=["k"], right_key_columns=["k"]).frame.collect().height == 1


def test_an_empty_table_joins_to_nothing() -> None:
    empty = Table(RIGHT.frame.clear())
    assert join_data(LEFT, empty, left_key_columns=["k"], right_key_columns=["k"]).frame.collect().is_empty()

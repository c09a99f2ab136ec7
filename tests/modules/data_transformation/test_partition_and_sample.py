"""Partition and Sample: first rows, samples, folds and what is refused."""

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from modules.data_transformation.edit_metadata import edit_metadata
from modules.data_transformation.partition_and_sample import partition_and_sample
from modules.kit import Context, Table
from tests.modules.refusals import refusal

ROWS = 100
TABLE = Table(
    pl.LazyFrame(
        {
            "x": range(ROWS),
            "k": ["a" if row % 4 else "b" for row in range(ROWS)],
            "f": [row % 2 * 1.5 for row in range(ROWS)],
        }
    ),
    {"k": "label"},
    frozenset({"k"}),
)
ASSIGN: dict[str, Any] = {"partition_or_sample_mode": "assign_to_folds"}
CUSTOM = {**ASSIGN, "partitioner_method": "partition_with_customized_proportions"}
KEYS = {
    "stratification_key_column": "k",
    "stratification_key_column_for_sampling": "k",
    "stratification_key_column_for_customized_fold_assignment": "k",
}


def taken(table: Table = TABLE, context: Context | None = None, **options: Any) -> Table:
    return partition_and_sample(table, **{**KEYS, **options}, context=context or Context())


def rows_of(table: Table) -> list[int]:
    return table.frame.collect()["x"].to_list()


def folds(table: Table) -> pl.DataFrame:
    assert table.folds is not None
    return table.folds


def fold_sizes(table: Table) -> list[int]:
    return folds(table).group_by("fold").len().sort("fold")["len"].to_list()


@pytest.mark.parametrize(("count", "expected"), [(0, 0), (3, 3), (1000, ROWS)])
def test_head_takes_the_first_rows_or_all_there_are(count: int, expected: int) -> None:
    found = taken(partition_or_sample_mode="head", number_of_rows_to_select=count)
    assert rows_of(found) == list(range(expected))


def test_a_sample_is_drawn_without_repetition_and_shuffled() -> None:
    found = rows_of(taken(rate_of_sampling=0.3))
    assert len(set(found)) == len(found) == 30
    assert found != sorted(found)


def test_equal_seeds_draw_equal_rows() -> None:
    assert rows_of(taken(rate_of_sampling=0.3)) == rows_of(taken(rate_of_sampling=0.3))
    assert rows_of(taken(rate_of_sampling=0.3)) != rows_of(taken(rate_of_sampling=0.3, seed_for_sampling=1))


def test_a_stratified_sample_keeps_the_mix() -> None:
    found = taken(rate_of_sampling=0.2, stratified_split_for_sampling=True).frame.collect()
    assert found["k"].value_counts().sort("k")["count"].to_list() == [15, 5]


def test_assigning_changes_no_row_and_no_column() -> None:
    context = Context()
    found = taken(**ASSIGN, context=context)
    assert found.frame.collect().equals(TABLE.frame.collect())
    assert (found.roles, found.categorical) == (TABLE.roles, TABLE.categorical)
    assert fold_sizes(found) == [20] * 5
    assert context.logged == ["5 folds of 20, 20, 20, 20, 20 rows"]


def test_rows_that_are_not_drawn_are_dealt_in_turn() -> None:
    found = taken(**ASSIGN, randomized_split=False, number_of_folds=3)
    assert folds(found).sort("row")["fold"].to_list()[:4] == [1, 2, 3, 1]


def test_stratified_folds_keep_the_mix() -> None:
    found = taken(**ASSIGN, stratified_split=True)
    keys = folds(found).with_columns(pl.col("row") % 4 == 0)
    assert keys.group_by("fold").agg(pl.col("row").sum()).to_series(1).to_list() == [5] * 5


@pytest.mark.parametrize(
    ("proportions", "sizes"), [("0.5, 0.3,0.2", [50, 30, 20]), ("0.5;0.3", [50, 30, 20]), ("1", [100])]
)
def test_what_proportions_leave_is_one_more_fold(proportions: str, sizes: list[int]) -> None:
    assert fold_sizes(taken(**CUSTOM, list_of_proportions=proportions)) == sizes


def test_customized_folds_keep_the_mix_on_wish() -> None:
    option = {"stratified_split_for_customized_fold_assignment": True}
    found = taken(**CUSTOM, list_of_proportions="0.2, 0.8", **option)
    first = folds(found).filter(pl.col("fold") == 1)["row"]
    assert (first % 4 == 0).sum() == 5


def test_with_replacement_a_row_may_be_in_several_folds() -> None:
    found = folds(taken(**ASSIGN, use_replacement_in_the_partitioning=True))
    assert found["row"].n_unique() < found.height == ROWS


def test_a_fold_and_its_complement_make_up_the_table() -> None:
    assigned = taken(**ASSIGN)
    pick: dict[str, Any] = {"partition_or_sample_mode": "pick_fold", "fold": 2}
    fold, rest = taken(assigned, **pick), taken(assigned, **pick, pick_complement_of_the_selected_fold=True)
    assert (len(rows_of(fold)), sorted(rows_of(fold) + rows_of(rest))) == (20, list(range(ROWS)))
    assert fold.folds is None


def test_edit_metadata_hands_the_folds_on() -> None:
    changed = edit_metadata(taken(**ASSIGN), columns=["x"], new_column_names="y", data_type="double")
    assert folds(changed).equals(folds(taken(**ASSIGN)))


PICK = {"partition_or_sample_mode": "pick_fold"}
KEY = "stratification_key_column"


@pytest.mark.parametrize(
    ("table", "options", "expected"),
    [
        (TABLE, PICK, ("0018", "dataset", None, None)),
        (taken(**ASSIGN), {**PICK, "fold": 6}, ("0018", "dataset", "fold", None)),
        (TABLE, {**ASSIGN, "number_of_folds": 101}, ("0021", "dataset", None, None)),
        (TABLE, {**CUSTOM, "list_of_proportions": "0.5, 0.6"}, ("0008", None, "list_of_proportions", None)),
        (TABLE, {**CUSTOM, "list_of_proportions": "0.5, -0.6"}, ("0008", None, "list_of_proportions", None)),
        (TABLE, {**CUSTOM, "list_of_proportions": "half"}, ("0002", None, "list_of_proportions", None)),
        (TABLE, {**CUSTOM, "list_of_proportions": " , "}, ("0003", None, "list_of_proportions", None)),
        (TABLE, {**CUSTOM, "list_of_proportions": "0.999"}, ("0018", "dataset", "list_of_proportions", None)),
        (TABLE, {**ASSIGN, "stratified_split": True, KEY: "f"}, ("0017", "dataset", KEY, "f")),
        (TABLE, {**ASSIGN, "stratified_split": True, KEY: ""}, ("0003", None, KEY, None)),
        (Table(pl.LazyFrame()), ASSIGN, ("0003", "dataset", None, None)),
    ],
)
def test_what_makes_no_sense_is_refused(table: Table, options: dict[str, Any], expected: object) -> None:
    assert refusal(taken, table, **options) == expected


def test_numbers_that_are_categories_may_be_the_key() -> None:
    table = replace(TABLE, categorical=frozenset({"f"}))
    found = folds(taken(table, **{**ASSIGN, "stratified_split": True, KEY: "f", "number_of_folds": 2}))
    assert (found.filter(pl.col("fold") == 1)["row"] % 2).sum() == 25

"""Folds: every row is in one, and each has its share and the mix of the key."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.kit import Table
from modules.ml.folds import assign_folds, folds_of, rows_of_fold
from tests.modules.refusals import refusal

SEEDS = st.one_of(st.none(), st.integers(0, 9))
SHARES = st.lists(st.integers(1, 9), min_size=1, max_size=6).map(lambda parts: [p / sum(parts) for p in parts])


def sizes(folds: pl.DataFrame, count: int) -> list[int]:
    return np.bincount(folds["fold"], minlength=count + 1)[1:].tolist()


@given(st.integers(0, 60), SHARES, SEEDS)
def test_every_row_is_in_one_fold_and_each_has_its_share(rows: int, shares: list[float], seed: int | None) -> None:
    folds = assign_folds(rows, shares, seed=seed)
    assert folds["row"].sort().to_list() == list(range(rows))
    assert np.abs(np.array(sizes(folds, len(shares))) - np.array(shares) * rows).max() < 1


@given(st.lists(st.sampled_from(["a", "b", None]), max_size=60), st.integers(1, 5), SEEDS)
def test_every_fold_has_the_mix_of_the_key(values: list[Any], count: int, seed: int | None) -> None:
    key = pl.Series(values, dtype=pl.String)
    folds = assign_folds(len(values), [1 / count] * count, seed=seed, key=key)
    of_each = folds.with_columns(key.gather(folds["row"]).alias("key"))
    for value in set(values):
        found = sizes(of_each.filter(pl.col("key").eq_missing(value)), count)
        assert max(found) - min(found) <= 1


def test_rows_that_are_not_drawn_are_dealt_out_in_turn() -> None:
    folds = assign_folds(7, [1 / 3] * 3, seed=None)
    assert folds.sort("row")["fold"].to_list() == [1, 2, 3, 1, 2, 3, 1]


def test_a_larger_share_is_dealt_to_more_often() -> None:
    assert assign_folds(8, [0.75, 0.25], seed=None).sort("row")["fold"].to_list() == [1, 1, 2, 1, 1, 1, 2, 1]


def test_equal_seeds_give_equal_folds() -> None:
    first, again, other = (assign_folds(50, [0.5, 0.5], seed=seed) for seed in (0, 0, 1))
    assert first.equals(again)
    assert not first.equals(other)


@given(st.lists(st.sampled_from([1, 2]), min_size=1, max_size=60), st.integers(0, 9))
def test_with_replacement_each_place_gets_a_row_of_equal_key(values: list[int], seed: int) -> None:
    key = pl.Series(values)
    folds = assign_folds(len(values), [0.5, 0.5], seed=seed, key=key, replace=True)
    assert folds.height == len(values)
    drawn = key.gather(folds["row"])
    assert [drawn.eq(value).sum() for value in (1, 2)] == [values.count(1), values.count(2)]


def test_with_replacement_some_rows_are_in_none() -> None:
    folds = assign_folds(100, [0.5, 0.5], seed=0, replace=True)
    assert 50 < folds["row"].n_unique() < 80


FRAME = pl.LazyFrame({"x": [10, 11, 12]})


@pytest.mark.parametrize(
    ("rows", "complement", "expected"),
    [([2, 0], False, [10, 12]), ([2, 0], True, [11]), ([2, 2], False, [12, 12]), ([2, 2], True, [10, 11])],
)
def test_the_rows_of_a_fold_stand_in_table_order(rows: list[int], complement: bool, expected: list[int]) -> None:
    folds = pl.DataFrame({"row": rows, "fold": [1, 1]})
    assert rows_of_fold(FRAME, folds, 1, complement=complement).collect()["x"].to_list() == expected


def test_a_table_without_folds_has_none() -> None:
    assert refusal(folds_of, Table(FRAME), port="dataset") == ("0018", "dataset", None, None)

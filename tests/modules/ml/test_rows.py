"""Which rows are drawn and which match."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.ml.rows import draw_rows, draw_stratified

FRACTIONS = st.floats(0, 1)
SEEDS = st.none() | st.integers(0, 2**32 - 1)


@given(rows=st.integers(0, 500), fraction=FRACTIONS, seed=SEEDS)
def test_a_draw_has_the_whole_part_of_the_share(rows: int, fraction: float, seed: int | None) -> None:
    drawn = int(draw_rows(rows, fraction, seed=seed).sum())
    assert drawn <= fraction * rows + 1e-6
    assert drawn > fraction * rows - 1


@pytest.mark.parametrize(("rows", "fraction", "left"), [(10, 0.7, 7), (32_561, 0.5, 16_280), (3, 1.0, 3), (3, 0.0, 0)])
def test_shares_are_not_cut_by_binary_fractions(rows: int, fraction: float, left: int) -> None:
    assert draw_rows(rows, fraction, seed=0).sum() == left


def test_without_a_seed_the_first_rows_are_taken() -> None:
    assert draw_rows(4, 0.5, seed=None).tolist() == [True, True, False, False]


def test_a_seed_fixes_the_draw_and_another_changes_it() -> None:
    assert np.array_equal(draw_rows(100, 0.5, seed=0), draw_rows(100, 0.5, seed=0))
    assert not np.array_equal(draw_rows(100, 0.5, seed=0), draw_rows(100, 0.5, seed=1))


@given(
    key=st.lists(st.sampled_from(["a", "b", "c", None]), max_size=200),
    fraction=FRACTIONS,
    seed=SEEDS,
)
def test_each_group_gives_its_share_to_within_one_row(key: list[str | None], fraction: float, seed: int | None) -> None:
    mask = draw_stratified(pl.Series(key, dtype=pl.String), fraction, seed=seed)
    taken = [
        (group, key.count(group), sum(m for k, m in zip(key, mask, strict=True) if k == group)) for group in set(key)
    ]
    assert all(abs(count * fraction - drawn) < 1 + 1e-6 for _, count, drawn in taken)
    assert mask.sum() == draw_rows(len(key), fraction, seed=seed).sum()


@pytest.mark.parametrize(
    "key",
    [
        pl.Series([1.0, float("nan"), None, 1.0]),
        pl.Series([True, False, None, True]),
        pl.Series([None] * 4),
        pl.Series(["a", None, "b", "a"], dtype=pl.Categorical),
    ],
)
def test_keys_of_all_types_are_drawn_from(key: pl.Series) -> None:
    assert draw_stratified(key, 0.5, seed=0).sum() == 2

"""Put the rows of a table into folds, and take the rows of one."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from modules.kit import Table
from modules.kit.errors import InvalidDataset
from modules.ml.rows import count_rows, groups_of


def assign_folds(
    rows: int, shares: Sequence[float], *, seed: int | None, key: pl.Series | None = None, replace: bool = False
) -> pl.DataFrame:
    """Deal the rows to folds in turn, each fold as often as its share says; the result is that of `Table.folds`.

    The rows are dealt as drawn by the seed, or in their own order without one. With a key, those of equal value are
    dealt one after the other, so that every fold has the mix of its values. With `replace`, every place of a fold gets
    any row (of equal key): some rows are in several folds and some in none.
    """
    random = np.random.default_rng(seed)
    order = np.arange(rows) if seed is None else random.permutation(rows)
    groups = np.zeros(rows, dtype=np.int64) if key is None else groups_of(key)
    order = order[np.argsort(groups[order], kind="stable")]
    folds = _in_turn(rows, shares)
    if replace:
        sizes = np.bincount(groups)[groups[order]]
        starts = np.searchsorted(groups[order], groups[order])
        order = order[starts + (random.random(rows) * sizes).astype(np.int64)]
    assigned = pl.DataFrame({"row": order.astype(np.uint32), "fold": folds.astype(np.uint32)})
    return assigned.sort("fold", "row")


def _in_turn(rows: int, shares: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The fold of each place, so that at any place each fold has had its share, within one."""
    exact = np.array(shares) / sum(shares) * rows
    counts = np.floor(exact + 1e-9).astype(np.int64)
    counts[np.argsort(counts - exact, kind="stable")[: rows - counts.sum()]] += 1
    folds = np.repeat(np.arange(len(shares)), counts)
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    times = (np.arange(rows) - starts + 0.5) / np.array(shares)[folds]
    return folds[np.argsort(times, kind="stable")] + 1


def folds_of(table: Table, *, port: str) -> pl.DataFrame:
    """The folds that were assigned to a table; raises 0018 where there are none."""
    if table.folds is None:
        raise InvalidDataset(
            f"The rows of `{port}` are not assigned to folds",
            port=port,
            hint="Put Partition and Sample with the mode Assign to Folds before.",
        )
    return table.folds


def rows_of_fold(frame: pl.LazyFrame, folds: pl.DataFrame, fold: int, *, complement: bool = False) -> pl.LazyFrame:
    """The rows that are in a fold, as often as they are in it, or those that are not; both in table order."""
    chosen = folds.filter(pl.col("fold") == fold)["row"]
    if not complement and chosen.n_unique() < len(chosen):
        return frame.select(pl.all().gather(chosen.sort()))
    is_in = np.zeros(count_rows(frame), dtype=bool)
    is_in[chosen.to_numpy()] = True
    return frame.filter(pl.lit(pl.Series(~is_in if complement else is_in)))

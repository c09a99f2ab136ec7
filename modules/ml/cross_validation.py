"""Hold out each part of the rows once."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from sklearn.model_selection import KFold, StratifiedKFold

from modules.kit import Table
from modules.kit.errors import InvalidDataset, TooFewRows, UnusableTraining
from modules.ml.training import Lesson

Places = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Split:
    """Places of rows to train with, and of the rows that are held out."""

    train: Places
    held_out: Places


def splits_of(lesson: Lesson, dataset: Table, *, count: int, seed: int) -> list[Split]:
    """A split for each fold: for those that Partition and Sample gave to the table, else for `count` random ones.

    The random ones are those of scikit-learn's KFold, and of StratifiedKFold for a classification,
    which keeps the mix of the classes. Raises 0018 for a single fold, 0021 where there are fewer rows
    than folds, and 0083 where a split leaves one class to train with.
    """
    splits = list(_drawn(lesson, count, seed) if dataset.folds is None else _assigned(lesson, dataset.folds))
    for number, split in enumerate(splits):
        if not len(split.train) or not len(split.held_out):
            side = "train with" if not len(split.train) else "judge by"
            raise InvalidDataset(
                f"Fold {number} of `{lesson.port}` leaves no row with a label and all numbers to {side}",
                port=lesson.port,
                hint="Cross-validation needs at least two folds, each with such rows.",
            )
        if lesson.classes is not None and lesson.label.gather(split.train).n_unique() < 2:
            raise UnusableTraining(
                f"Without fold {number} only one class of column `{lesson.label.name}` is left to learn from",
                port=lesson.port,
                column=lesson.label.name,
                hint="Cross-validation needs at least two rows of each class.",
            )
    return splits


def _drawn(lesson: Lesson, count: int, seed: int) -> Iterator[Split]:
    rows = lesson.rows.height
    if rows < count:
        hint = f"There are {count} folds, and each needs a row."
        raise TooFewRows(port=lesson.port, required=count, actual=rows, hint=hint)
    splitter: Any = KFold(count, shuffle=True, random_state=seed)
    codes = np.zeros(rows)
    if lesson.classes is not None:
        codes = lesson.label.rank("dense").to_numpy()
        if np.unique(codes, return_counts=True)[1].max() >= count:
            splitter = StratifiedKFold(count, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class")
        yield from (Split(train, held_out) for train, held_out in splitter.split(codes, codes))


def _assigned(lesson: Lesson, folds: pl.DataFrame) -> Iterator[Split]:
    """A row that is in a fold several times is judged as often; it never trains the model that judges it."""
    place = np.where(lesson.kept, np.cumsum(lesson.kept) - 1, -1)
    for _, members in folds.group_by("fold", maintain_order=True):
        held_out = np.sort(place[members["row"].to_numpy()])
        held_out = held_out[held_out >= 0]
        yield Split(np.setdiff1d(np.arange(lesson.rows.height), held_out), held_out)

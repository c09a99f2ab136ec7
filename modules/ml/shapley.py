"""How much each feature adds to a prediction: Shapley values against a background.

A coalition of features is worth what the model predicts on average where these have the values of the
row and all others those of background rows. The value of a feature is what it adds to the coalitions
before it, averaged over orders of the features (Lundberg and Lee, A Unified Approach to Interpreting
Model Predictions, 2017). With few features these are all orders, which is exact; with more, some orders
and their reverses. Either way the values of a row add up to its prediction less the mean of the
background.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Predict = Callable[[Any], Floats]
"""Rows × answers of a matrix."""

EXACT_FEATURES = 8  # 256 coalitions
ORDERS = 8  # and their reverses
MOST_CELLS = 10_000_000  # 80 MB of rows at once


@dataclass(frozen=True)
class Game:
    """The rows to explain, the background and which columns of both belong to each feature."""

    rows: Floats
    background: Floats
    feature_of_column: np.ndarray[Any, np.dtype[np.int64]]
    features: int
    predict: Predict

    def worth(self, coalition: Flags) -> Floats:
        """Rows × answers: the mean prediction where the coalition has the values of the row."""
        columns = coalition[self.feature_of_column]
        size = max(1, MOST_CELLS // max(1, self.background.size))
        return np.concatenate(
            [self._worth(self.rows[at : at + size], columns) for at in range(0, len(self.rows), size)]
        )

    def _worth(self, rows: Floats, columns: Flags) -> Floats:
        mixed = np.where(columns, rows[:, None, :], self.background[None, :, :])
        answers = self.predict(mixed.reshape(-1, mixed.shape[2]))
        means: Floats = answers.reshape(len(rows), len(self.background), -1).mean(axis=1)
        return means


def shapley_values(game: Game, seed: int) -> Floats:
    """Rows × features × answers; exact with at most eight features, else from orders that the seed draws."""
    if game.features <= EXACT_FEATURES:
        return _exact(game)
    random = np.random.default_rng(seed)
    orders = [random.permutation(game.features) for _ in range(ORDERS)]
    return _sampled(game, [order for drawn in orders for order in (drawn, drawn[::-1])])


def _exact(game: Game) -> Floats:
    count = game.features
    worths = {
        members: game.worth(_flags(members, count))
        for size in range(count + 1)
        for members in combinations(range(count), size)
    }
    values = np.zeros((len(game.rows), count, worths[()].shape[1]))
    for members, worth in worths.items():
        if len(members) == count:
            continue
        weight = 1 / (count * math.comb(count - 1, len(members)))
        for feature in set(range(count)) - set(members):
            joined = tuple(sorted((*members, feature)))
            values[:, feature] += weight * (worths[joined] - worth)
    return values


def _sampled(game: Game, orders: Sequence[np.ndarray[Any, Any]]) -> Floats:
    nobody, everybody = (game.worth(np.full(game.features, fill_value=value)) for value in (False, True))
    values = np.zeros((len(game.rows), game.features, nobody.shape[1]))
    for order in orders:
        coalition, before = np.zeros(game.features, dtype=bool), nobody
        for feature in order:
            coalition[feature] = True
            after = everybody if coalition.all() else game.worth(coalition)
            values[:, feature] += (after - before) / len(orders)
            before = after
    return values


def _flags(members: Sequence[int], count: int) -> Flags:
    flags = np.zeros(count, dtype=bool)
    flags[list(members)] = True
    return flags

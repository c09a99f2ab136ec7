"""Values that add up to the prediction, and what they equal."""

import math
from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.ml import shapley
from modules.ml.shapley import Game, shapley_values

Array = np.ndarray[Any, np.dtype[np.float64]]


def game_of(features: int, predict: Callable[[Array], Array], *, rows: int = 4, seed: int = 0) -> Game:
    random = np.random.default_rng(seed)
    return Game(
        random.normal(size=(rows, features)), random.normal(size=(6, features)), np.arange(features), features, predict
    )


def product(matrix: Array) -> Array:
    return np.column_stack([matrix.prod(axis=1) + matrix[:, 0], np.tanh(matrix.sum(axis=1))])


def by_definition(game: Game) -> Array:
    """The mean over all orders of the features of what each adds."""
    total = np.zeros((len(game.rows), game.features, 2))
    for order in permutations(range(game.features)):
        coalition = np.zeros(game.features, dtype=bool)
        for feature in order:
            before = game.worth(coalition)
            coalition[feature] = True
            total[:, feature] += game.worth(coalition) - before
    return total / math.factorial(game.features)


def test_few_features_are_exact() -> None:
    game = game_of(4, product)
    assert np.allclose(shapley_values(game, 0), by_definition(game))


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 11), st.integers(0, 1000))
def test_the_values_of_a_row_add_up_to_its_prediction_less_the_mean(features: int, seed: int) -> None:
    game = game_of(features, product, rows=2, seed=seed)
    values = shapley_values(game, seed)
    expected = product(game.rows) - product(game.background).mean(axis=0)
    assert np.allclose(values.sum(axis=1), expected)


@pytest.mark.parametrize("features", [5, 12])
def test_a_weighted_sum_is_told_exactly(features: int) -> None:
    weights = np.arange(features, dtype=float)
    game = game_of(features, lambda matrix: (matrix @ weights)[:, None])
    expected = weights * (game.rows - game.background.mean(axis=0))
    assert np.allclose(shapley_values(game, 3)[:, :, 0], expected)


def test_a_feature_that_is_not_used_adds_nothing() -> None:
    game = game_of(10, lambda matrix: (matrix[:, 0] * matrix[:, 1])[:, None])
    assert np.allclose(shapley_values(game, 0)[:, 2:], 0)


def test_columns_of_one_feature_are_taken_together() -> None:
    game = game_of(3, lambda matrix: matrix[:, :1] * matrix[:, 1:2] + matrix[:, 2:])
    joined = Game(game.rows, game.background, np.array([0, 0, 1]), 2, game.predict)
    alone, other = shapley_values(joined, 0)[:, 0, 0], game.rows[:, 0] * game.rows[:, 1]
    assert np.allclose(alone, other - (game.background[:, 0] * game.background[:, 1]).mean())


def test_many_rows_are_taken_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    game = game_of(3, product, rows=7)
    whole = shapley_values(game, 0)
    monkeypatch.setattr(shapley, "MOST_CELLS", 40)
    assert np.array_equal(shapley_values(game, 0), whole)

"""The estimator that the parameters stand for, and its predictions."""

import numpy as np
import polars as pl
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor

from modules.kit import Table
from modules.kit.errors import ModuleError
from modules.ml.training import lesson_of, train
from modules.regression.histogram_gradient_boosting_regression import histogram_gradient_boosting_regression
from tests.modules.learning import MATRIX, ROWS, scores


def test_the_defaults_are_those_of_scikit_learn_but_for_stopping() -> None:
    plain = HistGradientBoostingRegressor(early_stopping=True, random_state=5)
    assert histogram_gradient_boosting_regression(seed=5).estimator.get_params() == plain.get_params()


@pytest.mark.parametrize("loss", ["squared_error", "absolute_error", "poisson", "gamma", "quantile"])
def test_predictions_equal_those_of_scikit_learn(loss: str) -> None:
    learner = histogram_gradient_boosting_regression(
        loss=loss,  # type: ignore[arg-type]  # any of the choices
        quantile=0.9,
        maximum_iterations=20,
        early_stopping=False,
        seed=5,
    )
    plain = HistGradientBoostingRegressor(
        loss=loss,
        quantile=0.9 if loss == "quantile" else None,
        max_iter=20,
        early_stopping=False,
        random_state=5,
    )
    expected = plain.fit(MATRIX, ROWS["price"].to_numpy()).predict(MATRIX)
    assert np.array_equal(scores(learner, "price")["Scored Labels"].to_numpy(), expected)


def test_rows_with_missing_numbers_are_learnt_from() -> None:
    gaps = Table(ROWS.select(size=pl.when(pl.int_range(pl.len()) > 9).then("size"), price="price").lazy())
    learner = histogram_gradient_boosting_regression(seed=5)
    assert train(learner, lesson_of(learner, gaps, "price")).details["rows"] == len(ROWS)


def test_a_loss_that_the_labels_do_not_suit_has_a_code() -> None:
    with pytest.raises(ModuleError, match="requires") as caught:
        scores(histogram_gradient_boosting_regression(loss="gamma", seed=5), "size")
    assert caught.value.code == "0083"


def test_range_mode_holds_lists() -> None:
    learner = histogram_gradient_boosting_regression(create_trainer_mode="parameter_range")
    assert learner.parameters["maximum_iterations"] == [50, 100, 300]
    assert learner.sweep["l2_regularization_weight"][2] == (10, {"l2_regularization": 10})

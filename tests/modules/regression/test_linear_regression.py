"""The estimators that the parameters stand for."""

import polars as pl
import pytest
from sklearn.linear_model import LinearRegression, Ridge, SGDRegressor

from modules.kit import Regressor, Table
from modules.model_scoring_and_evaluation.score_model import score_model
from modules.model_training.train_model import train_model
from modules.regression.linear_regression import linear_regression


def test_least_squares_with_a_weight_is_a_ridge_fit() -> None:
    learner = linear_regression(l2_regularization_weight=0.5, include_intercept_term=False)
    assert isinstance(learner, Regressor)
    assert isinstance(learner.estimator, Ridge)
    assert (learner.estimator.alpha, learner.estimator.fit_intercept) == (0.5, False)


def test_least_squares_without_a_weight_is_plain() -> None:
    assert isinstance(linear_regression(l2_regularization_weight=0.0).estimator, LinearRegression)


def test_gradient_descent_takes_its_settings() -> None:
    learner = linear_regression(
        solution_method="online_gradient_descent", number_of_training_epochs=7, decrease_learning_rate=False, seed=1
    )
    descent = learner.estimator[-1]
    assert isinstance(descent, SGDRegressor)
    assert (descent.max_iter, descent.eta0, descent.learning_rate, descent.random_state) == (7, 0.1, "constant", 1)


def test_gradient_descent_in_range_mode_holds_lists() -> None:
    learner = linear_regression(
        solution_method="online_gradient_descent",
        create_trainer_mode="parameter_range",
        range_for_learning_rate="0.05; 0.2",
        normalize_features=False,
    )
    assert learner.parameters["learning_rate"] == [0.05, 0.2]
    assert learner.estimator.eta0 == 0.05


def test_gradient_descent_comes_near_a_line_and_repeats_itself() -> None:
    rows = Table(pl.LazyFrame({"x": [float(i) for i in range(50)], "y": [2.0 * i + 1 for i in range(50)]}))
    learner = linear_regression(solution_method="online_gradient_descent", number_of_training_epochs=500, seed=0)
    first, second = (
        score_model(train_model(learner, rows, label_column="y"), rows).frame.collect()["Scored Labels"]
        for _ in range(2)
    )
    assert first.to_list() == second.to_list()
    assert first[25] == pytest.approx(51, abs=2)

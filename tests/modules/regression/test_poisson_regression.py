"""Counts, and what their weights equal."""

import numpy as np
import pytest
from sklearn.linear_model import PoissonRegressor

from modules.kit.errors import ModuleError
from modules.ml.poisson import PoissonElasticNet
from modules.regression.linear_regression import linear_regression
from modules.regression.poisson_regression import poisson_regression
from tests.modules.learning import COUNT, MATRIX, ROWS, scores


def test_the_defaults_are_those_of_the_reference() -> None:
    estimator = poisson_regression().estimator
    assert (estimator.tol, estimator.l1_weight, estimator.l2_weight, estimator.memory) == (1e-7, 1.0, 1.0, 20)


@pytest.mark.parametrize("weight", [0.1, 1.0, 50.0])
def test_without_an_l1_part_predictions_equal_those_of_scikit_learn(weight: float) -> None:
    learner = poisson_regression(l1_regularization_weight=0.0, l2_regularization_weight=weight)
    plain = PoissonRegressor(alpha=weight / COUNT, tol=1e-9, max_iter=10_000).fit(MATRIX, ROWS["visits"].to_numpy())
    assert np.allclose(scores(learner, "visits")["Scored Labels"].to_numpy(), plain.predict(MATRIX), rtol=1e-4)


def test_the_weights_are_where_the_cost_is_least() -> None:
    features, label = MATRIX[:, 3:] / [1, 100], ROWS["visits"].to_numpy().astype(float)
    fitted = PoissonElasticNet(l1_weight=2.0, l2_weight=3.0, tol=1e-10).fit(features, label)

    def cost(weights: np.ndarray, intercept: float) -> float:
        eta = features @ weights + intercept
        return (np.exp(eta) - label * eta).sum() + 1.5 * (weights**2).sum() + 2 * np.abs(weights).sum()

    least = cost(fitted.coef_, fitted.intercept_)
    random = np.random.default_rng(0)
    steps = random.normal(scale=1e-3, size=(200, 3))
    assert min(cost(fitted.coef_ + step[:2], fitted.intercept_ + step[2]) for step in steps) > least


def test_a_large_l1_part_makes_weights_exactly_zero() -> None:
    learner = poisson_regression(l1_regularization_weight=1e6)
    assert scores(learner, "visits")["Scored Labels"].to_list() == pytest.approx([ROWS["visits"].mean()] * COUNT)


def test_a_negative_label_is_refused() -> None:
    learner = poisson_regression()
    with pytest.raises(ModuleError, match=r"holds -.*never negative") as caught:
        scores(learner, "size")
    assert (caught.value.code, caught.value.column, caught.value.parameter) == ("0058", "size", "label_column")
    assert scores(linear_regression(), "size").height == COUNT


def test_weights_out_of_bounds_have_a_code() -> None:
    with pytest.raises(ValueError, match="grow out of bounds"):
        PoissonElasticNet().fit(np.array([[1e308], [-1e308]]), np.array([1.0, 2.0]))


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"optimization_tolerance": 0.0}, "0004"),
        ({"l1_regularization_weight": -1.0}, "0005"),
        ({"l2_regularization_weight": -1.0}, "0005"),
        ({"memory_size": 0}, "0005"),
    ],
)
def test_a_number_out_of_bounds_has_a_code(settings: dict[str, float], code: str) -> None:
    with pytest.raises(ModuleError) as caught:
        poisson_regression(**settings)  # type: ignore[arg-type]  # any of the choices
    assert (caught.value.code, caught.value.parameter) == (code, *settings)


def test_range_mode_holds_lists() -> None:
    learner = poisson_regression(create_trainer_mode="parameter_range")
    assert learner.parameters["l1_regularization_weight"] == [0.0, 0.01, 0.1, 1.0]
    assert learner.sweep["memory_size"][2] == (50, {"memory": 50})

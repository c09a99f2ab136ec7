"""Quantiles of a forest, and what they equal."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestRegressor

from modules.kit import ModelSchema, QuantileRegressor
from modules.kit.errors import ModuleError
from modules.ml import quantile_forest
from modules.ml.quantile_forest import QuantileForest
from modules.regression.fast_forest_quantile_regression import (
    fast_forest_quantile_regression,
    fast_forest_quantile_regression_schema,
)
from tests.modules.learning import COUNT, MATRIX, ROWS, scores


def test_the_defaults_are_those_of_the_reference() -> None:
    learner = fast_forest_quantile_regression(seed=5)
    assert isinstance(learner, QuantileRegressor)
    forest = learner.estimator
    assert (forest.n_estimators, forest.max_leaf_nodes, forest.min_samples_leaf) == (100, 20, 10)
    assert (forest.max_samples, forest.max_features, forest.quantiles) == (0.7, 0.7, (0.25, 0.5, 0.75))


def test_quantiles_equal_weighted_quantiles_of_the_labels() -> None:
    found = scores(fast_forest_quantile_regression(quantiles="0.1; 0.9", number_of_trees=20, seed=5), "price")
    plain = RandomForestRegressor(20, max_leaf_nodes=20, min_samples_leaf=10, max_samples=0.7, max_features=0.7)
    price = ROWS["price"].to_numpy()
    leaves = plain.set_params(random_state=5).fit(MATRIX, price).apply(MATRIX)
    shared = leaves[:, None, :] == leaves[None, :, :]
    weights = (shared / shared.sum(axis=1, keepdims=True)).mean(axis=2)
    expected = [np.quantile(price, [0.1, 0.9], weights=row, method="inverted_cdf") for row in weights]
    assert found.columns == ["Scored Labels_0.1", "Scored Labels_0.9"]
    assert np.array_equal(found.to_numpy(), np.array(expected))


def test_labels_of_very_many_values_are_rounded_up(monkeypatch: pytest.MonkeyPatch) -> None:
    price = ROWS["price"].to_numpy()
    exact = QuantileForest(n_estimators=10, random_state=5).fit(MATRIX, price).predict(MATRIX)
    monkeypatch.setattr(quantile_forest, "MOST_CELLS", 0)
    monkeypatch.setattr(quantile_forest, "FEWEST_LABELS", 30)
    rounded = QuantileForest(n_estimators=10, random_state=5).fit(MATRIX, price)
    assert len(rounded.labels_) == 30
    assert (rounded.predict(MATRIX) >= exact).all()
    steps = np.searchsorted(np.sort(price), rounded.predict(MATRIX)) - np.searchsorted(np.sort(price), exact)
    assert steps.max() <= COUNT / 29 + 1


def test_quantiles_never_cross() -> None:
    found = scores(fast_forest_quantile_regression(quantiles="0.75; 0.5; 0.25; 0.5", seed=5), "price").to_numpy()
    assert found.shape == (COUNT, 3)
    assert (np.diff(found, axis=1) >= 0).all()


@pytest.mark.parametrize(("text", "code"), [("a; 0.5", "0002"), (" ; ", "0003"), ("0.5; 1", "0008"), ("-0.1", "0008")])
def test_wrong_quantiles_have_a_code(text: str, code: str) -> None:
    with pytest.raises(ModuleError) as caught:
        fast_forest_quantile_regression(quantiles=text)
    assert (caught.value.code, caught.value.parameter) == (code, "quantiles")


def test_a_label_that_is_no_number_is_refused() -> None:
    with pytest.raises(ModuleError, match="a regression predicts numbers") as caught:
        scores(fast_forest_quantile_regression(), "sold")
    assert caught.value.code == "0058"


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"number_of_trees": 0}, "0005"),
        ({"number_of_leaves": 1}, "0005"),
        ({"bagging_fraction": 0.0}, "0004"),
        ({"split_fraction": 1.5}, "0007"),
    ],
)
def test_a_number_out_of_bounds_has_a_code(settings: dict[str, float], code: str) -> None:
    with pytest.raises(ModuleError) as caught:
        fast_forest_quantile_regression(**settings)  # type: ignore[arg-type]  # any of the choices
    assert (caught.value.code, caught.value.parameter) == (code, *settings)


def test_range_mode_holds_lists_and_all_quantiles() -> None:
    learner = fast_forest_quantile_regression(create_trainer_mode="parameter_range")
    assert learner.parameters["bagging_fraction"] == [0.25, 0.5, 0.75]
    assert learner.estimator.quantiles == (0.25, 0.5, 0.75)
    assert set(learner.sweep) == {
        "number_of_trees",
        "number_of_leaves",
        "minimum_instances_per_leaf",
        "bagging_fraction",
        "split_fraction",
    }


def test_the_quantiles_are_known_before_a_run() -> None:
    assert fast_forest_quantile_regression_schema("0.9; 0.1") == ModelSchema("quantile_regression", classes=(0.1, 0.9))

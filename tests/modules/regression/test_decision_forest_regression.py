"""The estimators that the parameters stand for."""

from sklearn.ensemble import ExtraTreesRegressor, RandomForestRegressor

from modules.regression.decision_forest_regression import decision_forest_regression


def test_bagging_is_a_random_forest_with_the_defaults_of_the_reference() -> None:
    estimator = decision_forest_regression(seed=5).estimator
    assert isinstance(estimator, RandomForestRegressor)
    assert (estimator.n_estimators, estimator.max_depth, estimator.min_samples_leaf) == (8, 32, 1)
    assert (estimator.bootstrap, estimator.random_state) == (True, 5)


def test_replicating_gives_every_tree_all_rows() -> None:
    estimator = decision_forest_regression(resampling_method="replicate_resampling").estimator
    assert isinstance(estimator, ExtraTreesRegressor)
    assert estimator.bootstrap is False

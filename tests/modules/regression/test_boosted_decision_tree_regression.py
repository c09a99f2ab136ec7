"""The estimator that the parameters stand for."""

from modules.regression.boosted_decision_tree_regression import boosted_decision_tree_regression


def test_the_defaults_are_those_of_the_reference() -> None:
    estimator = boosted_decision_tree_regression(seed=5).estimator
    assert (estimator.max_leaf_nodes, estimator.min_samples_leaf) == (20, 10)
    assert (estimator.learning_rate, estimator.max_iter, estimator.random_state) == (0.2, 100, 5)


def test_nothing_stops_early() -> None:
    assert boosted_decision_tree_regression().estimator.early_stopping is False

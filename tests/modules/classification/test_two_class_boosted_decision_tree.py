"""The estimator that the parameters stand for."""

from sklearn.ensemble import HistGradientBoostingClassifier

from modules.classification.two_class_boosted_decision_tree import two_class_boosted_decision_tree
from modules.kit import TwoClassClassifier


def test_the_defaults_are_those_of_the_reference() -> None:
    learner = two_class_boosted_decision_tree(seed=5)
    assert isinstance(learner, TwoClassClassifier)
    assert isinstance(learner.estimator, HistGradientBoostingClassifier)
    assert (learner.estimator.max_leaf_nodes, learner.estimator.min_samples_leaf) == (20, 10)
    assert (learner.estimator.learning_rate, learner.estimator.max_iter) == (0.2, 100)
    assert (learner.estimator.early_stopping, learner.estimator.random_state) == (False, 5)


def test_range_mode_holds_lists() -> None:
    learner = two_class_boosted_decision_tree(create_trainer_mode="parameter_range")
    assert learner.parameters["learning_rate"] == [0.025, 0.05, 0.1, 0.2, 0.4]
    assert learner.estimator.learning_rate == 0.025

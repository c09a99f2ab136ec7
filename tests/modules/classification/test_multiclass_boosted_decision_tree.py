"""The estimator that the parameters stand for, and its probabilities."""

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from modules.classification.multiclass_boosted_decision_tree import multiclass_boosted_decision_tree
from modules.kit import MulticlassClassifier
from tests.modules.learning import MATRIX, ROWS, probabilities, scores


def test_the_defaults_are_those_of_the_reference() -> None:
    learner = multiclass_boosted_decision_tree(seed=5)
    assert isinstance(learner, MulticlassClassifier)
    assert (learner.estimator.max_leaf_nodes, learner.estimator.min_samples_leaf) == (20, 10)
    assert (learner.estimator.learning_rate, learner.estimator.max_iter) == (0.2, 100)
    assert (learner.estimator.early_stopping, learner.estimator.random_state) == (False, 5)


def test_probabilities_equal_those_of_scikit_learn() -> None:
    found = scores(multiclass_boosted_decision_tree(number_of_trees=10, seed=5), "grade")
    plain = HistGradientBoostingClassifier(
        learning_rate=0.2, max_iter=10, max_leaf_nodes=20, min_samples_leaf=10, early_stopping=False, random_state=5
    )
    expected = plain.fit(MATRIX, ROWS["grade"].to_numpy())
    assert np.array_equal(probabilities(found), expected.predict_proba(MATRIX))
    assert found["Scored Labels"].to_list() == expected.predict(MATRIX).tolist()


def test_two_classes_have_a_column_each() -> None:
    found = scores(multiclass_boosted_decision_tree(number_of_trees=2, seed=5), "sold")
    assert found.columns == ["Scored Probabilities_no", "Scored Probabilities_yes", "Scored Labels"]

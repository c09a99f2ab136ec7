"""Models of two classes put together."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsOneClassifier

from modules.classification.one_vs_one_multiclass import one_vs_one_multiclass
from modules.classification.two_class_decision_forest import two_class_decision_forest
from modules.classification.two_class_logistic_regression import two_class_logistic_regression
from modules.classification.two_class_support_vector_machine import two_class_support_vector_machine
from modules.clustering.k_means_clustering import k_means_clustering
from modules.kit import Learner, MulticlassClassifier
from modules.kit.errors import ModuleError
from modules.regression.linear_regression import linear_regression
from tests.modules.learning import MATRIX, ROWS, probabilities, scores


def test_scores_equal_those_of_scikit_learn() -> None:
    found = scores(one_vs_one_multiclass(two_class_logistic_regression()), "grade")
    expected = OneVsOneClassifier(LogisticRegression(tol=1e-7, max_iter=1000, solver="newton-cholesky")).fit(
        MATRIX, ROWS["grade"].to_numpy()
    )
    assert found["Scored Labels"].to_list() == expected.predict(MATRIX).tolist()
    votes = np.rint(expected.decision_function(MATRIX))
    assert np.allclose(probabilities(found), votes / 3)


@pytest.mark.parametrize("learner", [two_class_decision_forest(seed=5), two_class_support_vector_machine(seed=5)])
def test_any_two_class_learner_will_do(learner: Learner) -> None:
    found = scores(one_vs_one_multiclass(learner), "grade")  # type: ignore[arg-type]  # a wrong one on purpose
    assert (found["Scored Labels"] == ROWS["grade"]).mean() > 0.6
    assert np.allclose(probabilities(found).sum(axis=1), 1)


def test_two_classes_are_a_single_vote() -> None:
    found = scores(one_vs_one_multiclass(two_class_logistic_regression()), "sold")
    assert set(probabilities(found).ravel()) == {0.0, 1.0}
    assert (
        found["Scored Labels"].to_list() == scores(two_class_logistic_regression(), "sold")["Scored Labels"].to_list()
    )


def test_the_lists_of_the_inner_learner_are_kept() -> None:
    learner = one_vs_one_multiclass(two_class_decision_forest(create_trainer_mode="parameter_range"))
    assert isinstance(learner, MulticlassClassifier)
    assert learner.parameters["number_of_trees"] == [1, 8, 32]
    assert learner.estimator.set_params(**learner.sweep["number_of_trees"][2][1]).estimator.n_estimators == 32


@pytest.mark.parametrize(("learner", "code"), [(linear_regression(), "0062"), (k_means_clustering(), "0013")])
def test_another_kind_of_learner_has_a_code(learner: Learner, code: str) -> None:
    with pytest.raises(ModuleError) as caught:
        one_vs_one_multiclass(learner)  # type: ignore[arg-type]  # a wrong one on purpose
    assert (caught.value.code, caught.value.port) == (code, "untrained_binary_classification_model")

"""The estimator that the parameters stand for."""

import math

import numpy as np
from sklearn.linear_model import LogisticRegression

from modules.classification.two_class_logistic_regression import two_class_logistic_regression
from modules.kit import TwoClassClassifier
from tests.modules.learning import MATRIX, ROWS, probabilities, scores


def test_the_weight_is_the_inverse_of_c() -> None:
    learner = two_class_logistic_regression(l2_regularization_weight=4.0, optimization_tolerance=1e-3, seed=5)
    assert isinstance(learner, TwoClassClassifier)
    assert (learner.estimator.C, learner.estimator.tol, learner.estimator.random_state) == (0.25, 1e-3, 5)


def test_no_weight_is_no_punishment() -> None:
    assert math.isinf(two_class_logistic_regression(l2_regularization_weight=0.0).estimator.C)


def test_probabilities_equal_those_of_scikit_learn() -> None:
    found = scores(two_class_logistic_regression(l2_regularization_weight=2.0), "sold")
    plain = LogisticRegression(C=0.5, tol=1e-10, max_iter=10_000).fit(MATRIX, ROWS["sold"].to_numpy())
    assert np.allclose(probabilities(found), plain.predict_proba(MATRIX)[:, 1:], atol=1e-5)

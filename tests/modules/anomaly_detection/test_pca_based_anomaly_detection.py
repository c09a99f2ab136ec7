"""Errors of rows that stick out of a plane, and what they equal."""

import numpy as np
import pytest
from sklearn.decomposition import PCA, TruncatedSVD

from modules.anomaly_detection.pca_based_anomaly_detection import (
    pca_based_anomaly_detection,
    pca_based_anomaly_detection_schema,
)
from modules.kit import AnomalyDetector, ModelSchema
from modules.ml.anomalies import PrincipalSubspace

ROWS = np.random.default_rng(0).normal(size=(60, 5)) + 3


def test_the_defaults_are_those_of_the_reference() -> None:
    learner = pca_based_anomaly_detection()
    assert isinstance(learner, AnomalyDetector)
    assert learner.estimator.get_params() == {"n_components": 2, "n_oversamples": 2, "center": False}


@pytest.mark.parametrize("center", [True, False])
def test_scores_equal_normalized_errors_of_scikit_learn(center: bool) -> None:
    fitted = PrincipalSubspace(center=center).fit(ROWS)
    settings = {"n_components": 2, "n_oversamples": 2, "random_state": 0}
    plain = PCA(svd_solver="randomized", **settings) if center else TruncatedSVD(**settings)
    errors = np.linalg.norm(ROWS - plain.inverse_transform(plain.fit(ROWS).transform(ROWS)), axis=1)
    expected = (errors - errors.min()) / (errors.max() - errors.min())
    assert np.allclose(fitted.scores(ROWS), expected, atol=1e-9)


def test_far_away_is_certain_and_above_the_middle_is_abnormal() -> None:
    fitted = PrincipalSubspace().fit(ROWS)
    far = ROWS[:1] + np.array([0, 0, 0, 0, 100])
    assert fitted.scores(far).tolist() == [1.0]
    assert fitted.predict(far).tolist() == [0]
    assert np.array_equal(fitted.predict(ROWS) == 0, fitted.scores(ROWS) > 0.5)


def test_rows_that_all_lie_alike_are_normal_and_any_other_is_not() -> None:
    flat = np.ones((5, 3))
    fitted = PrincipalSubspace(n_components=1, center=True).fit(flat)
    assert fitted.scores(flat).tolist() == [0.0] * 5
    assert fitted.scores(flat + np.array([0, 1, 0])).tolist() == [1.0] * 5


def test_the_model_is_known_before_a_run() -> None:
    assert pca_based_anomaly_detection_schema() == ModelSchema("anomaly_detection")

"""The solver that a table gets, and that it does not matter for the weights."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from modules.ml import logistic
from modules.ml.logistic import Logistic

RANDOM = np.random.default_rng(0)
FEATURES = RANDOM.normal(size=(200, 3)) * [1, 1, 10_000]
LABEL = np.array(["a", "b", "c"])[RANDOM.integers(3, size=200)]


@pytest.mark.parametrize("label", [LABEL, np.where(LABEL == "a", 1, 0)], ids=["three", "two"])
def test_columns_of_very_different_size_are_no_trouble(label: np.ndarray) -> None:
    fitted = Logistic(tol=1e-9, max_iter=50).fit(FEATURES, label)
    scaled = LogisticRegression(C=1e6, tol=1e-9, max_iter=10_000).fit(FEATURES / [1, 1, 10_000], label)
    assert fitted.solver == "newton-cholesky"
    assert np.allclose(fitted.predict_proba(FEATURES), scaled.predict_proba(FEATURES / [1, 1, 10_000]), atol=1e-2)


def test_many_columns_take_the_solver_that_needs_less_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logistic, "MOST_WEIGHTS", 8)
    assert Logistic(max_iter=5000).fit(FEATURES / [1, 1, 10_000], LABEL).solver == "lbfgs"
    assert Logistic().fit(FEATURES, np.where(LABEL == "a", 1, 0)).solver == "newton-cholesky"


def test_columns_that_repeat_each_other_are_learnt_without_a_weight() -> None:
    twice = np.column_stack([FEATURES[:, :2], FEATURES[:, :2]])
    fitted = Logistic(C=np.inf, max_iter=1000).fit(twice, LABEL)
    assert np.isfinite(fitted.coef_).all()

"""Poisson regression with both kinds of regularization."""

from typing import Any, Self

import numpy as np
from scipy.optimize import minimize
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils import Tags

Floats = np.ndarray[Any, np.dtype[np.float64]]

MOST_ITERATIONS = 1000
MOST_LINE_STEPS = 50
RELATIVE_CHANGE = 64 * np.finfo(float).eps
"""As in scikit-learn's generalized linear models: the gradient decides, not the change of the value."""


class PoissonElasticNet(RegressorMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Counts as the exponential of a weighted sum, with weights kept small.

    Minimizes, over the weights w and the intercept b, the sum over rows of ``exp(η) - y η`` with
    ``η = x·w + b``, plus ``l2_weight / 2 · Σ w²`` plus ``l1_weight · Σ |w|``. Without the last part this
    is :class:`sklearn.linear_model.PoissonRegressor` with ``alpha = l2_weight / rows``. The search is
    L-BFGS, which remembers `memory` steps; with an L1 part each weight is split into a positive and a
    negative half, so that weights of exactly 0 are found.
    """

    def __init__(self, *, l1_weight: float = 1.0, l2_weight: float = 1.0, tol: float = 1e-7, memory: int = 20) -> None:
        self.l1_weight = l1_weight
        self.l2_weight = l2_weight
        self.tol = tol
        self.memory = memory

    def fit(self, features: Any, label: Floats) -> Self:
        """Find the weights; raises ValueError where they grow out of bounds."""
        counts = np.asarray(label, dtype=np.float64)
        if (counts < 0).any():
            raise ValueError("a label is negative")
        rows, width = features.shape
        is_split = self.l1_weight > 0
        start = np.zeros(1 + width * (2 if is_split else 1))
        start[0] = np.log(max(counts.mean(), np.finfo(float).tiny))
        bounds = [(None, None), *[(0, None)] * (2 * width)] if is_split else None

        def cost(point: Floats) -> tuple[float, Floats]:
            weights = point[1 : 1 + width] - point[1 + width :] if is_split else point[1:]
            eta = features @ weights + point[0]
            expected = np.exp(eta)
            errors = expected - counts
            slope = (features.T @ errors + self.l2_weight * weights) / rows
            value = (expected - counts * eta).sum() + self.l2_weight / 2 * (weights @ weights)
            gradient = np.concatenate([[errors.mean()], slope])
            if is_split:
                value += self.l1_weight * point[1:].sum()
                gradient = np.concatenate([gradient, -slope])
                gradient[1:] += self.l1_weight / rows
            return value / rows, gradient

        with np.errstate(over="ignore", invalid="ignore"):
            found = minimize(
                cost,
                start,
                jac=True,
                method="L-BFGS-B",
                bounds=bounds,
                options={
                    "maxcor": self.memory,
                    "gtol": self.tol,
                    "ftol": RELATIVE_CHANGE,
                    "maxiter": MOST_ITERATIONS,
                    "maxls": MOST_LINE_STEPS,
                },
            )
        if not np.isfinite(found.x).all() or not np.isfinite(found.fun):
            raise ValueError("the weights grow out of bounds")
        self.intercept_ = float(found.x[0])
        self.coef_ = found.x[1 : 1 + width] - found.x[1 + width :] if is_split else found.x[1:]
        self.n_iter_ = int(found.nit)
        self.n_features_in_ = width
        return self

    def predict(self, features: Any) -> Floats:
        """The expected count of each row."""
        with np.errstate(over="ignore"):
            expected: Floats = np.exp(features @ self.coef_ + self.intercept_)
        return expected

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.target_tags.positive_only = True
        return tags

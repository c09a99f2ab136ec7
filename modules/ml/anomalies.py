"""Rows that do not lie where the others lie."""

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, OutlierMixin
from sklearn.decomposition import PCA, TruncatedSVD

Floats = np.ndarray[Any, np.dtype[np.float64]]

NORMAL, ABNORMAL = 1, 0
CERTAIN = 0.5
"""The score above which a row is abnormal."""
ROUNDING = 1e-10  # a smaller part of a row than this is what computing leaves of 0
FIXED_SEED = 0
"""Of the random projection, which is so near to the exact one that nobody chooses a seed."""


class PrincipalSubspace(OutlierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """How far a row lies from the subspace in which the training rows vary most.

    The distance is that between a row and its projection on the first principal components, found by
    a randomized decomposition. With `center` these are the components of :class:`sklearn.decomposition.PCA`
    around the mean, without it those of :class:`sklearn.decomposition.TruncatedSVD` around the origin.
    """

    def __init__(self, *, n_components: int = 2, n_oversamples: int = 2, center: bool = False) -> None:
        self.n_components = n_components
        self.n_oversamples = n_oversamples
        self.center = center

    def fit(self, features: Floats, label: None = None) -> Self:
        """Find the subspace, and the smallest and largest distance of the rows from it."""
        settings = {
            "n_components": self.n_components,
            "n_oversamples": self.n_oversamples,
            "random_state": FIXED_SEED,
        }
        projection = PCA(svd_solver="randomized", **settings) if self.center else TruncatedSVD(**settings)
        with np.errstate(invalid="ignore"):  # rows that are all alike have no variance to explain
            self.projection_ = projection.fit(features)
        distances = self.distances(features)
        self.nearest_, self.farthest_ = float(distances.min()), float(distances.max())
        self.n_features_in_ = features.shape[1]
        return self

    def distances(self, features: Floats) -> Floats:
        """The length of what the subspace does not explain of each row."""
        explained = self.projection_.inverse_transform(self.projection_.transform(features))
        lengths: Floats = np.linalg.norm(features - explained, axis=1)
        return np.where(lengths > ROUNDING * np.linalg.norm(features, axis=1), lengths, 0.0)

    def scores(self, features: Floats) -> Floats:
        """Distances as shares from 0, the nearest of the training rows, to 1, the farthest and all beyond."""
        distances, spread = self.distances(features), self.farthest_ - self.nearest_
        if spread <= 0:
            return (distances > self.farthest_).astype(np.float64)
        return np.clip((distances - self.nearest_) / spread, 0, 1)

    def predict(self, features: Floats) -> np.ndarray[Any, np.dtype[np.int64]]:
        """1 for normal rows and 0 for abnormal ones."""
        return np.where(self.scores(features) > CERTAIN, ABNORMAL, NORMAL)

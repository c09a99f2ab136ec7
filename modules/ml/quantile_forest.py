"""A forest that tells quantiles."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.ensemble import RandomForestRegressor

Floats = np.ndarray[Any, np.dtype[np.float64]]

MOST_CELLS = 4_000_000  # 32 MB; of leaves times different labels
FEWEST_LABELS = 256
BLOCK_ROWS = 20_000
ROUNDING = 1e-12  # sums of shares are off by this much


class QuantileForest(RegressorMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Quantiles of the training labels, weighted by how often a row shares a leaf with them.

    Meinshausen, Quantile Regression Forests, 2006: in each tree of a random forest the labels of the
    leaf that a row falls into weigh the same, and the weights are averaged over the trees. A quantile
    q is the smallest label up to which the weights sum up to q. With very many different labels they
    are rounded up to labels at evenly spaced ranks.
    """

    def __init__(
        self,
        *,
        quantiles: Sequence[float] = (0.25, 0.5, 0.75),
        n_estimators: int = 100,
        max_leaf_nodes: int = 20,
        min_samples_leaf: int = 10,
        max_samples: float = 0.7,
        max_features: float = 0.7,
        n_jobs: int | None = None,
        random_state: int | None = None,
    ) -> None:
        self.quantiles = quantiles
        self.n_estimators = n_estimators
        self.max_leaf_nodes = max_leaf_nodes
        self.min_samples_leaf = min_samples_leaf
        self.max_samples = max_samples
        self.max_features = max_features
        self.n_jobs = n_jobs
        self.random_state = random_state

    def fit(self, features: Any, label: Floats) -> Self:
        """Grow the trees and sum up the labels of their leaves."""
        settings = self.get_params()
        del settings["quantiles"]
        # As a count, since scikit-learn warns of small shares with advice that helps nobody who sets a share.
        settings["max_samples"] = max(int(self.max_samples * len(label)), 1)
        self.forest_ = RandomForestRegressor(bootstrap=True, **settings).fit(features, label)
        trees = [tree.tree_ for tree in self.forest_.estimators_]
        self._starts = np.concatenate([[0], np.cumsum([tree.node_count for tree in trees])[:-1]])
        is_leaf = np.concatenate([tree.children_left < 0 for tree in trees])
        self._leaves = np.where(is_leaf, np.cumsum(is_leaf) - 1, -1)
        leaf_count = int(is_leaf.sum())
        self.labels_ = _spread_labels(label, max(FEWEST_LABELS, MOST_CELLS // leaf_count))
        width = len(self.labels_)
        ranks = np.searchsorted(self.labels_, label)
        matrix = np.asarray(features, dtype=np.float32)
        shares = np.empty((leaf_count, width))
        for start, tree in zip(self._starts, trees, strict=True):
            first = int(self._leaves[start : start + tree.node_count].max()) - tree.n_leaves + 1
            cells = (self._leaves[tree.apply(matrix) + start] - first) * width + ranks
            counts = np.bincount(cells, minlength=tree.n_leaves * width).reshape(-1, width).cumsum(axis=1)
            shares[first : first + tree.n_leaves] = counts / np.maximum(counts[:, -1:], 1)
        self._shares = shares
        self.feature_importances_ = self.forest_.feature_importances_
        return self

    def predict(self, features: Any) -> Floats:
        """One column for each of the quantiles."""
        blocks = [features[start : start + BLOCK_ROWS] for start in range(0, len(features), BLOCK_ROWS)]
        return np.concatenate([self._quantiles(block) for block in blocks])

    def _quantiles(self, features: Floats) -> Floats:
        leaves = self._leaves[self.forest_.apply(features) + self._starts]
        return np.column_stack([self._quantile(leaves, wanted) for wanted in self.quantiles])

    def _quantile(self, leaves: np.ndarray[Any, Any], wanted: float) -> Floats:
        """Search the smallest label for all rows at once, halving what is left."""
        low = np.zeros(len(leaves), dtype=np.int64)
        high = np.full(len(leaves), len(self.labels_) - 1)
        while (low < high).any():
            middle = (low + high) // 2
            share = self._shares[leaves, middle[:, None]].mean(axis=1)
            reached = share >= wanted - ROUNDING
            high = np.where(reached, middle, high)
            low = np.where(reached, low, np.minimum(middle + 1, high))
        return self.labels_[low]


def _spread_labels(label: Floats, most: int) -> Floats:
    """The different labels, sorted; where there are too many, those at evenly spaced ranks and the largest."""
    labels = np.unique(label)
    if len(labels) <= most:
        return labels
    return np.unique(np.quantile(label, np.linspace(0, 1, most), method="inverted_cdf"))

"""Probabilities for classifiers that only tell on which side of a boundary a row lies."""

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.utils import Tags, get_tags

Array = np.ndarray[Any, Any]


class SigmoidCalibrated(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A classifier fitted to all rows, and a sigmoid that turns its margins into probabilities.

    This is :class:`sklearn.calibration.CalibratedClassifierCV` without an ensemble: the sigmoid is
    fitted to margins of rows that were held out, in at most `folds` folds. Where a class has fewer
    rows than that there are fewer folds; where it has one row, the sigmoid sees the rows that the
    classifier was fitted to.
    """

    def __init__(self, estimator: Any, *, folds: int = 5) -> None:
        self.estimator = estimator
        self.folds = folds

    def fit(self, features: Any, label: Array) -> Self:
        """Fit the classifier and the sigmoid."""
        smallest = int(np.unique(label, return_counts=True)[1].min())
        every = np.arange(len(label))
        folds = min(self.folds, smallest) if smallest > 1 else [(every, every)]
        calibrated = CalibratedClassifierCV(self.estimator, method="sigmoid", cv=folds, ensemble=False)
        self.calibrated_ = calibrated.fit(features, label)
        self.classes_ = self.calibrated_.classes_
        return self

    @property
    def fitted_estimator(self) -> Any:
        """The classifier that was fitted to all rows."""
        return self.calibrated_.calibrated_classifiers_[0].estimator

    def predict_proba(self, features: Any) -> Array:
        """One column of probabilities for each class."""
        shares: Array = self.calibrated_.predict_proba(features)
        return shares

    def predict(self, features: Any) -> Array:
        """The class with the highest probability."""
        labels: Array = self.calibrated_.predict(features)
        return labels

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = get_tags(self.estimator).input_tags.sparse
        return tags

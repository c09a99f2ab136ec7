"""Figures that judge predictions, under the names of the reference."""

from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

Floats = np.ndarray[Any, np.dtype[np.float64]]


def regression_metrics(actual: Floats, predicted: Floats) -> dict[str, float | None]:
    """Errors of predicted numbers; the relative ones are None where the actual values do not vary.

    RAE = Σ|y-ŷ| / Σ|y-ȳ| and RSE = Σ(y-ŷ)² / Σ(y-ȳ)².
    """
    errors, spread = actual - predicted, actual - actual.mean()
    squared, absolute = float((spread**2).sum()), float(np.abs(spread).sum())
    relative = float((errors**2).sum()) / squared if squared else None
    return {
        "Mean_Absolute_Error": float(np.abs(errors).mean()),
        "Root_Mean_Squared_Error": float(np.sqrt((errors**2).mean())),
        "Relative_Squared_Error": relative,
        "Relative_Absolute_Error": float(np.abs(errors).sum()) / absolute if absolute else None,
        "Coefficient_of_Determination": None if relative is None else 1 - relative,
    }


def two_class_metrics(actual: np.ndarray, predicted: np.ndarray, probability: Floats) -> dict[str, float | None]:
    """Accuracy, Precision, Recall, F1 and AUC of Boolean labels; None where a figure has no meaning."""
    hits = float((actual & predicted).sum())
    precision = hits / predicted.sum() if predicted.any() else None
    recall = hits / actual.sum() if actual.any() else None
    both = actual.any() and not actual.all()
    return {
        "Accuracy": float((actual == predicted).mean()),
        "Precision": precision,
        "Recall": recall,
        "F1": 2 * hits / float(actual.sum() + predicted.sum()) if actual.any() or predicted.any() else None,
        "AUC": float(roc_auc_score(actual, probability)) if both else None,
    }

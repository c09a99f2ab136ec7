"""Figures that judge predictions, under the names of the reference; None where a figure has no meaning."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.metrics import mean_pinball_loss, roc_auc_score

Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Counts = np.ndarray[Any, np.dtype[np.int64]]
Metrics = dict[str, float | None]

REGRESSION = (
    "Mean_Absolute_Error",
    "Root_Mean_Squared_Error",
    "Relative_Squared_Error",
    "Relative_Absolute_Error",
    "Coefficient_of_Determination",
)
TWO_CLASS = ("Accuracy", "Precision", "Recall", "F1", "AUC")
LOG_LOSS = "Average_Log_Loss"
QUANTILE_LOSS = "Quantile_Loss_"
AVERAGE_QUANTILE_LOSS = "Average_Quantile_Loss"
MULTICLASS = (
    "Overall_Accuracy",
    "Micro_Averaged_Precision",
    "Macro_Averaged_Precision",
    "Micro_Averaged_Recall",
    "Macro_Averaged_Recall",
    "Micro_Averaged_F1",
    "Macro_Averaged_F1",
)
CLUSTERING = (
    "Average Distance to Other Center",
    "Average Distance to Cluster Center",
    "Number of Points",
    "Maximal Distance to Cluster Center",
)


def regression_metrics(actual: Floats, predicted: Floats) -> Metrics:
    """Errors of predicted numbers; the relative ones are None where the actual values do not vary.

    RAE = Σ|y-ŷ| / Σ|y-ȳ| and RSE = Σ(y-ŷ)² / Σ(y-ȳ)².
    """
    errors, spread = actual - predicted, actual - actual.mean()
    squared, absolute = float((spread**2).sum()), float(np.abs(spread).sum())
    relative = _share(float((errors**2).sum()), squared)
    values = (
        float(np.abs(errors).mean()),
        float(np.sqrt((errors**2).mean())),
        relative,
        _share(float(np.abs(errors).sum()), absolute),
        None if relative is None else 1 - relative,
    )
    return dict(zip(REGRESSION, values, strict=True))


def quantile_metrics(actual: Floats, predicted: Mapping[float, Floats]) -> Metrics:
    """The pinball loss of each predicted quantile, and their mean."""
    losses = {
        f"{QUANTILE_LOSS}{quantile:g}": float(mean_pinball_loss(actual, values, alpha=quantile))
        for quantile, values in predicted.items()
    }
    return {**losses, AVERAGE_QUANTILE_LOSS: sum(losses.values()) / len(losses)}


def average_log_loss(actual: Counts, shares: Floats) -> float:
    """The mean of -ln(p), p being the probability that was given to the class that it was.

    `actual` are places among the columns of `shares`. A probability of 0 counts as the smallest number
    above it that matters, as in :func:`sklearn.metrics.log_loss`.
    """
    least = np.finfo(np.float64).eps
    given = shares[np.arange(len(actual)), actual]
    return float(-np.log(np.clip(given, least, 1 - least)).mean())


def two_class_metrics(actual: Flags, predicted: Flags, probability: Floats) -> Metrics:
    """Figures of Boolean labels, true being the positive class."""
    hits, real, said = int((actual & predicted).sum()), int(actual.sum()), int(predicted.sum())
    values = (
        float((actual == predicted).mean()),
        _share(hits, said),
        _share(hits, real),
        _share(2 * hits, real + said),
        float(roc_auc_score(actual, probability)) if 0 < real < len(actual) else None,
    )
    return dict(zip(TWO_CLASS, values, strict=True))


def threshold_counts(actual: Flags, probability: Floats, thresholds: Floats) -> list[dict[str, float]]:
    """Confusion counts for each of the ascending thresholds.

    A row counts as positive above the threshold, as in scoring; at the first one every row does, so
    that curves reach their corner.
    """
    # The number of thresholds that a row lies above.
    passed = np.searchsorted(thresholds, probability, side="left")
    passed = np.maximum(passed, 1)
    sizes = len(thresholds) + 1
    positives = np.bincount(passed[actual], minlength=sizes)[::-1].cumsum()[::-1][1:]
    negatives = np.bincount(passed[~actual], minlength=sizes)[::-1].cumsum()[::-1][1:]
    real, other = int(actual.sum()), int((~actual).sum())
    return [
        {"threshold": float(at), "tp": int(tp), "fp": int(fp), "tn": other - int(fp), "fn": real - int(tp)}
        for at, tp, fp in zip(thresholds, positives, negatives, strict=True)
    ]


def confusion_matrix(actual: Counts, predicted: Counts, classes: int) -> Counts:
    """How often class i (row) was predicted as class j (column)."""
    return np.bincount(actual * classes + predicted, minlength=classes * classes).reshape(classes, classes)


def multiclass_metrics(matrix: Counts) -> Metrics:
    """Figures of a confusion matrix; a class that is never predicted has a precision of 0."""
    hits, real, said = np.diag(matrix), matrix.sum(axis=1), matrix.sum(axis=0)
    accuracy = float(hits.sum() / matrix.sum())
    precision = float(np.mean(hits / np.maximum(said, 1)))
    recall = float(np.mean(hits / np.maximum(real, 1)))
    f1 = float(np.mean(2 * hits / np.maximum(real + said, 1)))
    values = (accuracy, accuracy, precision, accuracy, recall, accuracy, f1)
    return dict(zip(MULTICLASS, values, strict=True))


def cluster_metrics(distances: Floats, assigned: Counts, rows: Flags) -> Metrics:
    """Figures of the chosen rows: their distance to the centre of their cluster and to all others."""
    chosen, own = distances[rows], assigned[rows]
    if not len(chosen):
        return dict(zip(CLUSTERING, (None, None, 0.0, None), strict=True))
    near = chosen[np.arange(len(chosen)), own]
    others = chosen.shape[1] - 1
    values = (
        float(((chosen.sum(axis=1) - near) / others).mean()) if others else None,
        float(near.mean()),
        float(len(chosen)),
        float(near.max()),
    )
    return dict(zip(CLUSTERING, values, strict=True))


def sampled(values: Sequence[Any] | np.ndarray[Any, Any], most: int) -> Any:
    """At most so many of the values, evenly spaced: enough for a chart."""
    step = max(1, -(-len(values) // most))
    return values[::step]


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None

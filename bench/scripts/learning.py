"""What both scripts do alike: train, score, evaluate."""

import json
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score, roc_auc_score, roc_curve

POSITIVE = "yes"


def fit(features: Any, label: Any) -> HistGradientBoostingClassifier:
    """Train with the settings of the module's defaults."""
    model = HistGradientBoostingClassifier(
        max_leaf_nodes=20,
        min_samples_leaf=10,
        learning_rate=0.2,
        max_iter=100,
        early_stopping=False,
        random_state=0,
    )
    return model.fit(features, label)


def evaluate(label: np.ndarray[Any, Any], probability: np.ndarray[Any, Any]) -> float:
    """Compute the figures that Evaluate Model shows; returns the area under the curve."""
    truth = label == POSITIVE
    predicted = probability > 0.5
    roc_curve(truth, probability)
    for score in (accuracy_score, precision_score, recall_score, f1_score):
        score(truth, predicted)
    return float(roc_auc_score(truth, probability))


def timed(prepare: Callable[[], Any], learn: Callable[[Any], float]) -> None:
    """Print how long both took, without the imports."""
    started = time.perf_counter()
    prepared = prepare()
    before = time.perf_counter() - started
    area = learn(prepared)
    print(json.dumps({"before": before, "whole": time.perf_counter() - started, "auc": area}))

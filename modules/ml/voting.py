"""Several classes told apart by classifiers of two classes."""

from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.multiclass import OneVsOneClassifier

from modules.kit import MulticlassClassifier, SupervisedLearner, TwoClassClassifier
from modules.kit.errors import ModelTypesDiffer, WrongLearner


class OneVsOneVotes(OneVsOneClassifier):  # type: ignore[misc]  # scikit-learn has no types
    """:class:`sklearn.multiclass.OneVsOneClassifier` that also says how the votes fell."""

    def predict_proba(self, features: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
        """The share of the pairwise votes that each class got."""
        decided: np.ndarray[Any, np.dtype[np.float64]] = self.decision_function(features)
        if decided.ndim == 1:
            won = (decided > 0).astype(np.float64)
            return np.column_stack([1 - won, won])
        # The fraction of a decision, which is less than a third, breaks ties by confidence.
        votes = np.abs(np.rint(decided))
        shares: np.ndarray[Any, np.dtype[np.float64]] = votes / votes.sum(axis=1, keepdims=True)
        return shares


def multiclass_of(learner: TwoClassClassifier, ensemble: Any, *, kind: str) -> MulticlassClassifier:
    """A learner of several classes made of one of two; raises 0013 and 0062."""
    port = "untrained_binary_classification_model"
    if isinstance(learner, SupervisedLearner) and not isinstance(learner, TwoClassClassifier):
        raise ModelTypesDiffer(
            f"`{port}` holds a learner of the kind {learner.kind}, and a two-class learner is expected",
            port=port,
            hint="Connect a learner whose name begins with Two-Class.",
        )
    if not isinstance(learner, TwoClassClassifier):
        found = getattr(learner, "kind", "") or type(learner).__name__
        raise WrongLearner(port=port, found=found, expected="a two-class learner")
    inner = clone(learner.estimator)
    if "n_jobs" in inner.get_params():
        # Of many small models each is quicker in one thread, and sums in the same order every time.
        inner.set_params(n_jobs=None)
    sweep = {
        name: tuple(
            (value, {f"estimator__{key}": item for key, item in arguments.items()}) for value, arguments in tried
        )
        for name, tried in learner.sweep.items()
    }
    shown = {"two_class_learner": learner.kind, **learner.parameters}
    return MulticlassClassifier(ensemble(inner), shown, kind=kind, sweep=sweep)

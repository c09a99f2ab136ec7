"""One-vs-All Multiclass: several classes told apart by a learner of two."""

from typing import Annotated

from sklearn.multiclass import OneVsRestClassifier

from modules.kit import ModelSchema, MulticlassClassifier, Port, TwoClassClassifier, module
from modules.ml.voting import multiclass_of


@module(title="One-vs-All Multiclass")
def one_vs_all_multiclass(
    untrained_binary_classification_model: Annotated[
        TwoClassClassifier, Port(help="A two-class learner; its settings are made on its own node")
    ],
) -> Annotated[MulticlassClassifier, Port("untrained_model", help="To be trained with a label of two or more values")]:
    """Predict one of several classes with a model for each class against all others.

    The fit is :class:`sklearn.multiclass.OneVsRestClassifier`: the class whose model is surest wins,
    and its probabilities are scaled to sum up to 1. A range mode of the two-class learner is kept.
    """
    return multiclass_of(untrained_binary_classification_model, OneVsRestClassifier, kind="one_vs_all_multiclass")


@one_vs_all_multiclass.schema
def one_vs_all_multiclass_schema() -> ModelSchema:
    return ModelSchema(task="multiclass")

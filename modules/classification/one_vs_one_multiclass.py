"""One-vs-One Multiclass: several classes told apart by a learner of two."""

from typing import Annotated

from modules.kit import ModelSchema, MulticlassClassifier, Port, TwoClassClassifier, module
from modules.ml.voting import OneVsOneVotes, multiclass_of


@module(title="One-vs-One Multiclass")
def one_vs_one_multiclass(
    untrained_binary_classification_model: Annotated[
        TwoClassClassifier, Port(help="A two-class learner; its settings are made on its own node")
    ],
) -> Annotated[MulticlassClassifier, Port("untrained_model", help="To be trained with a label of two or more values")]:
    """Predict one of several classes with a model for each pair of classes.

    The fit is :class:`sklearn.multiclass.OneVsOneClassifier`: n (n - 1) / 2 models, each of which sees the
    rows of its two classes only. The class with the most votes wins, the surest where votes are equal;
    its probabilities are the shares of the votes. A range mode of the two-class learner is kept.
    """
    return multiclass_of(untrained_binary_classification_model, OneVsOneVotes, kind="one_vs_one_multiclass")


@one_vs_one_multiclass.schema
def one_vs_one_multiclass_schema() -> ModelSchema:
    return ModelSchema(task="multiclass")

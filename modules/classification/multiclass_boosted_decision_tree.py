"""Multiclass Boosted Decision Tree: for each class a sum of small trees."""

from typing import Annotated

from sklearn.ensemble import HistGradientBoostingClassifier

from modules.kit import Integers, ModelSchema, MulticlassClassifier, Numbers, Port, module
from modules.ml.learners import (
    BOOSTED_TREES,
    BOOSTING,
    BOOSTING_RATE,
    LEAF_SAMPLES,
    LEAVES,
    RandomSeed,
    TrainerMode,
    settings_of,
)


@module()
def multiclass_boosted_decision_tree(
    *,
    create_trainer_mode: TrainerMode = "single_parameter",
    number_of_leaves: Annotated[int, LEAVES.single] = 20,
    range_for_number_of_leaves: Annotated[Integers, LEAVES.range] = LEAVES.values,
    samples_per_leaf: Annotated[int, LEAF_SAMPLES.single] = 10,
    range_for_samples_per_leaf: Annotated[Integers, LEAF_SAMPLES.range] = LEAF_SAMPLES.values,
    learning_rate: Annotated[float, BOOSTING_RATE.single] = 0.2,
    range_for_learning_rate: Annotated[Numbers, BOOSTING_RATE.range] = BOOSTING_RATE.values,
    number_of_trees: Annotated[int, BOOSTED_TREES.single] = 100,
    range_for_number_of_trees: Annotated[Integers, BOOSTED_TREES.range] = BOOSTED_TREES.values,
    seed: RandomSeed = None,
) -> Annotated[MulticlassClassifier, Port("untrained_model", help="To be trained with a label of two or more values")]:
    """Predict one of several classes with gradient-boosted trees.

    The trees are those of :class:`sklearn.ensemble.HistGradientBoostingClassifier`: columns are cut
    into at most 255 bins, and a missing number goes to the side of a split that fits it better, so
    no row is left out. The number of trees is exactly what is set; nothing stops it early. It
    counts for each class: three classes take three times as many trees. Two classes are treated like
    more of them: each has its column of probabilities.
    """
    settings = settings_of(
        create_trainer_mode,
        {
            "number_of_leaves": (LEAVES, number_of_leaves, range_for_number_of_leaves),
            "samples_per_leaf": (LEAF_SAMPLES, samples_per_leaf, range_for_samples_per_leaf),
            "learning_rate": (BOOSTING_RATE, learning_rate, range_for_learning_rate),
            "number_of_trees": (BOOSTED_TREES, number_of_trees, range_for_number_of_trees),
        },
    )
    estimator = HistGradientBoostingClassifier(**settings.arguments, **BOOSTING, random_state=seed)
    return MulticlassClassifier(
        estimator, settings.shown, kind="multiclass_boosted_decision_tree", sweep=settings.sweep()
    )


@multiclass_boosted_decision_tree.schema
def multiclass_boosted_decision_tree_schema() -> ModelSchema:
    return ModelSchema(task="multiclass")

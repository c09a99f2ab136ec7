"""Multiclass Decision Forest: many different trees, whose answers are averaged, tell classes apart."""

from typing import Annotated

from modules.kit import Integers, ModelSchema, MulticlassClassifier, Port, module
from modules.ml.forests import FOREST_DEPTH, FOREST_LEAF_SAMPLES, FOREST_TREES, Resampling, forest_of
from modules.ml.learners import RandomSeed, TrainerMode, settings_of


@module()
def multiclass_decision_forest(
    *,
    create_trainer_mode: TrainerMode = "single_parameter",
    number_of_trees: Annotated[int, FOREST_TREES.single] = 8,
    range_for_number_of_trees: Annotated[Integers, FOREST_TREES.range] = FOREST_TREES.values,
    maximum_depth: Annotated[int, FOREST_DEPTH.single] = 32,
    range_for_maximum_depth: Annotated[Integers, FOREST_DEPTH.range] = FOREST_DEPTH.values,
    samples_per_leaf: Annotated[int, FOREST_LEAF_SAMPLES.single] = 1,
    range_for_samples_per_leaf: Annotated[Integers, FOREST_LEAF_SAMPLES.range] = FOREST_LEAF_SAMPLES.values,
    resampling_method: Resampling = "bagging_resampling",
    seed: RandomSeed = None,
) -> Annotated[MulticlassClassifier, Port("untrained_model", help="To be trained with a label of two or more values")]:
    """Predict one of several classes by the mean of many trees.

    Bagging is :class:`sklearn.ensemble.RandomForestClassifier`, replicating is
    :class:`sklearn.ensemble.ExtraTreesClassifier` without drawing rows. Each leaf holds the shares of
    the labels that came there; these are averaged, so that a sure tree weighs more. Two classes are treated
    like more of them: each has its column of probabilities.
    """
    settings = settings_of(
        create_trainer_mode,
        {
            "number_of_trees": (FOREST_TREES, number_of_trees, range_for_number_of_trees),
            "maximum_depth": (FOREST_DEPTH, maximum_depth, range_for_maximum_depth),
            "samples_per_leaf": (FOREST_LEAF_SAMPLES, samples_per_leaf, range_for_samples_per_leaf),
        },
    )
    estimator = forest_of(settings, resampling_method, seed, classifier=True)
    shown = {**settings.shown, "resampling_method": resampling_method}
    return MulticlassClassifier(estimator, shown, kind="multiclass_decision_forest", sweep=settings.sweep())


@multiclass_decision_forest.schema
def multiclass_decision_forest_schema() -> ModelSchema:
    return ModelSchema(task="multiclass")

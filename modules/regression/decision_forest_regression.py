"""Decision Forest Regression: the mean of many different trees."""

from typing import Annotated

from modules.kit import Integers, ModelSchema, Port, Regressor, module
from modules.ml.forests import FOREST_DEPTH, FOREST_LEAF_SAMPLES, FOREST_TREES, Resampling, forest_of
from modules.ml.learners import RandomSeed, TrainerMode, settings_of


@module()
def decision_forest_regression(
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
) -> Annotated[Regressor, Port("untrained_model", help="To be trained with a numeric label")]:
    """Predict a number as the mean of many trees.

    Bagging is :class:`sklearn.ensemble.RandomForestRegressor`, replicating is
    :class:`sklearn.ensemble.ExtraTreesRegressor` without drawing rows.
    """
    settings = settings_of(
        create_trainer_mode,
        {
            "number_of_trees": (FOREST_TREES, number_of_trees, range_for_number_of_trees),
            "maximum_depth": (FOREST_DEPTH, maximum_depth, range_for_maximum_depth),
            "samples_per_leaf": (FOREST_LEAF_SAMPLES, samples_per_leaf, range_for_samples_per_leaf),
        },
    )
    estimator = forest_of(settings, resampling_method, seed, classifier=False)
    shown = {**settings.shown, "resampling_method": resampling_method}
    return Regressor(estimator, shown, kind="decision_forest_regression", sweep=settings.sweep())


@decision_forest_regression.schema
def decision_forest_regression_schema() -> ModelSchema:
    return ModelSchema(task="regression")

"""Decision Forest Regression: the mean of many different trees."""

from typing import Annotated, Literal

from sklearn.ensemble import ExtraTreesRegressor, RandomForestRegressor

from modules.kit import ModelSchema, Param, Port, Regressor, module
from modules.ml.learners import FOREST_DEPTH, FOREST_LEAF_SAMPLES, FOREST_TREES, RandomSeed, TrainerMode, settings_of


@module()
def decision_forest_regression(
    *,
    create_trainer_mode: TrainerMode = "single_parameter",
    number_of_trees: Annotated[int, FOREST_TREES.single] = 8,
    range_for_number_of_trees: Annotated[str, FOREST_TREES.range] = FOREST_TREES.values,
    maximum_depth: Annotated[int, FOREST_DEPTH.single] = 32,
    range_for_maximum_depth: Annotated[str, FOREST_DEPTH.range] = FOREST_DEPTH.values,
    samples_per_leaf: Annotated[int, FOREST_LEAF_SAMPLES.single] = 1,
    range_for_samples_per_leaf: Annotated[str, FOREST_LEAF_SAMPLES.range] = FOREST_LEAF_SAMPLES.values,
    resampling_method: Annotated[
        Literal["bagging_resampling", "replicate_resampling"],
        Param("Each tree learns from rows drawn with repetition, or from all rows with splits drawn at random"),
    ] = "bagging_resampling",
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
    is_bagging = resampling_method == "bagging_resampling"
    forest = RandomForestRegressor if is_bagging else ExtraTreesRegressor
    estimator = forest(
        n_estimators=settings.first["number_of_trees"],
        max_depth=settings.first["maximum_depth"],
        min_samples_leaf=settings.first["samples_per_leaf"],
        bootstrap=is_bagging,
        n_jobs=-1,
        random_state=seed,
    )
    shown = {**settings.shown, "resampling_method": resampling_method}
    return Regressor(estimator, shown, kind="decision_forest_regression")


@decision_forest_regression.schema
def decision_forest_regression_schema() -> ModelSchema:
    return ModelSchema(task="regression")

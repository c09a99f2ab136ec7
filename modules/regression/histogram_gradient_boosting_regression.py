"""Histogram Gradient Boosting Regression: boosted trees with a choice of losses."""

from typing import Annotated, Literal

from sklearn.ensemble import HistGradientBoostingRegressor

from modules.kit import Integers, ModelSchema, Numbers, Param, Port, Regressor, module
from modules.ml.histogram_boosting import (
    FEATURES,
    ITERATIONS,
    LEAVES,
    RATE,
    RIDGE,
    SAMPLES,
    EarlyStopping,
    HeldOutShare,
    MaximumBins,
    MaximumDepth,
    Patience,
    boosting_settings,
    fixed_settings,
)
from modules.ml.learners import RandomSeed, TrainerMode


@module()
def histogram_gradient_boosting_regression(
    *,
    create_trainer_mode: TrainerMode = "single_parameter",
    loss: Annotated[
        Literal["squared_error", "absolute_error", "poisson", "gamma", "quantile"],
        Param("What is made small: it decides whether a mean, a median or a quantile is predicted"),
    ] = "squared_error",
    quantile: Annotated[
        float, Param("The share of the labels that lies below the prediction", gt=0, lt=1, when={"loss": "quantile"})
    ] = 0.5,
    learning_rate: Annotated[float, RATE.single] = 0.1,
    range_for_learning_rate: Annotated[Numbers, RATE.range] = RATE.values,
    maximum_iterations: Annotated[int, ITERATIONS.single] = 100,
    range_for_maximum_iterations: Annotated[Integers, ITERATIONS.range] = ITERATIONS.values,
    maximum_leaves: Annotated[int, LEAVES.single] = 31,
    range_for_maximum_leaves: Annotated[Integers, LEAVES.range] = LEAVES.values,
    minimum_samples_per_leaf: Annotated[int, SAMPLES.single] = 20,
    range_for_minimum_samples_per_leaf: Annotated[Integers, SAMPLES.range] = SAMPLES.values,
    l2_regularization_weight: Annotated[float, RIDGE.single] = 0.0,
    range_for_l2_regularization_weight: Annotated[Numbers, RIDGE.range] = RIDGE.values,
    share_of_features: Annotated[float, FEATURES.single] = 1.0,
    range_for_share_of_features: Annotated[Numbers, FEATURES.range] = FEATURES.values,
    maximum_depth: MaximumDepth = None,
    maximum_bins: MaximumBins = 255,
    early_stopping: EarlyStopping = True,
    iterations_without_gain: Patience = 10,
    held_out_share: HeldOutShare = 0.1,
    seed: RandomSeed = None,
) -> Annotated[Regressor, Port("untrained_model", help="To be trained with a numeric label")]:
    """Predict a number with gradient-boosted trees over binned columns.

    The trees are those of :class:`sklearn.ensemble.HistGradientBoostingRegressor` with its own defaults. Numbers
    are cut into bins, which makes large tables quick, and a missing number goes to the side of a split
    that fits it better, so that no row is left out. Early stopping holds out a share of the rows and ends the
    training when these are predicted no better. The loss decides what is predicted: the mean (squared
    error, or Poisson and gamma for labels that are never negative), the median (absolute error) or a
    quantile.
    """
    settings = boosting_settings(
        create_trainer_mode,
        rate=(learning_rate, range_for_learning_rate),
        iterations=(maximum_iterations, range_for_maximum_iterations),
        leaves=(maximum_leaves, range_for_maximum_leaves),
        samples=(minimum_samples_per_leaf, range_for_minimum_samples_per_leaf),
        ridge=(l2_regularization_weight, range_for_l2_regularization_weight),
        features=(share_of_features, range_for_share_of_features),
    )
    fixed = fixed_settings(
        depth=maximum_depth,
        bins=maximum_bins,
        stops=early_stopping,
        patience=iterations_without_gain,
        held_out=held_out_share,
        seed=seed,
    )
    estimator = HistGradientBoostingRegressor(
        loss=loss, quantile=quantile if loss == "quantile" else None, **settings.arguments, **fixed
    )
    shown = {**settings.shown, "loss": loss, "early_stopping": early_stopping}
    return Regressor(estimator, shown, kind="histogram_gradient_boosting_regression", sweep=settings.sweep())


@histogram_gradient_boosting_regression.schema
def histogram_gradient_boosting_regression_schema() -> ModelSchema:
    return ModelSchema(task="regression")

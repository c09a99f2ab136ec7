"""Multiclass Histogram Gradient Boosting: boosted trees that stop by themselves."""

from typing import Annotated

from sklearn.ensemble import HistGradientBoostingClassifier

from modules.kit import Integers, ModelSchema, MulticlassClassifier, Numbers, Port, module
from modules.ml.histogram_boosting import (
    FEATURES,
    ITERATIONS,
    LEAVES,
    RATE,
    RIDGE,
    SAMPLES,
    Balanced,
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
def multiclass_histogram_gradient_boosting(
    *,
    create_trainer_mode: TrainerMode = "single_parameter",
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
    balance_classes: Balanced = False,
    early_stopping: EarlyStopping = True,
    iterations_without_gain: Patience = 10,
    held_out_share: HeldOutShare = 0.1,
    seed: RandomSeed = None,
) -> Annotated[MulticlassClassifier, Port("untrained_model", help="To be trained with a label of two or more values")]:
    """Predict one of several classes with gradient-boosted trees over binned columns.

    The trees are those of :class:`sklearn.ensemble.HistGradientBoostingClassifier` with its own defaults. Numbers
    are cut into bins, which makes large tables quick, and a missing number goes to the side of a split
    that fits it better, so that no row is left out. Early stopping holds out a share of the rows and ends the
    training when these are predicted no better. Two
    classes are treated like more of them: each has its column of probabilities.
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
    estimator = HistGradientBoostingClassifier(
        class_weight="balanced" if balance_classes else None, **settings.arguments, **fixed
    )
    shown = {**settings.shown, "balance_classes": balance_classes, "early_stopping": early_stopping}
    return MulticlassClassifier(estimator, shown, kind="multiclass_histogram_gradient_boosting", sweep=settings.sweep())


@multiclass_histogram_gradient_boosting.schema
def multiclass_histogram_gradient_boosting_schema() -> ModelSchema:
    return ModelSchema(task="multiclass")

"""Two-Class Logistic Regression: a weighted sum of the features tells two classes apart."""

from typing import Annotated

from modules.kit import ModelSchema, Numbers, Port, TwoClassClassifier, module
from modules.ml.learners import MOST_ITERATIONS, RIDGE_WEIGHT, TOLERANCE, RandomSeed, TrainerMode, settings_of
from modules.ml.logistic import Logistic


@module(title="Two-Class Logistic Regression")
def two_class_logistic_regression(
    *,
    create_trainer_mode: TrainerMode = "single_parameter",
    optimization_tolerance: Annotated[float, TOLERANCE.single] = 1e-7,
    range_for_optimization_tolerance: Annotated[Numbers, TOLERANCE.range] = TOLERANCE.values,
    l2_regularization_weight: Annotated[float, RIDGE_WEIGHT.single] = 1.0,
    range_for_l2_regularization_weight: Annotated[Numbers, RIDGE_WEIGHT.range] = RIDGE_WEIGHT.values,
    seed: RandomSeed = None,
) -> Annotated[TwoClassClassifier, Port("untrained_model", help="To be trained with a label of two values")]:
    """Predict one of two classes by a weighted sum of the features.

    The fit is :class:`sklearn.linear_model.LogisticRegression` with C = 1 / weight. It needs complete
    rows. The weight counts alike for all columns, so that those of like size are treated alike: put
    Normalize Data before it. The
    positive class is the label that comes last in order.
    """
    settings = settings_of(
        create_trainer_mode,
        {
            "optimization_tolerance": (TOLERANCE, optimization_tolerance, range_for_optimization_tolerance),
            "l2_regularization_weight": (RIDGE_WEIGHT, l2_regularization_weight, range_for_l2_regularization_weight),
        },
    )
    estimator = Logistic(**settings.arguments, max_iter=MOST_ITERATIONS, random_state=seed)
    return TwoClassClassifier(estimator, settings.shown, kind="two_class_logistic_regression", sweep=settings.sweep())


@two_class_logistic_regression.schema
def two_class_logistic_regression_schema() -> ModelSchema:
    return ModelSchema(task="two_class")

"""Poisson Regression: a weighted sum of the features tells the logarithm of a count."""

from typing import Annotated

from modules.kit import Integers, ModelSchema, Numbers, Port, Regressor, module
from modules.ml.learners import TOLERANCE, Swept, TrainerMode, settings_of
from modules.ml.poisson import PoissonElasticNet

LASSO_WEIGHT = Swept(
    title="L1 regularization weight",
    help="How much weights are punished for not being 0",
    values="0.0; 0.01; 0.1; 1.0",
    argument="l1_weight",
    ge=0,
)
RIDGE_WEIGHT = Swept(
    title="L2 regularization weight",
    help="How much large weights are punished",
    values="0.01; 0.1; 1.0",
    argument="l2_weight",
    ge=0,
)
MEMORY = Swept(
    title="Memory size for L-BFGS",
    help="How many steps the search remembers; more of them take more memory and fewer steps",
    values="5; 20; 50",
    argument="memory",
    whole=True,
    ge=1,
)


@module()
def poisson_regression(
    *,
    create_trainer_mode: TrainerMode = "single_parameter",
    optimization_tolerance: Annotated[float, TOLERANCE.single] = 1e-7,
    range_for_optimization_tolerance: Annotated[Numbers, TOLERANCE.range] = TOLERANCE.values,
    l1_regularization_weight: Annotated[float, LASSO_WEIGHT.single] = 1.0,
    range_for_l1_regularization_weight: Annotated[Numbers, LASSO_WEIGHT.range] = LASSO_WEIGHT.values,
    l2_regularization_weight: Annotated[float, RIDGE_WEIGHT.single] = 1.0,
    range_for_l2_regularization_weight: Annotated[Numbers, RIDGE_WEIGHT.range] = RIDGE_WEIGHT.values,
    memory_size: Annotated[int, MEMORY.single] = 20,
    range_for_memory_size: Annotated[Integers, MEMORY.range] = MEMORY.values,
) -> Annotated[Regressor, Port("untrained_model", help="To be trained with counts: numbers of at least 0")]:
    """Predict a count.

    The logarithm of the expected count is a weighted sum of the features, so that predictions are
    positive. Both weights are measured against the sum of the losses of all rows, as in the logistic
    regressions: without the L1 part this is :class:`sklearn.linear_model.PoissonRegressor` with alpha =
    weight / rows. A negative label is refused. It needs complete rows, and columns of like size: put
    Normalize Data before it.
    """
    settings = settings_of(
        create_trainer_mode,
        {
            "optimization_tolerance": (TOLERANCE, optimization_tolerance, range_for_optimization_tolerance),
            "l1_regularization_weight": (LASSO_WEIGHT, l1_regularization_weight, range_for_l1_regularization_weight),
            "l2_regularization_weight": (RIDGE_WEIGHT, l2_regularization_weight, range_for_l2_regularization_weight),
            "memory_size": (MEMORY, memory_size, range_for_memory_size),
        },
    )
    estimator = PoissonElasticNet(**settings.arguments)
    return Regressor(estimator, settings.shown, kind="poisson_regression", sweep=settings.sweep())


@poisson_regression.schema
def poisson_regression_schema() -> ModelSchema:
    return ModelSchema(task="regression")

"""Linear Regression: a weighted sum of the features."""

from typing import Annotated, Literal

from sklearn.linear_model import LinearRegression, Ridge, SGDRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

from modules.kit import ModelSchema, Param, Port, Regressor, Seed, module

LEAST_SQUARES = {"solution_method": "ordinary_least_squares"}
DESCENT = {"solution_method": "online_gradient_descent"}


@module()
def linear_regression(
    *,
    solution_method: Annotated[
        Literal["ordinary_least_squares", "online_gradient_descent"], Param("How the weights are found")
    ] = "ordinary_least_squares",
    l2_regularization_weight: Annotated[
        float, Param("How much large weights are punished", title="L2 regularization weight", ge=0)
    ] = 0.001,
    include_intercept_term: Annotated[bool, Param("Fit a constant too", when=LEAST_SQUARES)] = True,
    learning_rate: Annotated[float, Param("Size of the first step", gt=0, when=DESCENT)] = 0.1,
    number_of_training_epochs: Annotated[int, Param("Passes over the data", ge=1, when=DESCENT)] = 10,
    normalize_features: Annotated[bool, Param("Scale features to 0..1 inside the model", when=DESCENT)] = True,
    decrease_learning_rate: Annotated[bool, Param("Make steps smaller as training goes on", when=DESCENT)] = True,
    seed: Annotated[
        Seed | None, Param("Order of the rows in training; blank draws one", title="Random number seed", when=DESCENT)
    ] = None,
) -> Annotated[Regressor, Port("untrained_model")]:
    """Predict a number as a weighted sum of the features.

    Ordinary least squares with a weight above 0 is a ridge fit
    (:class:`sklearn.linear_model.Ridge`). Gradient descent is
    :class:`sklearn.linear_model.SGDRegressor`.
    """
    if solution_method == "ordinary_least_squares":
        if l2_regularization_weight > 0:
            estimator = Ridge(alpha=l2_regularization_weight, fit_intercept=include_intercept_term)
        else:
            estimator = LinearRegression(fit_intercept=include_intercept_term)
        return Regressor(estimator, {"alpha": l2_regularization_weight}, kind="linear_regression")
    descent = SGDRegressor(
        penalty="l2",
        alpha=l2_regularization_weight,
        eta0=learning_rate,
        learning_rate="invscaling" if decrease_learning_rate else "constant",
        max_iter=number_of_training_epochs,
        tol=None,
        random_state=seed,
    )
    estimator = make_pipeline(MinMaxScaler(), descent) if normalize_features else descent
    return Regressor(estimator, {"alpha": l2_regularization_weight, "eta0": learning_rate}, kind="linear_regression")


@linear_regression.schema
def linear_regression_schema() -> ModelSchema:
    return ModelSchema(task="regression")

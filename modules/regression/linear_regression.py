"""Linear Regression: a weighted sum of the features."""

from typing import Annotated, Literal

from sklearn.linear_model import LinearRegression, Ridge, SGDRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

from modules.kit import Integers, ModelSchema, Numbers, Param, Port, Regressor, Seed, module
from modules.ml.learners import Swept, settings_of

DESCENT = {"solution_method": "online_gradient_descent"}
LEAST_SQUARES = {"solution_method": "ordinary_least_squares"}

WEIGHT = Swept(
    title="L2 regularization weight",
    help="How much large weights are punished",
    values="0.001; 0.01; 0.1",
    argument="alpha",
    ge=0,
    when=DESCENT,
)
RATE = Swept(
    title="Learning rate",
    help="Size of the first step",
    values="0.025; 0.05; 0.1; 0.2",
    argument="eta0",
    gt=0,
    when=DESCENT,
)
EPOCHS = Swept(
    title="Number of training epochs",
    help="Passes over the data",
    values="1; 10; 100",
    argument="max_iter",
    whole=True,
    ge=1,
    when=DESCENT,
)


@module()
def linear_regression(
    *,
    solution_method: Annotated[
        Literal["ordinary_least_squares", "online_gradient_descent"], Param("How the weights are found")
    ] = "ordinary_least_squares",
    create_trainer_mode: Annotated[
        Literal["single_parameter", "parameter_range"],
        Param("Fixed values for Train Model, or lists of values that Tune Model Hyperparameters tries", when=DESCENT),
    ] = "single_parameter",
    l2_regularization_weight: Annotated[float, Param(WEIGHT.help, title=WEIGHT.title, ge=0)] = 0.001,
    range_for_l2_regularization_weight: Annotated[Numbers, WEIGHT.range] = WEIGHT.values,
    include_intercept_term: Annotated[bool, Param("Fit a constant too", when=LEAST_SQUARES)] = True,
    learning_rate: Annotated[float, RATE.single] = 0.1,
    range_for_learning_rate: Annotated[Numbers, RATE.range] = RATE.values,
    number_of_training_epochs: Annotated[int, EPOCHS.single] = 10,
    range_for_number_of_training_epochs: Annotated[Integers, EPOCHS.range] = EPOCHS.values,
    normalize_features: Annotated[bool, Param("Scale features to 0..1 inside the model", when=DESCENT)] = True,
    decrease_learning_rate: Annotated[bool, Param("Make steps smaller as training goes on", when=DESCENT)] = True,
    seed: Annotated[
        Seed | None, Param("Order of the rows in training; blank draws one", title="Random number seed", when=DESCENT)
    ] = None,
) -> Annotated[Regressor, Port("untrained_model", help="To be trained with a numeric label")]:
    """Predict a number as a weighted sum of the features.

    Ordinary least squares with a weight above 0 is a ridge fit
    (:class:`sklearn.linear_model.Ridge`). Gradient descent is
    :class:`sklearn.linear_model.SGDRegressor`. Both need complete rows.
    """
    if solution_method == "ordinary_least_squares":
        if l2_regularization_weight > 0:
            estimator = Ridge(alpha=l2_regularization_weight, fit_intercept=include_intercept_term)
        else:
            estimator = LinearRegression(fit_intercept=include_intercept_term)
        shown = {
            "solution_method": solution_method,
            "l2_regularization_weight": l2_regularization_weight,
            "include_intercept_term": include_intercept_term,
        }
        return Regressor(estimator, shown, kind="linear_regression")
    settings = settings_of(
        create_trainer_mode,
        {
            "l2_regularization_weight": (WEIGHT, l2_regularization_weight, range_for_l2_regularization_weight),
            "learning_rate": (RATE, learning_rate, range_for_learning_rate),
            "number_of_training_epochs": (EPOCHS, number_of_training_epochs, range_for_number_of_training_epochs),
        },
    )
    descent = SGDRegressor(
        penalty="l2",
        **settings.arguments,
        learning_rate="invscaling" if decrease_learning_rate else "constant",
        tol=None,
        random_state=seed,
    )
    estimator = make_pipeline(MinMaxScaler(), descent) if normalize_features else descent
    shown = {"solution_method": solution_method, **settings.shown, "normalize_features": normalize_features}
    sweep = settings.sweep("sgdregressor__" if normalize_features else "")
    return Regressor(estimator, shown, kind="linear_regression", sweep=sweep)


@linear_regression.schema
def linear_regression_schema() -> ModelSchema:
    return ModelSchema(task="regression")

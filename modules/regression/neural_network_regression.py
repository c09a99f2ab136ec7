"""Neural Network Regression: layers of nodes that predict a number."""

from typing import Annotated

from sklearn.compose import TransformedTargetRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from modules.kit import Integers, ModelSchema, Numbers, Port, Regressor, module
from modules.ml.learners import RandomSeed, TrainerMode
from modules.ml.networks import (
    HIDDEN_NODES,
    NETWORK_ITERATIONS,
    NETWORK_RATE,
    HiddenLayers,
    Momentum,
    Shuffle,
    network_of,
    network_settings,
)


@module()
def neural_network_regression(
    *,
    create_trainer_mode: TrainerMode = "single_parameter",
    hidden_layer_specification: HiddenLayers = "fully_connected_case",
    number_of_hidden_nodes: Annotated[str, HIDDEN_NODES.single] = "100",
    range_for_number_of_hidden_nodes: Annotated[str, HIDDEN_NODES.range] = HIDDEN_NODES.values,
    learning_rate: Annotated[float, NETWORK_RATE.single] = 0.1,
    range_for_learning_rate: Annotated[Numbers, NETWORK_RATE.range] = NETWORK_RATE.values,
    number_of_learning_iterations: Annotated[int, NETWORK_ITERATIONS.single] = 100,
    range_for_number_of_learning_iterations: Annotated[Integers, NETWORK_ITERATIONS.range] = NETWORK_ITERATIONS.values,
    momentum: Momentum = 0.0,
    shuffle_examples: Shuffle = True,
    seed: RandomSeed = None,
) -> Annotated[Regressor, Port("untrained_model", help="To be trained with a numeric label")]:
    """Predict a number with a multilayer perceptron.

    The network is :class:`sklearn.neural_network.MLPRegressor`, trained by stochastic gradient
    descent. Features and label are brought to a mean of 0 and a deviation of 1 inside the model,
    without which such steps lead nowhere. It needs complete rows.
    """
    settings = network_settings(
        create_trainer_mode,
        nodes=(number_of_hidden_nodes, range_for_number_of_hidden_nodes),
        rate=(learning_rate, range_for_learning_rate),
        iterations=(number_of_learning_iterations, range_for_number_of_learning_iterations),
    )
    network = network_of(settings, momentum, seed, shuffle=shuffle_examples, classifier=False)
    estimator = TransformedTargetRegressor(make_pipeline(StandardScaler(), network), transformer=StandardScaler())
    shown = {**settings.shown, "momentum": momentum, "shuffle_examples": shuffle_examples}
    sweep = settings.sweep("regressor__mlpregressor__")
    return Regressor(estimator, shown, kind="neural_network_regression", sweep=sweep)


@neural_network_regression.schema
def neural_network_regression_schema() -> ModelSchema:
    return ModelSchema(task="regression")

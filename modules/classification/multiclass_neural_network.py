"""Multiclass Neural Network: layers of nodes that tell classes apart."""

from typing import Annotated

from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from modules.kit import Integers, ModelSchema, MulticlassClassifier, Numbers, Port, module
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
def multiclass_neural_network(
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
) -> Annotated[MulticlassClassifier, Port("untrained_model", help="To be trained with a label of two or more values")]:
    """Predict one of several classes with a multilayer perceptron.

    The network is :class:`sklearn.neural_network.MLPClassifier`, trained by stochastic gradient
    descent. Features are brought to a mean of 0 and a deviation of 1 inside the model, without which
    such steps lead nowhere. It needs complete rows. Two classes are treated
    like more of them: each has its column of probabilities.
    """
    settings = network_settings(
        create_trainer_mode,
        nodes=(number_of_hidden_nodes, range_for_number_of_hidden_nodes),
        rate=(learning_rate, range_for_learning_rate),
        iterations=(number_of_learning_iterations, range_for_number_of_learning_iterations),
    )
    network = network_of(settings, momentum, seed, shuffle=shuffle_examples, classifier=True)
    estimator = make_pipeline(StandardScaler(), network)
    shown = {**settings.shown, "momentum": momentum, "shuffle_examples": shuffle_examples}
    sweep = settings.sweep("mlpclassifier__")
    return MulticlassClassifier(estimator, shown, kind="multiclass_neural_network", sweep=sweep)


@multiclass_neural_network.schema
def multiclass_neural_network_schema() -> ModelSchema:
    return ModelSchema(task="multiclass")

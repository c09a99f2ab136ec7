"""What neural networks share."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from sklearn.neural_network import MLPClassifier, MLPRegressor

from modules.kit import Param
from modules.kit.errors import NotConvertible, TooSmall
from modules.ml.learners import Settings, Swept, settings_of


@dataclass(frozen=True, eq=False, kw_only=True)
class SweptLayers(Swept):
    """Sizes of the hidden layers of a network: ``100``, or ``100, 50`` for two layers."""

    def parse(self, text: str, *, parameter: str) -> Any:
        """The text, as it is checked."""
        return text

    def check(self, value: Any, *, parameter: str) -> Any:
        """The sizes as text; raises 0002 and 0005."""
        try:
            sizes = sizes_of(value)
        except ValueError:
            hint = "Write one number of nodes, or several with commas between for several layers."
            raise NotConvertible(value=value, to="numbers of nodes", parameter=parameter, hint=hint) from None
        if min(sizes) < 1:
            raise TooSmall(parameter=parameter, bound=1, actual=min(sizes))
        return ", ".join(map(str, sizes))


def sizes_of(text: str) -> tuple[int, ...]:
    """Read ``100, 50``; raises ValueError."""
    return tuple(int(part) for part in text.split(","))


HIDDEN_NODES = SweptLayers(
    title="Number of hidden nodes",
    help="Nodes of the hidden layer; several layers with commas between, as in 100, 50",
    values="100",
    argument="hidden_layer_sizes",
    convert=sizes_of,
)
NETWORK_RATE = Swept(
    title="Learning rate",
    help="Size of the steps in training",
    values="0.1; 0.2; 0.4",
    argument="learning_rate_init",
    gt=0,
    le=2,
)
NETWORK_ITERATIONS = Swept(
    title="Number of learning iterations",
    help="Passes over the rows, at most: training ends when ten of them have brought nothing",
    values="20; 40; 80; 160",
    argument="max_iter",
    whole=True,
    ge=1,
)
HiddenLayers = Annotated[
    Literal["fully_connected_case"],
    Param(
        "Each node is connected with all of the layer before",
        title="Hidden layer specification",
        titles={"fully_connected_case": "Fully-connected case"},
    ),
]
Momentum = Annotated[
    float, Param("Share of the step before that goes into the next one", title="The momentum", ge=0, le=1)
]
Shuffle = Annotated[bool, Param("Take the rows in a new order in each pass", title="Shuffle examples")]


def network_of(settings: Settings, momentum: float, seed: int | None, *, shuffle: bool, classifier: bool) -> Any:
    """A multilayer perceptron that is trained by stochastic gradient descent."""
    network = MLPClassifier if classifier else MLPRegressor
    return network(**settings.arguments, solver="sgd", momentum=momentum, shuffle=shuffle, random_state=seed)


def network_settings(
    mode: str, *, nodes: tuple[str, str], rate: tuple[float, str], iterations: tuple[int, str]
) -> Settings:
    """Read the settings of a network, each a value and a list; raises the codes of `settings_of`."""
    return settings_of(
        mode,
        {
            "number_of_hidden_nodes": (HIDDEN_NODES, *nodes),
            "learning_rate": (NETWORK_RATE, *rate),
            "number_of_learning_iterations": (NETWORK_ITERATIONS, *iterations),
        },
    )

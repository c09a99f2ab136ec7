"""The network that the parameters stand for, and its probabilities."""

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from modules.classification.multiclass_neural_network import multiclass_neural_network
from modules.kit.errors import ModuleError
from tests.modules.learning import MATRIX, ROWS, probabilities, scores

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def test_the_defaults_are_those_of_the_reference() -> None:
    network = multiclass_neural_network(seed=5).estimator[-1]
    assert (network.hidden_layer_sizes, network.learning_rate_init, network.max_iter) == ((100,), 0.1, 100)
    assert (network.solver, network.momentum, network.shuffle, network.random_state) == ("sgd", 0.0, True, 5)


def test_probabilities_equal_those_of_scikit_learn() -> None:
    found = scores(multiclass_neural_network(number_of_hidden_nodes="8, 4", momentum=0.5, seed=5), "grade")
    plain = MLPClassifier(
        hidden_layer_sizes=(8, 4), solver="sgd", learning_rate_init=0.1, max_iter=100, momentum=0.5, random_state=5
    )
    expected = make_pipeline(StandardScaler(), plain).fit(MATRIX, ROWS["grade"].to_numpy())
    assert np.allclose(probabilities(found), expected.predict_proba(MATRIX), rtol=1e-12)


def test_range_mode_sweeps_layers_too() -> None:
    learner = multiclass_neural_network(
        create_trainer_mode="parameter_range", range_for_number_of_hidden_nodes="100; 50,20"
    )
    assert learner.parameters["number_of_hidden_nodes"] == ["100", "50, 20"]
    assert learner.sweep["number_of_hidden_nodes"][1][1] == {"mlpclassifier__hidden_layer_sizes": (50, 20)}


@pytest.mark.parametrize(
    ("settings", "code", "parameter"),
    [
        ({"number_of_hidden_nodes": "many"}, "0002", "number_of_hidden_nodes"),
        ({"number_of_hidden_nodes": "10, 0"}, "0005", "number_of_hidden_nodes"),
        ({"learning_rate": 0.0}, "0004", "learning_rate"),
        ({"learning_rate": 2.5}, "0007", "learning_rate"),
        ({"number_of_learning_iterations": 0}, "0005", "number_of_learning_iterations"),
    ],
)
def test_a_wrong_setting_has_a_code(settings: dict[str, object], code: str, parameter: str) -> None:
    with pytest.raises(ModuleError) as caught:
        multiclass_neural_network(**settings)  # type: ignore[arg-type]  # any of the choices
    assert (caught.value.code, caught.value.parameter) == (code, parameter)

"""The network that the parameters stand for, and its predictions."""

import numpy as np
import pytest
from sklearn.neural_network import MLPRegressor
from sklearn.preprocessing import StandardScaler

from modules.kit import Regressor
from modules.kit.errors import ModuleError
from modules.regression.neural_network_regression import neural_network_regression
from tests.modules.learning import MATRIX, ROWS, scores

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def test_the_defaults_are_those_of_the_reference() -> None:
    learner = neural_network_regression(seed=5)
    assert isinstance(learner, Regressor)
    network = learner.estimator.regressor[-1]
    assert (network.hidden_layer_sizes, network.learning_rate_init, network.max_iter) == ((100,), 0.1, 100)
    assert (network.solver, network.momentum, network.shuffle, network.random_state) == ("sgd", 0.0, True, 5)


def test_predictions_equal_those_of_scikit_learn() -> None:
    found = scores(neural_network_regression(number_of_hidden_nodes="8", shuffle_examples=False, seed=5), "price")
    features, label = StandardScaler().fit(MATRIX), StandardScaler().fit(ROWS.select("price").to_numpy())
    plain = MLPRegressor(
        hidden_layer_sizes=(8,), solver="sgd", learning_rate_init=0.1, momentum=0.0, max_iter=100, shuffle=False
    )
    plain.set_params(random_state=5).fit(
        features.transform(MATRIX), label.transform(ROWS.select("price").to_numpy())[:, 0]
    )
    expected = label.inverse_transform(plain.predict(features.transform(MATRIX))[:, None])[:, 0]
    assert np.allclose(found["Scored Labels"].to_numpy(), expected, rtol=1e-9)


def test_a_large_label_is_learnt_too() -> None:
    error = (scores(neural_network_regression(seed=5), "price")["Scored Labels"] - ROWS["price"]).abs().mean()
    assert error < 10


def test_range_mode_reaches_the_network_inside() -> None:
    learner = neural_network_regression(create_trainer_mode="parameter_range")
    arguments = learner.sweep["number_of_learning_iterations"][0][1]
    assert learner.estimator.set_params(**arguments).regressor[-1].max_iter == 20


@pytest.mark.parametrize(("nodes", "code"), [("", "0002"), ("1.5", "0002"), ("-3", "0005")])
def test_wrong_nodes_have_a_code(nodes: str, code: str) -> None:
    with pytest.raises(ModuleError) as caught:
        neural_network_regression(number_of_hidden_nodes=nodes)
    assert (caught.value.code, caught.value.parameter) == (code, "number_of_hidden_nodes")

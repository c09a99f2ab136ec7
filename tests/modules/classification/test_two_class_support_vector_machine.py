"""The estimator that the parameters stand for, and its probabilities."""

import numpy as np
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from modules.classification.two_class_support_vector_machine import two_class_support_vector_machine
from modules.kit import TwoClassClassifier
from modules.kit.errors import ModuleError
from tests.modules.learning import MATRIX, ROWS, probabilities, scores


def test_the_defaults_are_those_of_the_reference() -> None:
    learner = two_class_support_vector_machine(seed=5)
    assert isinstance(learner, TwoClassClassifier)
    machine = learner.estimator.estimator[-1]
    assert (machine.loss, machine.penalty, machine.alpha) == ("hinge", "l2", 0.001)
    assert (machine.max_iter, machine.random_state) == (10, 5)


@pytest.mark.parametrize("normalize", [True, False])
def test_probabilities_equal_those_of_scikit_learn(normalize: bool) -> None:
    found = scores(two_class_support_vector_machine(normalize_features=normalize, seed=5), "sold")
    plain = SGDClassifier(loss="hinge", alpha=0.001, max_iter=10, tol=None, random_state=5)
    inner = make_pipeline(StandardScaler(), plain) if normalize else plain
    expected = CalibratedClassifierCV(inner, cv=5, ensemble=False).fit(MATRIX, ROWS["sold"].to_numpy())
    assert np.allclose(probabilities(found), expected.predict_proba(MATRIX)[:, 1:], rtol=1e-12)


@pytest.mark.parametrize("normalize", [True, False])
def test_range_mode_reaches_the_machine_inside(normalize: bool) -> None:
    learner = two_class_support_vector_machine(create_trainer_mode="parameter_range", normalize_features=normalize)
    assert learner.parameters["lambda_weight"] == [0.00001, 0.0001, 0.001, 0.01, 0.1]
    changed = learner.estimator.set_params(**learner.sweep["lambda_weight"][4][1]).get_params()
    assert 0.1 in {value for name, value in changed.items() if name.endswith("alpha")}


@pytest.mark.parametrize(
    ("settings", "code"), [({"lambda_weight": 0.0}, "0004"), ({"number_of_iterations": 0}, "0005")]
)
def test_a_number_out_of_bounds_has_a_code(settings: dict[str, float], code: str) -> None:
    with pytest.raises(ModuleError) as caught:
        two_class_support_vector_machine(**settings)  # type: ignore[arg-type]  # any of the choices
    assert (caught.value.code, caught.value.parameter) == (code, *settings)

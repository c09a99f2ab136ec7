"""The estimator that the parameters stand for, and its probabilities."""

import numpy as np
import polars as pl
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from modules.classification.two_class_averaged_perceptron import two_class_averaged_perceptron
from modules.kit import Table, TwoClassClassifier
from modules.kit.errors import ModuleError
from modules.ml.scoring import scores_of
from modules.ml.training import lesson_of, train
from tests.modules.learning import MATRIX, ROWS, probabilities, scores, table_with


def test_the_defaults_are_those_of_the_reference() -> None:
    learner = two_class_averaged_perceptron(seed=5)
    assert isinstance(learner, TwoClassClassifier)
    perceptron = learner.estimator.estimator[-1]
    assert (perceptron.loss, perceptron.penalty, perceptron.average) == ("perceptron", None, True)
    assert (perceptron.learning_rate, perceptron.eta0, perceptron.max_iter) == ("constant", 1.0, 10)
    assert perceptron.random_state == 5


def test_probabilities_equal_those_of_scikit_learn() -> None:
    found = scores(two_class_averaged_perceptron(learning_rate=0.5, seed=5), "sold")
    plain = SGDClassifier(loss="perceptron", penalty=None, learning_rate="constant", eta0=0.5, max_iter=10)
    plain.set_params(tol=None, average=True, random_state=5)
    whole = CalibratedClassifierCV(make_pipeline(StandardScaler(), plain), method="sigmoid", cv=5, ensemble=False)
    expected = whole.fit(MATRIX, ROWS["sold"].to_numpy())
    assert np.allclose(probabilities(found), expected.predict_proba(MATRIX)[:, 1:], rtol=1e-12)


def test_weights_are_told() -> None:
    learner = two_class_averaged_perceptron(seed=5)
    model = train(learner, lesson_of(learner, table_with("sold"), "sold"))
    assert model.details["coefficients"][0]["feature"] == "size"


@pytest.mark.parametrize("others", [1, 2, 7])
def test_a_class_of_one_row_is_learnt_from(others: int) -> None:
    rows = ROWS.select("size", "sold")
    few = pl.concat([rows.filter(sold="yes").head(1), rows.filter(sold="no").head(others)])
    learner = two_class_averaged_perceptron(seed=5)
    model = train(learner, lesson_of(learner, Table(few.lazy()), "sold"))
    assert scores_of(model, few)["Scored Probabilities"].is_between(0, 1).all()


def test_range_mode_reaches_the_perceptron_inside() -> None:
    learner = two_class_averaged_perceptron(create_trainer_mode="parameter_range")
    assert learner.parameters["learning_rate"] == [0.1, 0.5, 1.0]
    assert learner.estimator.set_params(**learner.sweep["learning_rate"][1][1]).estimator[-1].eta0 == 0.5


@pytest.mark.parametrize(
    ("settings", "code"), [({"learning_rate": 0.0}, "0004"), ({"maximum_number_of_iterations": 0}, "0005")]
)
def test_a_number_out_of_bounds_has_a_code(settings: dict[str, float], code: str) -> None:
    with pytest.raises(ModuleError) as caught:
        two_class_averaged_perceptron(**settings)  # type: ignore[arg-type]  # any of the choices
    assert (caught.value.code, caught.value.parameter) == (code, *settings)

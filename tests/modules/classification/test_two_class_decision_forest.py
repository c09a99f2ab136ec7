"""The estimators that the parameters stand for, and their probabilities."""

import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier

from modules.classification.two_class_decision_forest import two_class_decision_forest
from modules.kit.errors import ModuleError
from tests.modules.learning import MATRIX, ROWS, probabilities, scores


def test_the_defaults_are_those_of_the_reference() -> None:
    estimator = two_class_decision_forest(seed=5).estimator
    assert isinstance(estimator, RandomForestClassifier)
    assert (estimator.n_estimators, estimator.max_depth, estimator.min_samples_leaf) == (8, 32, 1)
    assert (estimator.bootstrap, estimator.random_state) == (True, 5)


@pytest.mark.parametrize(
    ("method", "plain"),
    [
        ("bagging_resampling", RandomForestClassifier(8, max_depth=32, random_state=5)),
        ("replicate_resampling", ExtraTreesClassifier(8, max_depth=32, random_state=5)),
    ],
)
def test_probabilities_equal_those_of_scikit_learn(method: str, plain: RandomForestClassifier) -> None:
    found = scores(two_class_decision_forest(resampling_method=method, seed=5), "sold")
    expected = plain.fit(MATRIX, ROWS["sold"].to_numpy())
    assert np.array_equal(probabilities(found), expected.predict_proba(MATRIX)[:, 1:])
    assert found["Scored Labels"].to_list() == expected.predict(MATRIX).tolist()


def test_range_mode_holds_lists() -> None:
    learner = two_class_decision_forest(create_trainer_mode="parameter_range", range_for_maximum_depth="4")
    assert learner.parameters["number_of_trees"] == [1, 8, 32]
    assert learner.sweep["maximum_depth"] == ((4, {"max_depth": 4}),)


def test_a_number_out_of_bounds_has_a_code() -> None:
    with pytest.raises(ModuleError) as caught:
        two_class_decision_forest(number_of_trees=0)
    assert (caught.value.code, caught.value.parameter) == ("0005", "number_of_trees")

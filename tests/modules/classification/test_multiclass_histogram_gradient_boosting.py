"""The estimator that the parameters stand for, and its probabilities."""

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from modules.classification.multiclass_histogram_gradient_boosting import multiclass_histogram_gradient_boosting
from modules.kit import MulticlassClassifier
from modules.kit.errors import ModuleError
from tests.modules.learning import MATRIX, ROWS, probabilities, scores


def test_the_defaults_are_those_of_scikit_learn_but_for_stopping() -> None:
    learner = multiclass_histogram_gradient_boosting(seed=5)
    assert isinstance(learner, MulticlassClassifier)
    plain = HistGradientBoostingClassifier(early_stopping=True, random_state=5)
    assert learner.estimator.get_params() == plain.get_params()


@pytest.mark.parametrize(("balanced", "weight"), [(False, None), (True, "balanced")])
def test_probabilities_equal_those_of_scikit_learn(balanced: bool, weight: str | None) -> None:
    found = scores(multiclass_histogram_gradient_boosting(balance_classes=balanced, maximum_depth=3, seed=5), "grade")
    plain = HistGradientBoostingClassifier(class_weight=weight, max_depth=3, early_stopping=True, random_state=5)
    expected = plain.fit(MATRIX, ROWS["grade"].to_numpy()).predict_proba(MATRIX)
    assert np.array_equal(probabilities(found), expected)


def test_range_mode_holds_lists() -> None:
    learner = multiclass_histogram_gradient_boosting(create_trainer_mode="parameter_range")
    assert learner.parameters["maximum_leaves"] == [7, 31, 127]
    assert learner.sweep["share_of_features"] == ((0.5, {"max_features": 0.5}), (1.0, {"max_features": 1.0}))


@pytest.mark.parametrize(("settings", "code"), [({"learning_rate": 0.0}, "0004"), ({"maximum_leaves": 1}, "0005")])
def test_a_number_out_of_bounds_has_a_code(settings: dict[str, float], code: str) -> None:
    with pytest.raises(ModuleError) as caught:
        multiclass_histogram_gradient_boosting(**settings)  # type: ignore[arg-type]  # any of the choices
    assert (caught.value.code, caught.value.parameter) == (code, *settings)

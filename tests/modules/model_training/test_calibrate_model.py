"""Probabilities that are true, and what they equal."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator

from modules.classification.multiclass_decision_forest import multiclass_decision_forest
from modules.classification.one_vs_all_multiclass import one_vs_all_multiclass
from modules.classification.two_class_boosted_decision_tree import two_class_boosted_decision_tree
from modules.classification.two_class_decision_forest import two_class_decision_forest
from modules.classification.two_class_logistic_regression import two_class_logistic_regression
from modules.kit import Context, ModelSchema, PredictiveModel, SupervisedLearner, Table, TableSchema
from modules.kit.errors import ModuleError
from modules.ml.scoring import scores_of
from modules.ml.training import lesson_of, train
from modules.model_training.calibrate_model import Calibrated, calibrate_model, calibrate_model_schema
from modules.regression.linear_regression import linear_regression
from tests.modules.learning import MATRIX, ROWS, probabilities, table_with

HALF = len(ROWS) // 2


def model_of(learner: SupervisedLearner, label: str) -> PredictiveModel:
    first = Table(table_with(label).frame.head(HALF))
    return train(learner, lesson_of(learner, first, label))


def calibrate(model: PredictiveModel, frame: pl.DataFrame | None = None, **settings: Any) -> Calibrated:
    rows = ROWS.tail(HALF) if frame is None else frame
    return calibrate_model(model, Table(rows.lazy()), context=Context(), **settings)


SOLD = model_of(two_class_decision_forest(seed=0), "sold")
GRADE = model_of(multiclass_decision_forest(seed=0), "grade")


@pytest.mark.parametrize("method", ["sigmoid", "isotonic", "temperature"])
@pytest.mark.parametrize("model", [SOLD, GRADE], ids=lambda model: model.task)
def test_probabilities_equal_those_of_scikit_learn(model: PredictiveModel, method: str) -> None:
    calibrated = calibrate(model, method=method).calibrated_model
    plain = clone(model.pipeline[-1]).fit(MATRIX[:HALF], ROWS[model.label].head(HALF).to_numpy())
    whole = CalibratedClassifierCV(FrozenEstimator(plain), method=method)
    expected = whole.fit(MATRIX[HALF:], ROWS[model.label].tail(HALF).to_numpy()).predict_proba(MATRIX)
    found = probabilities(scores_of(calibrated, ROWS))
    assert np.allclose(found, expected[:, 1:] if model.task == "two_class" else expected)


def test_a_model_that_is_too_sure_gets_better_on_new_rows() -> None:
    context = Context()
    calibrated, reliability = calibrate_model(SOLD, Table(ROWS.tail(HALF).lazy()), context=context)
    before, after = context.metrics["Average_Log_Loss (original)"], context.metrics["Average_Log_Loss (calibrated)"]
    assert before is not None
    assert after is not None
    assert after < before
    assert calibrated.details["calibration"] == {"method": "sigmoid", "rows": HALF}
    assert reliability.frame.collect()["Rows"].sum() == 2 * HALF


def test_reliability_tells_how_often_a_class_was_there() -> None:
    frame = calibrate(SOLD).reliability.frame.collect().filter(Model="Original")
    shares = scores_of(SOLD, ROWS.tail(HALF))["Scored Probabilities"].to_numpy()
    truth = (ROWS["sold"].tail(HALF) == "yes").to_numpy()
    last = shares >= 0.9
    assert frame.row(-1) == ("Original", "yes", pytest.approx(shares[last].mean()), truth[last].mean(), last.sum())


@pytest.mark.parametrize(
    "learner",
    [
        two_class_boosted_decision_tree(number_of_trees=3, seed=0),
        one_vs_all_multiclass(two_class_boosted_decision_tree(number_of_trees=3, seed=0)),
    ],
    ids=["two_class", "one_vs_all"],
)
def test_what_copes_with_missing_numbers_still_does(learner: SupervisedLearner) -> None:
    model = calibrate(model_of(learner, "sold")).calibrated_model
    gaps = ROWS.with_columns(size=pl.lit(None, pl.Float64))
    assert scores_of(model, gaps).null_count().sum_horizontal().item() == 0


def test_the_model_that_comes_in_is_not_changed() -> None:
    before = scores_of(SOLD, ROWS)
    calibrate(SOLD)
    assert scores_of(SOLD, ROWS).equals(before)


def test_rows_without_label_or_number_are_left_out() -> None:
    model = model_of(two_class_logistic_regression(), "sold")
    gaps = ROWS.with_columns(
        size=pl.when(pl.int_range(pl.len()) != 70).then("size"), sold=pl.when(pl.int_range(pl.len()) != 80).then("sold")
    )
    with pytest.warns(UserWarning, match="1 row with a missing number left out"):
        calibrated = calibrate(model, gaps.tail(HALF)).calibrated_model
    assert calibrated.details["calibration"]["rows"] == HALF - 2


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (ROWS.drop("sold"), "0024"),
        (ROWS.clear(), "0003"),
        (ROWS.drop("size"), "0001"),
        (ROWS.filter(sold="yes"), "0134"),
        (ROWS.with_columns(sold=pl.lit("maybe")), "0058"),
    ],
)
def test_unfit_rows_have_a_code(frame: pl.DataFrame, code: str) -> None:
    with pytest.raises(ModuleError) as caught:
        calibrate(SOLD, frame)
    assert (caught.value.code, caught.value.port or caught.value.column) in {
        (code, "calibration_dataset"),
        (code, "dataset"),
    }


def test_a_regression_has_no_probabilities() -> None:
    with pytest.raises(ModuleError, match="predicts no classes") as caught:
        calibrate(model_of(linear_regression(), "price"))
    assert (caught.value.code, caught.value.port) == ("0062", "trained_model")


def test_what_scikit_learn_refuses_has_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise ValueError("no curve fits\nthe rest is for developers")

    monkeypatch.setattr(CalibratedClassifierCV, "fit", refuse)
    with pytest.raises(ModuleError, match=r"cannot be calibrated: no curve fits$") as caught:
        calibrate(SOLD)
    assert (caught.value.code, caught.value.port) == ("0083", "calibration_dataset")


def test_model_and_columns_are_known_before_a_run() -> None:
    known = ModelSchema("two_class", "sold", ("size",))
    assert calibrate_model_schema(known) == (known, TableSchema.of(calibrate(SOLD).reliability))


def test_both_models_are_drawn_beside_a_true_one() -> None:
    charts: Any = calibrate(GRADE).reliability.attachments["charts"]
    assert [drawn["name"] for drawn in charts["sets"]] == ["a", "b", "c"]
    assert [line["name"] for line in charts["sets"][0]["lines"]] == ["Original", "Calibrated", "True"]

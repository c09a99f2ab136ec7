"""Mean predictions along a feature, and what they equal."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.inspection import partial_dependence as plain_partial_dependence

from modules.classification.multiclass_decision_forest import multiclass_decision_forest
from modules.classification.two_class_boosted_decision_tree import two_class_boosted_decision_tree
from modules.kit import Context, PredictiveModel, SupervisedLearner, Table, TableSchema
from modules.kit.errors import ModuleError
from modules.ml.encoding import matrix_of
from modules.ml.training import lesson_of, train
from modules.model_scoring_and_evaluation import partial_dependence as module
from modules.model_scoring_and_evaluation.partial_dependence import partial_dependence, partial_dependence_schema
from modules.regression.boosted_decision_tree_regression import boosted_decision_tree_regression
from modules.regression.fast_forest_quantile_regression import fast_forest_quantile_regression
from modules.regression.linear_regression import linear_regression
from tests.modules.learning import ROWS, table_with


def model_of(learner: SupervisedLearner, label: str) -> PredictiveModel:
    return train(learner, lesson_of(learner, table_with(label), label))


def depend(model: PredictiveModel, *features: str, frame: pl.DataFrame = ROWS, **settings: Any) -> pl.DataFrame:
    table = Table(frame.lazy())
    return partial_dependence(model, table, features=list(features), context=Context(), **settings).frame.collect()


PRICE = model_of(boosted_decision_tree_regression(number_of_trees=10, seed=0), "price")
SOLD = model_of(two_class_boosted_decision_tree(number_of_trees=10, seed=0), "sold")
GRADE = model_of(multiclass_decision_forest(seed=0), "grade")


@pytest.mark.parametrize("model", [PRICE, SOLD, GRADE], ids=lambda model: model.task)
@pytest.mark.parametrize("feature", ["size", "colour"])
def test_means_equal_those_of_scikit_learn(model: PredictiveModel, feature: str) -> None:
    found = depend(model, feature, grid_resolution=7)
    matrix = matrix_of(ROWS, model.features, set(model.details["numeric"]))
    place = model.features.index(feature)
    expected = plain_partial_dependence(
        model.pipeline,
        matrix,
        [place],
        kind="average",
        method="brute",
        grid_resolution=7,
        categorical_features=[model.features.index("colour")],
        response_method="auto" if model.task == "regression" else "predict_proba",
    )
    means = found["Mean Prediction"].to_numpy().reshape(-1, len(expected["average"])).T
    assert np.allclose(means, expected["average"])
    grid = found["Number"] if feature == "size" else found["Value"]
    assert grid.unique(maintain_order=True).to_list() == pytest.approx(expected["grid_values"][0].tolist())


def test_a_line_rises_by_its_weight() -> None:
    model = model_of(linear_regression(l2_regularization_weight=0.0), "price")
    found = depend(model, "size")
    weight = next(item["coefficient"] for item in model.details["coefficients"] if item["feature"] == "size")
    assert np.allclose(np.diff(found["Mean Prediction"]) / np.diff(found["Number"]), weight)


def test_few_values_are_tried_as_they_are() -> None:
    frame = ROWS.with_columns(size=(pl.int_range(pl.len()) % 3).cast(pl.Float64))
    assert depend(PRICE, "size", frame=frame)["Value"].to_list() == ["0", "1", "2"]


def test_each_class_and_each_quantile_has_its_rows() -> None:
    assert depend(GRADE, "size", grid_resolution=2)["Predicted"].to_list() == ["a", "b", "c"] * 2
    quantiles = model_of(fast_forest_quantile_regression(number_of_trees=3, seed=0), "price")
    assert depend(quantiles, "colour")["Predicted"].to_list() == ["0.25", "0.5", "0.75"] * 3


def test_categories_beyond_the_limit_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CATEGORIES", 2)
    with pytest.warns(UserWarning, match="has 3 values; the 2 most frequent are tried"):
        found = depend(PRICE, "colour")
    assert set(found["Value"]) == set(ROWS["colour"].value_counts(sort=True)["colour"].head(2))


def test_rows_are_drawn_by_the_seed() -> None:
    first, again, other = (depend(PRICE, "size", maximum_rows=30, seed=seed) for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)


@pytest.mark.parametrize(
    ("feature", "frame", "settings", "code"),
    [
        ("price", ROWS, {}, "0001"),
        ("size", ROWS.drop("age"), {}, "0001"),
        ("size", ROWS.clear(), {}, "0003"),
        ("size", ROWS, {"lower_percentile": 0.9, "upper_percentile": 0.1}, "0008"),
    ],
)
def test_what_cannot_be_told_has_a_code(
    feature: str, frame: pl.DataFrame, settings: dict[str, float], code: str
) -> None:
    with pytest.raises(ModuleError) as caught:
        depend(PRICE, feature, frame=frame, **settings)
    assert caught.value.code == code


def test_the_columns_are_known_before_a_run() -> None:
    table = Table(depend(PRICE, "size", "colour").lazy())
    assert partial_dependence_schema() == TableSchema.of(table)


def test_a_line_is_drawn_for_each_answer() -> None:
    table = Table(ROWS.lazy())
    result = partial_dependence(GRADE, table, features=["size", "colour"], grid_resolution=3, context=Context())
    charts: Any = result.attachments["charts"]
    numbers, names = charts["sets"]
    assert (charts["task"], numbers["name"], names["name"]) == ("lines", "size", "colour")
    assert [line["name"] for line in numbers["lines"]] == ["a", "b", "c"]
    assert [place for place, _ in names["lines"][0]["points"]] == ["blue", "green", "red"]
    first = result.frame.collect().row(0, named=True)
    assert numbers["lines"][0]["points"][0] == [first["Number"], first["Mean Prediction"]]

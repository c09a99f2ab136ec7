"""How much models depend on their features, and what that equals."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.inspection import permutation_importance
from sklearn.metrics import make_scorer, precision_score, root_mean_squared_error

from modules.classification.multiclass_decision_forest import multiclass_decision_forest
from modules.classification.two_class_logistic_regression import two_class_logistic_regression
from modules.feature_selection.permutation_feature_importance import (
    permutation_feature_importance,
    permutation_feature_importance_schema,
)
from modules.kit import Context, PredictiveModel, SupervisedLearner, Table, TableSchema
from modules.kit.errors import ModuleError
from modules.ml.encoding import matrix_of
from modules.ml.training import lesson_of, train
from modules.regression.boosted_decision_tree_regression import boosted_decision_tree_regression
from modules.regression.fast_forest_quantile_regression import fast_forest_quantile_regression
from tests.modules.learning import ROWS, table_with


def model_of(learner: SupervisedLearner, label: str) -> PredictiveModel:
    return train(learner, lesson_of(learner, table_with(label), label))


def importance(model: PredictiveModel, table: Table, **settings: Any) -> pl.DataFrame:
    return permutation_feature_importance(model, table, context=Context(), **settings).frame.collect()


PRICE = model_of(boosted_decision_tree_regression(seed=5), "price")
SOLD = model_of(two_class_logistic_regression(), "sold")


@pytest.mark.parametrize(
    ("model", "label", "metric", "scoring"),
    [
        (SOLD, "sold", "accuracy", "accuracy"),
        (SOLD, "sold", "precision", make_scorer(precision_score, pos_label="yes")),
        (model_of(multiclass_decision_forest(seed=5), "grade"), "grade", "recall", "recall_macro"),
        (PRICE, "price", "mean_absolute_error", "neg_mean_absolute_error"),
        (PRICE, "price", "root_mean_squared_error", make_scorer(root_mean_squared_error, greater_is_better=False)),
        (PRICE, "price", "coefficient_of_determination", "r2"),
    ],
)
@pytest.mark.parametrize("seed", [0, 7])
def test_scores_equal_those_of_scikit_learn(
    model: PredictiveModel, label: str, metric: str, scoring: Any, seed: int
) -> None:
    found = importance(model, table_with(label), metric=metric, seed=seed)
    matrix = matrix_of(ROWS, model.features, set(model.details["numeric"]))
    plain = permutation_importance(
        model.pipeline, matrix, ROWS[label].to_numpy(), scoring=scoring, n_repeats=1, random_state=seed
    )
    expected = dict(zip(model.features, plain.importances_mean.tolist(), strict=True))
    assert dict(found.iter_rows()) == pytest.approx(expected, abs=1e-12)
    assert found["Score"].to_list() == sorted(found["Score"], reverse=True)


def test_a_feature_that_the_label_does_not_depend_on_comes_last() -> None:
    found = importance(PRICE, table_with("price"), metric="mean_absolute_error")
    assert found["Feature"].to_list()[-1] == "colour"


def test_rows_without_label_or_number_are_left_out() -> None:
    gaps = ROWS.with_columns(
        sold=pl.when(pl.int_range(pl.len()) > 4).then("sold"), size=pl.when(pl.int_range(pl.len()) != 9).then("size")
    )
    with pytest.warns(UserWarning, match="1 row with a missing number left out"):
        found = importance(SOLD, Table(gaps.lazy()))
    rest = np.r_[5:9, 10 : len(ROWS)]
    assert found.equals(importance(SOLD, Table(ROWS[rest].lazy())))


def test_relative_errors_of_a_constant_label_have_no_score() -> None:
    found = importance(PRICE, Table(ROWS.with_columns(price=pl.lit(1.0)).lazy()), metric="relative_squared_error")
    assert found["Score"].null_count() == 3


@pytest.mark.parametrize(
    ("table", "settings", "code", "port"),
    [
        (table_with("price"), {"metric": "accuracy"}, "0062", "trained_model"),
        (table_with("sold"), {"metric": "mean_absolute_error"}, "0024", "test_data"),
        (Table(ROWS.head(1).lazy()), {"metric": "mean_absolute_error"}, "0021", "test_data"),
        (Table(ROWS.clear().lazy()), {"metric": "mean_absolute_error"}, "0003", "test_data"),
        (Table(ROWS.drop("age").lazy()), {"metric": "mean_absolute_error"}, "0001", "test_data"),
    ],
)
def test_what_cannot_be_measured_has_a_code(table: Table, settings: dict[str, str], code: str, port: str) -> None:
    with pytest.raises(ModuleError) as caught:
        importance(PRICE, table, **settings)
    assert (caught.value.code, caught.value.port) == (code, port)


def test_a_class_that_the_model_has_not_learnt_has_a_code() -> None:
    with pytest.raises(ModuleError, match="holds `maybe`") as caught:
        importance(SOLD, Table(ROWS.with_columns(sold=pl.lit("maybe")).lazy()))
    assert caught.value.code == "0058"


def test_a_model_of_another_kind_has_a_code() -> None:
    anything: Any = "a model of clusters"
    with pytest.raises(ModuleError, match="a classification or regression model is expected") as caught:
        importance(anything, table_with("price"))
    assert (caught.value.code, caught.value.port) == ("0013", "trained_model")


def test_quantiles_have_no_metric() -> None:
    model = model_of(fast_forest_quantile_regression(number_of_trees=2, seed=5), "price")
    with pytest.raises(ModuleError, match="no metric") as caught:
        importance(model, table_with("price"), metric="mean_absolute_error")
    assert (caught.value.code, caught.value.parameter) == ("0062", "metric")


def test_the_columns_are_known_before_a_run() -> None:
    result = permutation_feature_importance(SOLD, table_with("sold"), context=Context())
    assert permutation_feature_importance_schema() == TableSchema.of(result)


def test_scores_are_drawn() -> None:
    result = permutation_feature_importance(SOLD, table_with("sold"), context=Context())
    charts: Any = result.attachments["charts"]
    assert [(bar["name"], bar["value"]) for bar in charts["sets"][0]["bars"]] == result.frame.collect().rows()

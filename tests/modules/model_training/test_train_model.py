"""What Train Model learns from, leaves out and refuses."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from sklearn.base import clone
from sklearn.ensemble import RandomForestRegressor
from sklearn.pipeline import make_pipeline

from modules.classification.multiclass_logistic_regression import multiclass_logistic_regression
from modules.classification.two_class_boosted_decision_tree import two_class_boosted_decision_tree
from modules.classification.two_class_logistic_regression import two_class_logistic_regression
from modules.clustering.k_means_clustering import k_means_clustering
from modules.kit import ModelSchema, Table, TableSchema
from modules.kit.errors import ModuleError
from modules.ml.encoding import matrix_of
from modules.model_training.train_model import train_model, train_model_schema
from modules.regression.boosted_decision_tree_regression import boosted_decision_tree_regression
from modules.regression.decision_forest_regression import decision_forest_regression
from modules.regression.linear_regression import linear_regression

ROWS = pl.DataFrame(
    {
        "size": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
        "colour": ["red", "blue", None, "red", "blue", "red"],
        "price": [2, 4, 6, 8, 10, 12],
        "class": ["a", "b", "a", "b", "a", "b"],
    }
)
NUMBERS = Table(ROWS.select("size", "price").lazy())


def test_features_are_all_but_label_scores_and_cleared_columns() -> None:
    roles = {"class": "none", "old": "scored_labels", "other": "label"}
    table = Table(ROWS.with_columns(old=pl.lit(1.0), other=pl.lit(1)).lazy(), roles)
    model = train_model(linear_regression(), table, label_column="price")
    assert model.features == ("size", "colour")
    assert model.details["numeric"] == ["size"]
    assert model.details["types"] == {"size": "Float64", "colour": "String"}


def test_a_straight_line_is_found_and_described() -> None:
    model = train_model(linear_regression(l2_regularization_weight=0.0), NUMBERS, label_column="price")
    assert model.details["coefficients"] == [{"feature": "size", "coefficient": pytest.approx(2.0)}]
    assert model.details["intercepts"] == pytest.approx([0.0], abs=1e-9)


def test_the_pipeline_is_plain_scikit_learn() -> None:
    model = train_model(linear_regression(), Table(ROWS.drop("class").lazy()), label_column="price")
    matrix = matrix_of(ROWS, model.features, {"size"})
    plain = clone(model.pipeline).fit(matrix, ROWS["price"].to_numpy())
    assert type(model.pipeline).__module__ == "sklearn.pipeline"
    assert np.allclose(plain.predict(matrix), model.pipeline.predict(matrix), rtol=1e-12)


def test_flagged_numbers_are_categories() -> None:
    table = Table(NUMBERS.frame, categorical=frozenset({"size"}))
    model = train_model(linear_regression(), table, label_column="price")
    assert model.details["numeric"] == []
    assert {item["feature"] for item in model.details["coefficients"]} >= {"size_1.0", "size_6.0"}


def test_dates_are_categories() -> None:
    days = ROWS.with_columns(day=pl.lit(date(2020, 1, 1)))
    model = train_model(linear_regression(), Table(days.lazy()), label_column="price")
    assert "day_2020-01-01" in {item["feature"] for item in model.details["coefficients"]}


def test_rows_without_a_label_are_counted_and_left_out() -> None:
    table = Table(NUMBERS.frame.with_columns(pl.col("price").replace(12, None)))
    with pytest.warns(UserWarning, match="1 row without a label left out"):
        model = train_model(linear_regression(), table, label_column="price")
    assert (model.details["rows"], model.details["rows_left_out"]) == (5, 1)


def test_rows_with_a_missing_number_are_counted_and_left_out() -> None:
    table = Table(NUMBERS.frame.with_columns(pl.col("size").replace([1.0, 2.0], [None, float("nan")])))
    with pytest.warns(UserWarning, match="2 rows with a missing number left out"):
        model = train_model(linear_regression(), table, label_column="price")
    assert model.details["rows"] == 4


def test_boosted_trees_keep_rows_with_missing_numbers() -> None:
    table = Table(NUMBERS.frame.with_columns(pl.col("size").replace(1.0, None)))
    model = train_model(boosted_decision_tree_regression(seed=0), table, label_column="price")
    assert model.details["rows"] == 6


def test_a_learner_in_range_mode_takes_its_first_values() -> None:
    learner = boosted_decision_tree_regression(create_trainer_mode="parameter_range", range_for_number_of_trees="7; 9")
    with pytest.warns(UserWarning, match="number_of_trees = 7"):
        model = train_model(learner, NUMBERS, label_column="price")
    assert model.pipeline[-1].max_iter == 7


def test_training_changes_no_learner() -> None:
    learner = linear_regression()
    train_model(learner, NUMBERS, label_column="price")
    assert not hasattr(learner.estimator, "coef_")


def test_classes_are_sorted_and_the_last_is_positive() -> None:
    numbers = ROWS.with_columns(pl.Series("class", [10, 9, 10, 9, 10, 9])).drop("colour")
    model = train_model(two_class_logistic_regression(), Table(numbers.lazy()), label_column="class")
    assert model.classes == (9, 10)


def test_a_forest_predicts_in_one_thread_and_tells_importances() -> None:
    model = train_model(decision_forest_regression(seed=0), NUMBERS, label_column="price")
    forest = RandomForestRegressor(8, max_depth=32, min_samples_leaf=1, random_state=0)
    plain = make_pipeline(forest).fit(ROWS.select("size").to_numpy(), ROWS["price"].to_numpy())
    assert model.pipeline[-1].n_jobs is None
    assert np.array_equal(model.pipeline.predict([[2.5]]), plain.predict([[2.5]]))
    assert model.details["importances"] == [{"feature": "size", "importance": 1.0}]


def train(learner: str, frame: pl.DataFrame, label: str) -> None:
    learners = {
        "linear": linear_regression(),
        "two_class": two_class_boosted_decision_tree(seed=0),
        "multiclass": multiclass_logistic_regression(),
        "descent": linear_regression(
            solution_method="online_gradient_descent", normalize_features=False, seed=0, learning_rate=1.0
        ),
    }
    train_model(learners[learner], Table(frame.lazy()), label_column=label)


@pytest.mark.parametrize(
    ("learner", "frame", "label", "code", "words"),
    [
        ("linear", ROWS.select("price"), "price", "0047", "No feature column"),
        ("linear", ROWS.clear(), "price", "0003", "`dataset` is empty"),
        ("linear", ROWS, "class", "0058", "is String, and a regression predicts numbers"),
        ("linear", ROWS.with_columns(price=None), "price", "0058", "is Null"),
        ("linear", ROWS.with_columns(price=pl.lit(None, pl.Int64)), "price", "0134", "has no value to learn from"),
        ("linear", ROWS.with_columns(price=pl.lit(float("inf"))), "price", "0033", "holds infinity"),
        ("linear", ROWS.with_columns(size=pl.lit(float("inf"))), "price", "0033", "`size` of `dataset` holds infinity"),
        ("linear", ROWS.with_columns(size=pl.lit(None, pl.Float64)), "price", "0083", "column `size` in 6 of 6 rows"),
        ("linear", ROWS.with_columns(size=pl.lit([1])), "price", "0017", "`size` is List"),
        ("two_class", ROWS, "price", "0058", "has 6 different values"),
        ("two_class", ROWS.with_columns(pl.lit("a").alias("class")), "class", "0058", "has 1 different value (`a`)"),
        ("two_class", ROWS.with_columns(price=pl.col("size") / 3), "price", "0058", "holds fractions"),
        ("multiclass", ROWS.with_columns(pl.lit("a").alias("class")), "class", "0058", "has only the value `a`"),
        ("multiclass", ROWS.with_columns(pl.lit([1]).alias("class")), "class", "0058", "is List"),
    ],
)
def test_what_cannot_be_learnt_has_a_code(learner: str, frame: pl.DataFrame, label: str, code: str, words: str) -> None:
    with pytest.raises(ModuleError) as caught:
        train(learner, frame, label)
    assert caught.value.code == code
    assert words in caught.value.message


def test_no_row_with_both_label_and_numbers_is_refused() -> None:
    frame = pl.DataFrame({"size": [1.0, None], "price": [None, 2.0]})
    with pytest.raises(ModuleError, match="No row has both"), pytest.warns(UserWarning, match="left out"):
        train("linear", frame, "price")


def test_what_the_algorithm_cannot_do_has_a_code_and_a_hint() -> None:
    frame = pl.DataFrame({"size": [1e300, -1e300, 1.0], "price": [1e300, 2.0, 3.0]})
    with pytest.raises(ModuleError, match="SGDRegressor cannot learn from this table") as caught:
        train("descent", frame, "price")
    assert caught.value.code == "0083"
    assert "Normalize Data" in (caught.value.hint or "")


def test_the_model_is_known_before_a_run() -> None:
    schema = TableSchema.of_frame(ROWS, {"class": "none"})
    known = train_model_schema(ModelSchema("regression"), schema, "price")
    assert known == ModelSchema("regression", "price", ("size", "colour"))
    assert train_model_schema(None, None, "price") == ModelSchema(None, "price", None)


def test_explanations_tell_what_columns_of_the_table_add() -> None:
    table = Table(ROWS.drop("class").lazy())
    model = train_model(linear_regression(), table, label_column="price", model_explanations=True)
    told = model.details["explanations"]
    assert [item["feature"] for item in told] == ["size", "colour"]
    assert told[0]["contribution"] > told[1]["contribution"]
    assert "explanations" not in train_model(linear_regression(), table, label_column="price").details


def test_a_label_that_is_not_there_and_another_kind_of_learner_have_codes() -> None:
    with pytest.raises(ModuleError) as caught:
        train_model(linear_regression(), NUMBERS, label_column="cost")
    assert (caught.value.code, caught.value.column, caught.value.parameter) == ("0001", "cost", "label_column")
    with pytest.raises(ModuleError) as caught:
        train_model(k_means_clustering(), NUMBERS, label_column="price")  # type: ignore[arg-type]  # a wrong one on purpose
    assert (caught.value.code, caught.value.port) == ("0013", "untrained_model")


def test_names_of_rows_are_no_feature() -> None:
    many = pl.DataFrame({"name": [f"car {index}" for index in range(1001)], "price": range(1001)})
    with pytest.raises(ModuleError, match="`name` has 1001 values in 1001 rows") as caught:
        train("linear", many, "price")
    assert (caught.value.code, caught.value.column) == ("0014", "name")

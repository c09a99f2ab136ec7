"""Scores of held-out rows and figures of folds, and what they equal."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_predict, cross_validate

from modules.classification.multiclass_decision_forest import multiclass_decision_forest
from modules.classification.two_class_boosted_decision_tree import two_class_boosted_decision_tree
from modules.classification.two_class_logistic_regression import two_class_logistic_regression
from modules.clustering.k_means_clustering import k_means_clustering
from modules.data_transformation.partition_and_sample import partition_and_sample
from modules.kit import Context, Learner, ModelSchema, SupervisedLearner, Table, TableSchema
from modules.kit.errors import ModuleError
from modules.model_scoring_and_evaluation.cross_validate_model import (
    CrossValidated,
    cross_validate_model,
    cross_validate_model_schema,
)
from modules.model_scoring_and_evaluation.evaluate_model import evaluate_model
from modules.regression.fast_forest_quantile_regression import fast_forest_quantile_regression
from modules.regression.linear_regression import linear_regression
from tests.modules.learning import COUNT, MATRIX, ROWS, table_with

FOLD, SIZE = "Fold Number", "Number of examples in fold"


def validate(learner: SupervisedLearner, label: str, table: Table | None = None, **settings: Any) -> CrossValidated:
    return cross_validate_model(learner, table or table_with(label), label_column=label, context=Context(), **settings)


def folded(count: int, label: str, *, replaced: bool = False) -> Table:
    return partition_and_sample(
        table_with(label),
        partition_or_sample_mode="assign_to_folds",
        number_of_folds=count,
        randomized_split=False,
        use_replacement_in_the_partitioning=replaced,
        stratification_key_column="",
        stratification_key_column_for_sampling="",
        stratification_key_column_for_customized_fold_assignment="",
        context=Context(),
    )


def test_a_classification_equals_cross_validation_of_scikit_learn() -> None:
    results, evaluation = validate(two_class_logistic_regression(), "sold", seed=3)
    folds = StratifiedKFold(10, shuffle=True, random_state=3)
    truth = (ROWS["sold"] == "yes").to_numpy().astype(int)
    plain = LogisticRegression(tol=1e-7, max_iter=1000, solver="newton-cholesky")
    chance = cross_val_predict(plain, MATRIX, truth, cv=folds, method="predict_proba")[:, 1]
    frame = results.frame.collect()
    assert np.allclose(frame["Scored Probabilities"].to_numpy(), chance, rtol=1e-9)
    assert (frame["Scored Labels"] == "yes").to_list() == (chance > 0.5).tolist()
    found = evaluation.frame.collect().head(10)
    expected = cross_validate(
        plain, MATRIX, truth, cv=folds, scoring=("accuracy", "precision", "recall", "f1", "roc_auc")
    )
    names = {"Accuracy": "accuracy", "Precision": "precision", "Recall": "recall", "F1": "f1", "AUC": "roc_auc"}
    for column, name in names.items():
        assert np.allclose(found[column].to_numpy(), expected[f"test_{name}"])


def test_a_regression_equals_cross_validation_of_scikit_learn() -> None:
    results, evaluation = validate(linear_regression(), "price")
    folds = KFold(10, shuffle=True, random_state=0)
    expected = cross_val_predict(Ridge(alpha=0.001), MATRIX, ROWS["price"].to_numpy(), cv=folds)
    assert np.allclose(results.frame.collect()["Scored Labels"].to_numpy(), expected)
    figures = cross_validate(Ridge(alpha=0.001), MATRIX, ROWS["price"].to_numpy(), cv=folds, scoring=("r2",))
    assert np.allclose(
        evaluation.frame.collect()["Coefficient_of_Determination"].head(10).to_numpy(), figures["test_r2"]
    )


def test_several_classes_have_a_probability_each() -> None:
    results, _ = validate(multiclass_decision_forest(seed=1), "grade", seed=2)
    folds = StratifiedKFold(10, shuffle=True, random_state=2)
    plain = RandomForestClassifier(8, max_depth=32, random_state=1)
    expected = cross_val_predict(plain, MATRIX, ROWS["grade"].to_numpy(), cv=folds, method="predict_proba")
    frame = results.frame.collect()
    assert np.allclose(frame.select(pl.col("^Scored Probabilities_.$")).to_numpy(), expected)


def test_the_evaluation_ends_with_mean_and_deviation() -> None:
    context = Context()
    _, evaluation = cross_validate_model(
        linear_regression(), table_with("price"), label_column="price", context=context
    )
    frame = evaluation.frame.collect()
    assert frame[FOLD].to_list() == [*map(str, range(10)), "Mean", "Standard Deviation"]
    assert frame[SIZE].to_list() == [12.0] * 11 + [0.0]
    errors = frame["Mean_Absolute_Error"].head(10)
    assert frame["Mean_Absolute_Error"].tail(2).to_list() == pytest.approx([errors.mean(), errors.std()])
    assert context.metrics["Mean_Mean_Absolute_Error"] == pytest.approx(errors.mean())


def test_scored_rows_keep_their_order_and_can_be_evaluated() -> None:
    results, evaluation = validate(two_class_boosted_decision_tree(number_of_trees=5, seed=0), "sold")
    frame = results.frame.collect()
    assert frame.columns[-3:] == ["Scored Labels", "Scored Probabilities", FOLD]
    assert frame["size"].to_list() == ROWS["size"].to_list()
    assert frame[FOLD].unique().sort().to_list() == list(range(10))
    context = Context()
    evaluate_model(results, context=context)
    mean = evaluation.frame.collect().filter(pl.col(FOLD) == "Mean")
    assert context.metrics["Accuracy"] == pytest.approx(mean["Accuracy"].item(), abs=0.01)


def test_rows_that_cannot_be_learnt_from_are_in_no_fold() -> None:
    gaps = ROWS.select("size", "age", "sold").with_columns(
        size=pl.when(pl.int_range(pl.len()) != 3).then("size"), sold=pl.when(pl.int_range(pl.len()) != 5).then("sold")
    )
    with pytest.warns(UserWarning, match="left out"):
        results, evaluation = validate(two_class_logistic_regression(), "sold", Table(gaps.lazy()))
    frame = results.frame.collect()
    assert frame.with_row_index().filter(pl.col(FOLD).is_null())["index"].to_list() == [3, 5]
    assert frame["Scored Labels"].is_null().to_list() == frame[FOLD].is_null().to_list()
    assert evaluation.frame.collect()[SIZE].head(10).sum() == COUNT - 2


def test_assigned_folds_are_used_and_count_from_0() -> None:
    results, evaluation = validate(linear_regression(), "price", folded(4, "price"))
    assert results.frame.collect()[FOLD].to_list() == [index % 4 for index in range(COUNT)]
    assert evaluation.frame.collect()[FOLD].to_list() == ["0", "1", "2", "3", "Mean", "Standard Deviation"]


def test_a_row_in_several_folds_comes_as_often() -> None:
    table = folded(4, "price", replaced=True)
    results, _ = validate(linear_regression(), "price", table)
    assert table.folds is not None
    frame = results.frame.collect()
    never = COUNT - table.folds["row"].n_unique()
    assert frame[FOLD].null_count() == never
    assert frame.height == COUNT + never


def test_a_class_that_a_fold_has_not_seen_has_the_probability_0() -> None:
    rare = ROWS.select("size", "age").with_columns(
        grade=pl.when(pl.int_range(pl.len()) == 0).then(pl.lit("z")).otherwise(ROWS["grade"])
    )
    results, _ = validate(multiclass_decision_forest(seed=0), "grade", Table(rare.lazy()))
    assert results.frame.collect()["Scored Probabilities_z"][0] == 0


@pytest.mark.parametrize(
    ("learner", "table", "code"),
    [
        (k_means_clustering(), table_with("sold"), "0013"),
        (two_class_logistic_regression(), Table(ROWS.head(9).lazy()), "0021"),
        (two_class_logistic_regression(), Table(ROWS.drop("sold").lazy()), "0001"),
        (two_class_logistic_regression(), Table(ROWS.clear().lazy()), "0003"),
        (two_class_logistic_regression(), Table(ROWS.with_columns(size=pl.lit(float("inf"))).lazy()), "0033"),
        (linear_regression(), table_with("sold"), "0058"),
        (
            two_class_logistic_regression(),
            Table(ROWS.with_columns(sold=pl.Series(["yes"] + ["no"] * (COUNT - 1))).lazy()),
            "0083",
        ),
        (two_class_logistic_regression(), folded(1, "sold"), "0018"),
    ],
)
def test_what_cannot_be_validated_has_a_code(learner: Learner, table: Table, code: str) -> None:
    with pytest.raises(ModuleError) as caught:
        validate(learner, "sold", table)  # type: ignore[arg-type]  # a wrong one on purpose
    assert caught.value.code == code
    assert caught.value.port in ("dataset", "untrained_model")


def test_range_mode_takes_the_first_values() -> None:
    learner = two_class_logistic_regression(create_trainer_mode="parameter_range")
    with pytest.warns(UserWarning, match="l2_regularization_weight = 0.01"):
        validate(learner, "sold")


@pytest.mark.parametrize(
    ("learner", "label", "known"),
    [
        (linear_regression(), "price", ModelSchema("regression")),
        (two_class_logistic_regression(), "sold", ModelSchema("two_class")),
        (
            fast_forest_quantile_regression(number_of_trees=2, seed=0),
            "price",
            ModelSchema("quantile_regression", classes=(0.25, 0.5, 0.75)),
        ),
        (multiclass_decision_forest(seed=0), "grade", ModelSchema("multiclass")),
    ],
)
def test_the_columns_are_known_before_a_run(learner: SupervisedLearner, label: str, known: ModelSchema) -> None:
    results, evaluation = validate(learner, label)
    told, figures = cross_validate_model_schema(known, TableSchema.of(table_with(label)), label)
    assert figures == TableSchema.of(evaluation)
    assert told == (None if known.task == "multiclass" else TableSchema.of(results))

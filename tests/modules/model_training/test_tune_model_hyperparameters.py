"""What is tried, how it is judged and which model comes out."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, SGDRegressor
from sklearn.model_selection import KFold, ParameterGrid, StratifiedKFold, cross_validate

from modules.anomaly_detection.pca_based_anomaly_detection import pca_based_anomaly_detection
from modules.classification.multiclass_decision_forest import multiclass_decision_forest
from modules.classification.one_vs_all_multiclass import one_vs_all_multiclass
from modules.classification.two_class_decision_forest import two_class_decision_forest
from modules.classification.two_class_logistic_regression import two_class_logistic_regression
from modules.clustering.k_means_clustering import k_means_clustering
from modules.data_transformation.partition_and_sample import partition_and_sample
from modules.kit import Context, Learner, ModelSchema, SupervisedLearner, Table, TableSchema
from modules.kit.errors import ModuleError
from modules.model_training.tune_model_hyperparameters import (
    Tuned,
    tune_model_hyperparameters,
    tune_model_hyperparameters_schema,
)
from modules.regression.fast_forest_quantile_regression import fast_forest_quantile_regression
from modules.regression.linear_regression import linear_regression
from tests.modules.learning import MATRIX, ROWS, table_with

WEIGHTS = "0.01; 1; 100"


def tune(learner: SupervisedLearner, label: str, **settings: Any) -> Tuned:
    return tune_model_hyperparameters(learner, table_with(label), label_column=label, context=Context(), **settings)


def logistic(**settings: Any) -> SupervisedLearner:
    return two_class_logistic_regression(
        create_trainer_mode="parameter_range",
        range_for_optimization_tolerance="0.0001",
        range_for_l2_regularization_weight=WEIGHTS,
        **settings,
    )


def test_the_grid_has_each_combination_once() -> None:
    learner = two_class_decision_forest(
        create_trainer_mode="parameter_range",
        range_for_number_of_trees="1; 2",
        range_for_maximum_depth="1; 16",
        seed=0,
    )
    results = tune(learner, "sold", sweeping_mode="entire_grid").sweep_results.frame.collect()
    names = ["number_of_trees", "maximum_depth", "samples_per_leaf"]
    expected = ParameterGrid({"number_of_trees": [1, 2], "maximum_depth": [1, 16], "samples_per_leaf": [1, 4, 16]})
    assert sorted(results.select(names).rows()) == sorted(tuple(item[name] for name in names) for item in expected)
    assert results["Run"].sort().to_list() == list(range(1, 13))


def test_figures_equal_cross_validation_of_scikit_learn() -> None:
    results = tune(logistic(), "sold", sweeping_mode="entire_grid", seed=3).sweep_results.frame.collect()
    folds = StratifiedKFold(5, shuffle=True, random_state=3)
    truth = (ROWS["sold"] == "yes").to_numpy().astype(int)
    scorers = {
        "Accuracy": "accuracy",
        "Precision": "precision",
        "Recall": "recall",
        "F1": "f1",
        "AUC": "roc_auc",
        "Average_Log_Loss": "neg_log_loss",
    }
    for row in results.iter_rows(named=True):
        plain = LogisticRegression(
            C=1 / row["l2_regularization_weight"], tol=0.0001, max_iter=1000, solver="newton-cholesky"
        )
        found = cross_validate(plain, MATRIX, truth, cv=folds, scoring=scorers)
        expected = {name: abs(found[f"test_{name}"].mean()) for name in scorers}
        assert {name: row[name] for name in scorers} == pytest.approx(expected, rel=1e-9)


def test_figures_of_numbers_equal_cross_validation_of_scikit_learn() -> None:
    learner = linear_regression(
        solution_method="online_gradient_descent",
        create_trainer_mode="parameter_range",
        range_for_learning_rate="0.05; 0.1",
        range_for_l2_regularization_weight="0.001",
        range_for_number_of_training_epochs="10",
        normalize_features=False,
        seed=1,
    )
    table = Table(ROWS.select("size", "price").lazy())
    results = tune_model_hyperparameters(
        learner, table, sweeping_mode="entire_grid", label_column="price", context=Context()
    ).sweep_results.frame.collect()
    for row in results.iter_rows(named=True):
        plain = SGDRegressor(alpha=0.001, eta0=row["learning_rate"], max_iter=10, tol=None, random_state=1)
        found = cross_validate(
            plain,
            ROWS.select("size").to_numpy(),
            ROWS["price"].to_numpy(),
            cv=KFold(5, shuffle=True, random_state=0),
            scoring=("neg_mean_absolute_error", "neg_root_mean_squared_error", "r2"),
        )
        assert row["Mean_Absolute_Error"] == pytest.approx(-found["test_neg_mean_absolute_error"].mean(), rel=1e-9)
        assert row["Root_Mean_Squared_Error"] == pytest.approx(
            -found["test_neg_root_mean_squared_error"].mean(), rel=1e-9
        )
        assert row["Coefficient_of_Determination"] == pytest.approx(found["test_r2"].mean(), rel=1e-9)


@pytest.mark.parametrize(
    ("metric", "column", "descending"),
    [
        ("accuracy", "Accuracy", True),
        ("precision", "Precision", True),
        ("recall", "Recall", True),
        ("f_score", "F1", True),
        ("auc", "AUC", True),
        ("average_log_loss", "Average_Log_Loss", False),
    ],
)
def test_the_best_comes_first_and_is_trained_with_all_rows(metric: str, column: str, descending: bool) -> None:
    context = Context()
    results, model = tune_model_hyperparameters(
        logistic(),
        table_with("sold"),
        sweeping_mode="entire_grid",
        metric_for_classification=metric,  # type: ignore[arg-type]  # any of the choices
        label_column="sold",
        context=context,
    )
    frame = results.frame.collect()
    assert frame[column].to_list() == sorted(frame[column], reverse=descending)
    best = frame.row(0, named=True)
    assert context.metrics == {f"Best_{column}": best[column]}
    assert 1 / best["l2_regularization_weight"] == model.pipeline[-1].C
    assert model.details["parameters"]["l2_regularization_weight"] == best["l2_regularization_weight"]
    assert model.details["rows"] == len(ROWS)


@pytest.mark.parametrize(
    ("metric", "column", "descending"),
    [
        ("mean_absolute_error", "Mean_Absolute_Error", False),
        ("root_of_mean_squared_error", "Root_Mean_Squared_Error", False),
        ("relative_absolute_error", "Relative_Absolute_Error", False),
        ("relative_squared_error", "Relative_Squared_Error", False),
        ("coefficient_of_determination", "Coefficient_of_Determination", True),
    ],
)
def test_regressions_have_metrics_of_their_own(metric: str, column: str, descending: bool) -> None:
    learner = linear_regression(solution_method="online_gradient_descent", seed=0)
    frame = tune(learner, "price", metric_for_regression=metric).sweep_results.frame.collect()
    assert frame[column].to_list() == sorted(frame[column], reverse=descending)


def test_a_random_sweep_draws_with_replacement() -> None:
    frame = tune(logistic(), "sold", maximum_number_of_runs=9).sweep_results.frame.collect()
    assert frame.height == 9
    assert frame["l2_regularization_weight"].n_unique() <= 3
    alike = frame.drop("Run").unique()
    assert alike.height == frame["l2_regularization_weight"].n_unique()


def test_the_same_seed_draws_the_same_runs() -> None:
    first, second, other = (
        tune(two_class_decision_forest(seed=0), "sold", maximum_number_of_runs=3, seed=seed).sweep_results
        for seed in (4, 4, 5)
    )
    assert first.frame.collect().equals(second.frame.collect())
    assert not first.frame.collect().equals(other.frame.collect())


def test_fixed_values_are_ignored_for_the_default_lists() -> None:
    learner = two_class_decision_forest(number_of_trees=5, seed=0)
    frame = tune(learner, "sold", maximum_number_of_runs=4).sweep_results.frame.collect()
    assert set(frame["number_of_trees"]) <= {1, 8, 32}


def test_a_list_of_one_value_pins_its_parameter() -> None:
    frame = tune(logistic(), "sold", sweeping_mode="entire_grid").sweep_results.frame.collect()
    assert set(frame["optimization_tolerance"]) == {0.0001}


def test_a_validation_table_replaces_cross_validation() -> None:
    halves = ROWS.head(80), ROWS.tail(40)
    tables = [Table(half.select("size", "age", "colour", "sold").lazy()) for half in halves]
    results, _ = tune_model_hyperparameters(
        two_class_decision_forest(create_trainer_mode="parameter_range", range_for_number_of_trees="8", seed=2),
        *tables,
        sweeping_mode="entire_grid",
        label_column="sold",
        context=Context(),
    )
    row = results.frame.collect().row(0, named=True)
    forest = RandomForestClassifier(
        8, max_depth=row["maximum_depth"], min_samples_leaf=row["samples_per_leaf"], random_state=2
    )
    forest.fit(MATRIX[:80], ROWS["sold"].head(80).to_numpy())
    assert row["Accuracy"] == forest.score(MATRIX[80:], ROWS["sold"].tail(40).to_numpy())


def test_assigned_folds_are_used() -> None:
    folded = partition_and_sample(
        table_with("sold"),
        partition_or_sample_mode="assign_to_folds",
        number_of_folds=3,
        randomized_split=False,
        stratification_key_column="",
        stratification_key_column_for_sampling="",
        stratification_key_column_for_customized_fold_assignment="",
        context=Context(),
    )
    results, _ = tune_model_hyperparameters(
        logistic(), folded, sweeping_mode="entire_grid", label_column="sold", context=Context()
    )
    row = results.frame.collect().row(0, named=True)
    plain = LogisticRegression(
        C=1 / row["l2_regularization_weight"], tol=0.0001, max_iter=1000, solver="newton-cholesky"
    )
    places = np.arange(len(ROWS)) % 3
    splits = [(np.flatnonzero(places != fold), np.flatnonzero(places == fold)) for fold in range(3)]
    found = cross_validate(plain, MATRIX, ROWS["sold"].to_numpy(), cv=splits)
    assert row["Accuracy"] == pytest.approx(found["test_score"].mean())


def test_several_classes_are_judged_by_accuracy_whatever_is_set() -> None:
    learner = one_vs_all_multiclass(logistic())  # type: ignore[arg-type]  # a wrong one on purpose
    results, model = tune(learner, "grade", sweeping_mode="entire_grid", metric_for_classification="auc")
    frame = results.frame.collect()
    assert frame["Overall_Accuracy"].to_list() == sorted(frame["Overall_Accuracy"], reverse=True)
    assert 1 / frame["l2_regularization_weight"][0] == model.pipeline[-1].estimator.C
    assert tune(multiclass_decision_forest(seed=0), "grade").trained_best_model.task == "multiclass"


def test_quantiles_are_judged_by_their_average_loss() -> None:
    learner = fast_forest_quantile_regression(
        create_trainer_mode="parameter_range", range_for_number_of_trees="4", seed=0
    )
    frame = tune(learner, "price", maximum_number_of_runs=3).sweep_results.frame.collect()
    assert frame["Average_Quantile_Loss"].to_list() == sorted(frame["Average_Quantile_Loss"])


def test_a_learner_without_lists_is_tried_as_it_is() -> None:
    with pytest.warns(UserWarning, match="no parameter with a list of values"):
        results, model = tune(linear_regression(), "price")
    assert results.frame.collect().height == 1
    assert model.details["parameters"]["l2_regularization_weight"] == 0.001


def test_a_run_that_fails_has_no_figures_and_comes_last() -> None:
    learner = linear_regression(
        solution_method="online_gradient_descent",
        create_trainer_mode="parameter_range",
        range_for_learning_rate="1e300; 0.01",
        normalize_features=False,
        seed=0,
    )
    context = Context()
    results, model = tune_model_hyperparameters(
        learner,
        Table(ROWS.select("size", "price").lazy()),
        sweeping_mode="entire_grid",
        label_column="price",
        context=context,
    )
    frame = results.frame.collect()
    assert frame["learning_rate"].to_list()[-1] == 1e300
    assert frame["Mean_Absolute_Error"].null_count() > 0
    assert "learning_rate = 1e+300" in context.logged[0]
    assert model.details["parameters"]["learning_rate"] == 0.01


def test_where_all_runs_fail_the_reason_is_told() -> None:
    learner = linear_regression(
        solution_method="online_gradient_descent",
        create_trainer_mode="parameter_range",
        range_for_learning_rate="1e300",
        normalize_features=False,
        seed=0,
    )
    with pytest.raises(ModuleError, match="SGDRegressor cannot learn") as caught:
        tune(learner, "price")
    assert caught.value.code == "0083"


@pytest.mark.parametrize(
    ("learner", "table", "settings", "code", "place"),
    [
        (k_means_clustering(), table_with("sold"), {}, "0013", "untrained_model"),
        (pca_based_anomaly_detection(), table_with("sold"), {}, "0013", "untrained_model"),
        (linear_regression(), table_with("sold"), {}, "0058", "training_dataset"),
        (logistic(), Table(ROWS.select("sold").lazy()), {}, "0047", "training_dataset"),
        (logistic(), Table(ROWS.clear().lazy()), {}, "0003", "training_dataset"),
        (logistic(), Table(ROWS.drop("sold").lazy()), {}, "0001", "training_dataset"),
        (logistic(), Table(ROWS.with_columns(size=pl.lit(None, pl.Float64)).lazy()), {}, "0083", "training_dataset"),
        (logistic(), Table(pl.LazyFrame({"a": [1, 2], "sold": ["x", "y"]})), {}, "0083", "training_dataset"),
        (logistic(), table_with("sold"), {"maximum_number_of_runs": 0}, "0008", None),
    ],
)
def test_what_cannot_be_tuned_has_a_code(
    learner: Learner, table: Table, settings: dict[str, int], code: str, place: str | None
) -> None:
    with pytest.raises(ModuleError) as caught:
        tune_model_hyperparameters(
            learner,  # type: ignore[arg-type]  # any of the choices
            table,
            label_column="sold",
            context=Context(),
            **settings,  # type: ignore[arg-type]  # any of the choices
        )
    assert (caught.value.code, caught.value.port) == (code, place)


@pytest.mark.parametrize(
    ("validation", "code"), [(ROWS.drop("sold"), "0024"), (ROWS.with_columns(sold=pl.lit("maybe")), "0058")]
)
def test_an_unfit_validation_table_has_a_code(validation: pl.DataFrame, code: str) -> None:
    with pytest.raises(ModuleError) as caught:
        tune(logistic(), "sold", optional_validation_dataset=Table(validation.lazy()))
    assert (caught.value.code, caught.value.port) == (code, "optional_validation_dataset")


def test_too_large_a_grid_is_refused() -> None:
    many = "; ".join(map(str, range(1, 202)))
    learner = two_class_decision_forest(
        create_trainer_mode="parameter_range", range_for_number_of_trees=many, range_for_maximum_depth=many
    )
    with pytest.raises(ModuleError, match="121203 combinations") as caught:
        tune(learner, "sold", sweeping_mode="entire_grid")
    assert (caught.value.code, caught.value.parameter) == ("0007", "sweeping_mode")


def test_the_model_is_known_before_a_run() -> None:
    table, model = tune_model_hyperparameters_schema(
        ModelSchema("two_class"), TableSchema.of(table_with("sold")), "sold"
    )
    assert table is None
    assert model == ModelSchema("two_class", "sold", ("size", "age", "colour"))

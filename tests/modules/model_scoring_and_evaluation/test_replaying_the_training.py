"""Scoring prepares rows as the training did: what docs/training-and-scoring.md says, for each kind of model."""

from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl
import pytest

from modules.anomaly_detection.pca_based_anomaly_detection import pca_based_anomaly_detection
from modules.anomaly_detection.train_anomaly_detection_model import train_anomaly_detection_model
from modules.classification.multiclass_logistic_regression import multiclass_logistic_regression
from modules.classification.one_vs_one_multiclass import one_vs_one_multiclass
from modules.classification.two_class_boosted_decision_tree import two_class_boosted_decision_tree
from modules.classification.two_class_logistic_regression import two_class_logistic_regression
from modules.classification.two_class_support_vector_machine import two_class_support_vector_machine
from modules.kit import AnomalyModel, PredictiveModel, SupervisedLearner, Table
from modules.kit.errors import ModuleError
from modules.ml.scoring import scores_of
from modules.ml.training import lesson_of, train
from modules.regression.fast_forest_quantile_regression import fast_forest_quantile_regression
from modules.regression.linear_regression import linear_regression

Model = PredictiveModel | AnomalyModel

COUNT = 60
random = np.random.default_rng(0)
ROWS = pl.DataFrame(
    {
        "size": random.normal(size=COUNT),
        "rooms": random.integers(1, 6, size=COUNT),
        "colour": random.choice(["blue", "green", "red"], size=COUNT),
        "new": random.choice([True, False], size=COUNT),
        "built": [date(2000 + index % 4, 1, 1) for index in range(COUNT)],
        "zone": random.integers(1, 4, size=COUNT),
        "price": random.normal(size=COUNT),
        "sold": ["no", "yes"] * (COUNT // 2),
        "grade": ["a", "b", "c"] * (COUNT // 3),
    }
)
FEATURES = ("size", "rooms", "colour", "new", "built", "zone")
CATEGORICAL = frozenset({"zone"})


def model_of(learner: SupervisedLearner, label: str) -> Model:
    table = Table(ROWS.select(*FEATURES, label).lazy(), categorical=CATEGORICAL)
    return train(learner, lesson_of(learner, table, label))


MODELS: dict[str, Model] = {
    "linear": model_of(linear_regression(), "price"),
    "quantiles": model_of(fast_forest_quantile_regression(number_of_trees=5, seed=0), "price"),
    "logistic": model_of(two_class_logistic_regression(), "sold"),
    "boosted": model_of(two_class_boosted_decision_tree(number_of_trees=5, seed=0), "sold"),
    "margins": model_of(two_class_support_vector_machine(seed=0), "sold"),
    "several": model_of(multiclass_logistic_regression(), "grade"),
    "votes": model_of(one_vs_one_multiclass(two_class_logistic_regression()), "grade"),
    "anomalies": train_anomaly_detection_model(
        pca_based_anomaly_detection(), Table(ROWS.select(FEATURES).lazy(), categorical=CATEGORICAL)
    ),
}
COPING = {"boosted"}


@pytest.fixture(params=MODELS)
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def model(name: str) -> Model:
    return MODELS[name]


SAME: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "another order of columns": lambda rows: rows.select(reversed(rows.columns)),
    "further columns": lambda rows: rows.with_columns(more=pl.lit("x"), size2=pl.lit(None)),
    "no label": lambda rows: rows.select(FEATURES),
    "numbers as text": lambda rows: rows.with_columns(pl.col("size", "rooms").cast(pl.String)),
    "numbers of another type": lambda rows: rows.with_columns(pl.col("rooms").cast(pl.Float32)),
    "exact decimals": lambda rows: rows.with_columns(pl.col("rooms").cast(pl.Decimal(10, 2))),
    "text as categories": lambda rows: rows.with_columns(pl.col("colour").cast(pl.Categorical)),
    "true and false as text": lambda rows: rows.with_columns(pl.col("new").cast(pl.String)),
    "dates as text": lambda rows: rows.with_columns(pl.col("built").cast(pl.String)),
    "marked numbers as text": lambda rows: rows.with_columns(pl.col("zone").cast(pl.String)),
    "marked numbers as decimals": lambda rows: rows.with_columns(pl.col("zone").cast(pl.Float64)),
    "scores from before": lambda rows: rows.with_columns(**{"Scored Labels": pl.lit(1.0)}),
}


@pytest.mark.parametrize("change", SAME)
def test_rows_that_mean_the_same_get_the_same_scores(model: Model, change: str) -> None:
    assert scores_of(model, SAME[change](ROWS)).equals(scores_of(model, ROWS))


def test_each_row_is_scored_by_itself(model: Model) -> None:
    whole, part = scores_of(model, ROWS), scores_of(model, ROWS.tail(7))
    for column in whole.columns:
        expected, found = whole[column].tail(7).to_list(), part[column].to_list()
        assert found == (pytest.approx(expected, rel=1e-12) if whole.schema[column].is_float() else expected)


def test_a_new_category_is_none_of_the_known_ones(model: Model) -> None:
    pink, grey = (scores_of(model, ROWS.with_columns(colour=pl.lit(name))) for name in ("pink", "grey"))
    assert pink.equals(grey)
    assert pink.null_count().sum_horizontal().item() == 0


def test_a_fraction_is_no_whole_category(model: Model) -> None:
    between = scores_of(model, ROWS.with_columns(zone=pl.lit(2.5)))
    assert between.equals(scores_of(model, ROWS.with_columns(zone=pl.lit(99))))


def test_a_missing_category_that_the_training_did_not_have_is_a_new_one(model: Model) -> None:
    missing = scores_of(model, ROWS.with_columns(colour=pl.lit(None, pl.String)))
    assert missing.equals(scores_of(model, ROWS.with_columns(colour=pl.lit("pink"))))


def test_a_missing_category_that_the_training_had_is_one_of_the_known_ones() -> None:
    learner = linear_regression(l2_regularization_weight=0.0)
    rows = pl.DataFrame({"colour": ["red", None, "blue"] * 4, "price": [1.0, 5.0, 3.0] * 4})
    trained = train(learner, lesson_of(learner, Table(rows.lazy()), "price"))
    assert scores_of(trained, rows)["Scored Labels"].to_list() == pytest.approx(rows["price"].to_list())


@pytest.mark.parametrize("gap", [None, float("nan")])
def test_a_row_that_lacks_a_number_has_no_score_unless_the_model_copes(
    name: str, model: Model, gap: float | None
) -> None:
    rows = ROWS.with_columns(size=pl.when(pl.int_range(pl.len()) == 3).then(gap).otherwise("size"))
    if name in COPING:
        assert scores_of(model, rows).null_count().sum_horizontal().item() == 0
        return
    with pytest.warns(UserWarning, match="1 row with a missing number left unscored"):
        found = scores_of(model, rows)
    assert [column.is_null().arg_true().to_list() for column in found] == [[3]] * found.width


def test_infinity_has_no_score(model: Model) -> None:
    rows = ROWS.with_columns(size=pl.when(pl.int_range(pl.len()) == 3).then(float("inf")).otherwise("size"))
    with pytest.warns(UserWarning, match="1 row"):
        assert scores_of(model, rows).to_series(0).is_null().arg_true().to_list() == [3]


def test_a_table_without_rows_has_the_same_columns(model: Model) -> None:
    found = scores_of(model, ROWS.clear())
    assert (found.height, found.schema) == (0, scores_of(model, ROWS).schema)


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        (lambda rows: rows.drop("rooms"), "0001", "rooms"),
        (lambda rows: rows.with_columns(rooms=pl.lit("many")), "0016", "rooms"),
        (lambda rows: rows.with_columns(rooms=pl.lit(date(2020, 1, 1))), "0016", "rooms"),
        (lambda rows: rows.with_columns(new=pl.lit("perhaps")), "0016", "new"),
    ],
)
def test_what_cannot_be_read_as_in_the_training_has_a_code(
    model: Model, change: Callable[[pl.DataFrame], pl.DataFrame], code: str, column: str
) -> None:
    with pytest.raises(ModuleError) as caught:
        scores_of(model, change(ROWS))
    assert (caught.value.code, caught.value.column, caught.value.port) == (code, column, "dataset")

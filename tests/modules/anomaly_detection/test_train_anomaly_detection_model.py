"""What anomalies are learnt from, how rows are scored and judged, and what is refused."""

import numpy as np
import polars as pl
import pytest

from modules.anomaly_detection.pca_based_anomaly_detection import pca_based_anomaly_detection
from modules.anomaly_detection.train_anomaly_detection_model import (
    train_anomaly_detection_model,
    train_anomaly_detection_model_schema,
)
from modules.classification.two_class_logistic_regression import two_class_logistic_regression
from modules.kit import AnomalyModel, Context, ModelSchema, Table, TableSchema
from modules.kit.errors import ModuleError
from modules.model_scoring_and_evaluation.evaluate_model import evaluate_model
from modules.model_scoring_and_evaluation.score_model import score_model, score_model_schema

COUNT, ODD = 200, 10


def _rows() -> pl.DataFrame:
    random = np.random.default_rng(0)
    first, second = random.normal(size=(2, COUNT))
    third = first + second + 0.1 * random.normal(size=COUNT)
    third[:ODD] += 4
    return pl.DataFrame(
        {"a": first, "b": second, "c": third, "kind": ["x", "y"] * (COUNT // 2), "y": [0] * ODD + [1] * (COUNT - ODD)}
    )


ROWS = _rows()
NUMBERS = Table(ROWS.select("a", "b", "c").lazy())


@pytest.fixture(scope="module")
def model() -> AnomalyModel:
    return train_anomaly_detection_model(pca_based_anomaly_detection(mean_normalization=True), NUMBERS)


def test_abnormal_rows_get_high_scores_and_the_label_0(model: AnomalyModel) -> None:
    scored = score_model(model, Table(ROWS.lazy(), {"y": "label"}))
    frame = scored.frame.collect()
    assert frame.columns == [*ROWS.columns, "Scored Labels", "Scored Probabilities"]
    assert frame["Scored Labels"].to_list() == ROWS["y"].to_list()
    assert (frame["Scored Probabilities"] > 0.5).to_list() == (ROWS["y"] == 0).to_list()
    assert scored.roles == {
        "y": "label",
        "Scored Labels": "scored_labels",
        "Scored Probabilities": "scored_probabilities",
    }


def test_normal_is_the_positive_class_of_the_evaluation(model: AnomalyModel) -> None:
    table = Table(ROWS.lazy(), {"y": "label"})
    context = Context()
    evaluate_model(score_model(model, table), context=context)
    assert context.metrics == {"Accuracy": 1.0, "Precision": 1.0, "Recall": 1.0, "F1": 1.0, "AUC": 1.0}


def test_a_row_that_lacks_a_number_is_left_out_and_unscored(model: AnomalyModel) -> None:
    gap = ROWS.with_columns(a=pl.when(pl.int_range(pl.len()) > 0).then("a"))
    with pytest.warns(UserWarning, match="1 row with a missing number left out"):
        trained = train_anomaly_detection_model(pca_based_anomaly_detection(), Table(gap.select("a", "b", "c").lazy()))
    assert (trained.details["rows"], trained.details["rows_left_out"]) == (COUNT - 1, 1)
    with pytest.warns(UserWarning, match="1 row with a missing number left unscored"):
        frame = score_model(model, Table(gap.lazy())).frame.collect()
    assert frame["Scored Probabilities"].null_count() == frame["Scored Labels"].null_count() == 1


def test_categories_are_encoded_and_the_model_describes_itself() -> None:
    trained = train_anomaly_detection_model(pca_based_anomaly_detection(), Table(ROWS.lazy(), {"y": "none"}))
    assert trained.features == ("a", "b", "c", "kind")
    assert trained.pipeline["encode"].n_features_in_ == 4
    described = trained.describe()
    assert described["task"] == "anomaly_detection"


@pytest.mark.parametrize("append", [True, False])
def test_the_columns_are_known_before_a_run(model: AnomalyModel, append: bool) -> None:
    table = Table(ROWS.lazy(), {"y": "label", "kind": "none"})
    scored = score_model(model, table, append_score_columns_to_output=append)
    known = train_anomaly_detection_model_schema(TableSchema.of(NUMBERS))
    assert known == ModelSchema("anomaly_detection", None, model.features)
    assert score_model_schema(known, TableSchema.of(table), append) == TableSchema.of(scored)


def test_as_many_components_as_columns_are_told() -> None:
    with pytest.warns(UserWarning, match="3 components explain 3 columns wholly"):
        train_anomaly_detection_model(pca_based_anomaly_detection(number_of_components=3), NUMBERS)


@pytest.mark.parametrize(
    ("components", "table", "code", "words"),
    [
        (2, Table(ROWS.lazy(), {"y": "label"}), "0083", "`y` of `dataset` is marked as the label"),
        (2, Table(ROWS.select(a=pl.lit(None, pl.Float64)).lazy()), "0083", "Every row has a missing number"),
        (2, Table(ROWS.select(a=pl.lit(float("inf"))).lazy()), "0033", "`a` of `dataset` holds infinity"),
        (2, Table(ROWS.clear().lazy()), "0003", "`dataset` is empty"),
        (2, Table(ROWS.select("y").lazy(), {"y": "none"}), "0047", "No feature column"),
        (4, NUMBERS, "0081", "make 3 columns"),
        (2, Table(ROWS.select("kind").lazy()), "0081", "make 2 columns"),
        (2, Table(ROWS.select("a", "b", "c").head(1).lazy()), "0021", "has 1 row"),
    ],
)
def test_what_cannot_be_learnt_has_a_code(components: int, table: Table, code: str, words: str) -> None:
    with pytest.raises(ModuleError) as caught:
        train_anomaly_detection_model(pca_based_anomaly_detection(number_of_components=components), table)
    assert (caught.value.code, caught.value.port) == (code, "dataset")
    assert words in caught.value.message


def test_another_kind_of_learner_has_a_code() -> None:
    with pytest.raises(ModuleError) as caught:
        train_anomaly_detection_model(two_class_logistic_regression(), NUMBERS)  # type: ignore[arg-type]  # a wrong one on purpose
    assert (caught.value.code, caught.value.port) == ("0062", "untrained_model")

"""What features add to predictions."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from modules.classification.multiclass_decision_forest import multiclass_decision_forest
from modules.classification.two_class_boosted_decision_tree import two_class_boosted_decision_tree
from modules.classification.two_class_logistic_regression import two_class_logistic_regression
from modules.kit import ModelSchema, PredictiveModel, SupervisedLearner, Table, TableSchema
from modules.kit.errors import ModuleError
from modules.ml.scoring import scores_of
from modules.ml.training import lesson_of, train
from modules.model_scoring_and_evaluation.explain_model import Explained, explain_model, explain_model_schema
from modules.regression.fast_forest_quantile_regression import fast_forest_quantile_regression
from modules.regression.linear_regression import linear_regression
from tests.modules.learning import COUNT, ROWS, table_with

CONTRIBUTIONS = ["Contribution of size", "Contribution of age", "Contribution of colour"]


def model_of(learner: SupervisedLearner, label: str) -> PredictiveModel:
    return train(learner, lesson_of(learner, table_with(label), label))


def explain(model: PredictiveModel, frame: pl.DataFrame = ROWS, **settings: Any) -> Explained:
    return explain_model(model, Table(frame.lazy()), **{"rows_to_explain": 20, "background_rows": 10, **settings})


LINE = model_of(linear_regression(l2_regularization_weight=0.0), "price")
SOLD = model_of(two_class_boosted_decision_tree(number_of_trees=10, seed=0), "sold")
GRADE = model_of(multiclass_decision_forest(seed=0), "grade")


@pytest.mark.parametrize("model", [LINE, SOLD, GRADE], ids=lambda model: model.task)
def test_contributions_add_up_to_the_prediction(model: PredictiveModel) -> None:
    frame = explain(model).explanations.frame.collect()
    assert frame.columns == ["Row", "Explained", "Base Value", "Prediction", *CONTRIBUTIONS]
    total = frame.select(pl.sum_horizontal("Base Value", *CONTRIBUTIONS)).to_series()
    assert np.allclose(total.to_numpy(), frame["Prediction"].to_numpy())


def test_a_line_is_told_by_its_weights() -> None:
    frame = explain(LINE, rows_to_explain=COUNT, background_rows=COUNT).explanations.frame.collect()
    weight = next(item["coefficient"] for item in LINE.details["coefficients"] if item["feature"] == "size")
    expected = weight * (ROWS["size"] - ROWS["size"].mean())
    assert np.allclose(frame["Contribution of size"].to_numpy(), expected.to_numpy())


def test_the_probability_of_the_positive_class_is_explained() -> None:
    frame = explain(SOLD).explanations.frame.collect()
    assert set(frame["Explained"]) == {"yes"}
    scored = scores_of(SOLD, ROWS)["Scored Probabilities"].gather(frame["Row"] - 1)
    assert frame["Prediction"].to_list() == pytest.approx(scored.to_list())


def test_of_several_classes_the_predicted_or_a_named_one_is_explained() -> None:
    frame = explain(GRADE).explanations.frame.collect()
    scores = scores_of(GRADE, ROWS)
    assert frame["Explained"].to_list() == scores["Scored Labels"].gather(frame["Row"] - 1).to_list()
    named = explain(GRADE, class_to_explain="b").explanations.frame.collect()
    assert set(named["Explained"]) == {"b"}
    assert named["Prediction"].to_list() == scores["Scored Probabilities_b"].gather(named["Row"] - 1).to_list()


def test_the_middle_quantile_is_explained() -> None:
    learner = fast_forest_quantile_regression(quantiles="0.1; 0.4; 0.9", number_of_trees=5, seed=0)
    frame = explain(model_of(learner, "price")).explanations.frame.collect()
    assert set(frame["Explained"]) == {"0.4"}


def test_importances_are_mean_sizes_the_largest_first() -> None:
    explanations, importance = explain(LINE)
    sizes = explanations.frame.collect().select(pl.col(CONTRIBUTIONS).abs().mean()).row(0, named=True)
    found = dict(importance.frame.collect().select("Feature", "Mean Absolute Contribution").iter_rows())
    assert {f"Contribution of {name}": value for name, value in found.items()} == pytest.approx(sizes)
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert list(found)[-1] == "colour"


def test_rows_are_drawn_by_the_seed_and_numbered_from_1() -> None:
    first, again, other = (explain(LINE, seed=seed).explanations.frame.collect() for seed in (1, 1, 2))
    assert first.equals(again)
    assert first["Row"].to_list() != other["Row"].to_list()
    assert first["Row"].is_sorted()
    assert explain(LINE, rows_to_explain=COUNT).explanations.frame.collect()["Row"].to_list() == [*range(1, COUNT + 1)]


def test_rows_that_cannot_be_scored_are_left_out() -> None:
    model = model_of(two_class_logistic_regression(), "sold")
    gaps = ROWS.with_columns(size=pl.when(pl.int_range(pl.len()) > 0).then("size"))
    with pytest.warns(UserWarning, match="1 row with a missing number left out"):
        frame = explain(model, gaps, rows_to_explain=COUNT).explanations.frame.collect()
    assert frame["Row"].to_list() == [*range(2, COUNT + 1)]


@pytest.mark.parametrize(
    ("frame", "settings", "code"),
    [
        (ROWS, {"class_to_explain": "z"}, "0002"),
        (ROWS.clear(), {}, "0003"),
        (ROWS.drop("size"), {}, "0001"),
        (ROWS.with_columns(size=pl.lit("much")), {}, "0016"),
    ],
)
def test_what_cannot_be_explained_has_a_code(frame: pl.DataFrame, settings: dict[str, str], code: str) -> None:
    with pytest.raises(ModuleError) as caught:
        explain(GRADE, frame, **settings)
    assert caught.value.code == code


def test_another_kind_of_model_has_a_code() -> None:
    with pytest.raises(ModuleError) as caught:
        explain(linear_regression())  # type: ignore[arg-type]  # a wrong one on purpose
    assert (caught.value.code, caught.value.port) == ("0013", "trained_model")


def test_the_columns_are_known_before_a_run() -> None:
    explanations, importance = explain(SOLD)
    known = ModelSchema("two_class", "sold", ("size", "age", "colour"))
    assert explain_model_schema(known) == (TableSchema.of(explanations), TableSchema.of(importance))
    assert explain_model_schema(None)[0] is None


def test_importances_are_drawn() -> None:
    table = explain(LINE).feature_importance
    charts: Any = table.attachments["charts"]
    drawn = [(bar["name"], bar["value"]) for bar in charts["sets"][0]["bars"]]
    assert drawn == table.frame.collect().select("Feature", "Mean Absolute Contribution").rows()

"""Permutation Feature Importance: how much worse a model does without knowing a feature."""

import warnings
from typing import Annotated, Literal

import numpy as np
import polars as pl

from modules.kit import (
    ColumnSchema,
    Context,
    Param,
    Port,
    PredictiveModel,
    Seed,
    Table,
    TableSchema,
    module,
)
from modules.kit.errors import ModelTypesDiffer, TooFewRows, WrongLearner
from modules.kit.names import counted
from modules.kit.ports import json_of
from modules.ml.judging import SMALLER_IS_BETTER, figures_of, judged_rows
from modules.ml.scoring import readable_rows, scores_of

FEATURE, SCORE = "Feature", "Score"
DRAWN_FEATURES = 50
TWO_CLASS = {"accuracy": "Accuracy", "precision": "Precision", "recall": "Recall"}
MULTICLASS = {
    "accuracy": "Overall_Accuracy",
    "precision": "Macro_Averaged_Precision",
    "recall": "Macro_Averaged_Recall",
}
REGRESSION = {
    "mean_absolute_error": "Mean_Absolute_Error",
    "root_mean_squared_error": "Root_Mean_Squared_Error",
    "relative_absolute_error": "Relative_Absolute_Error",
    "relative_squared_error": "Relative_Squared_Error",
    "coefficient_of_determination": "Coefficient_of_Determination",
}
FIGURES = {"two_class": TWO_CLASS, "multiclass": MULTICLASS, "regression": REGRESSION}


@module()
def permutation_feature_importance(
    trained_model: PredictiveModel,
    test_data: Table,
    *,
    seed: Annotated[Seed, Param("The same seed shuffles alike, 0 too", title="Random seed")] = 0,
    metric: Annotated[
        Literal[
            "accuracy",
            "precision",
            "recall",
            "mean_absolute_error",
            "root_mean_squared_error",
            "relative_absolute_error",
            "relative_squared_error",
            "coefficient_of_determination",
        ],
        Param(
            "The first three are for classifications, the others for regressions",
            title="Metric for measuring performance",
        ),
    ] = "accuracy",
    context: Context,
) -> Annotated[Table, Port("feature_importance", help="The features and their scores, the most important first")]:
    """Tell how much worse a model does where the values of one feature are shuffled.

    The score is the drop of the metric, or the rise of an error: a feature on which the model does not
    depend has a score near 0. Columns are shuffled as they were before any encoding, all in the same
    order, which is that of :func:`sklearn.inspection.permutation_importance` with one repetition. With
    more than two classes, precision and recall are averaged over the classes. Rows without a label or
    with a missing number that the model needs are left out.
    """
    if not isinstance(trained_model, PredictiveModel):
        found = getattr(trained_model, "kind", "") or type(trained_model).__name__
        raise WrongLearner(port="trained_model", found=found, expected="a classification or regression model")
    name = figure_of(trained_model, metric)
    rows, label = judged_rows(trained_model, test_data, port="test_data")
    frame, usable = readable_rows(trained_model, rows, port="test_data")
    label = label.filter(pl.Series(usable))
    if not usable.all():
        warnings.warn(f"{counted(int((~usable).sum()), 'row')} with a missing number left out", stacklevel=2)
    if frame.height < 2:
        raise TooFewRows(port="test_data", required=2, actual=frame.height)

    def score(changed: pl.DataFrame) -> float:
        value = figures_of(trained_model, scores_of(trained_model, changed), label, port="test_data")[name]
        return float("nan") if value is None else -value if name in SMALLER_IS_BETTER else value

    whole = score(frame)
    order = shuffled(frame.height, seed)
    drops = []
    for done, feature in enumerate(trained_model.features):
        drops.append(whole - score(frame.with_columns(frame[feature].gather(order))))
        context.progress((done + 1) / len(trained_model.features))
    scores = pl.Series(SCORE, drops, dtype=pl.Float64).fill_nan(None)
    unsorted = pl.DataFrame({FEATURE: list(trained_model.features), SCORE: scores})
    importance = unsorted.sort(SCORE, descending=True, nulls_last=True, maintain_order=True)
    bars = [{"name": feature, "value": value} for feature, value in importance.head(DRAWN_FEATURES).iter_rows()]
    charts = {"task": "bars", "sets": [{"name": SCORE, "metrics": {}, "bars": bars}]}
    return Table(importance.lazy(), attachments={"charts": json_of(charts)})


def figure_of(model: PredictiveModel, metric: str) -> str:
    """The figure that a metric means for a model; raises 0062 where it is one of another task."""
    known = FIGURES.get(model.task)
    if known is None or metric not in known:
        allowed = ", ".join(known) if known else "no metric"
        raise ModelTypesDiffer(
            f"The model is of the kind {model.task.replace('_', ' ')}, which `{metric}` does not measure; "
            f"expected: {allowed}",
            port="trained_model",
            parameter="metric",
        )
    return known[metric]


def shuffled(rows: int, seed: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The order that scikit-learn shuffles every column into for a seed."""
    column_seed = np.random.RandomState(seed).randint(np.iinfo(np.int32).max + 1)
    order = np.arange(rows)
    np.random.RandomState(column_seed).shuffle(order)
    return order


@permutation_feature_importance.schema
def permutation_feature_importance_schema() -> TableSchema:
    return TableSchema((ColumnSchema(FEATURE, "String"), ColumnSchema(SCORE, "Float64")))

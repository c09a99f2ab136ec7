"""Evaluate Model: judge the predictions of one or two scored tables."""

from typing import Annotated, Any

import numpy as np
import polars as pl

from modules.kit import ColumnSchema, Context, Port, Table, TableSchema, module
from modules.kit.errors import EmptyInput, InvalidDataset, ModelTypesDiffer
from modules.ml.metrics import regression_metrics, two_class_metrics

DRAWN_POINTS = 2000
HISTOGRAM_BINS = 20
THRESHOLDS = 201

METRICS = {
    "regression": (
        "Mean_Absolute_Error",
        "Root_Mean_Squared_Error",
        "Relative_Squared_Error",
        "Relative_Absolute_Error",
        "Coefficient_of_Determination",
    ),
    "two_class": ("Accuracy", "Precision", "Recall", "F1", "AUC"),
}


@module()
def evaluate_model(
    scored_dataset: Table, scored_dataset_to_compare: Table | None = None, *, context: Context
) -> Annotated[Table, Port("evaluation_results", help="One row of figures for each table")]:
    """Compare predictions with the true labels.

    The roles that Score Model gives tell what was predicted: numbers or two classes. The table
    has one row for each input, left first.
    """
    given = {"scored_dataset": scored_dataset, "scored_dataset_to_compare": scored_dataset_to_compare}
    sets = {port: table for port, table in given.items() if table is not None}
    tasks = {port: task_of_scores(table, port) for port, table in sets.items()}
    if len(set(tasks.values())) > 1:
        raise ModelTypesDiffer(
            f"`scored_dataset` holds a {tasks['scored_dataset']} and `scored_dataset_to_compare` a "
            f"{tasks['scored_dataset_to_compare']}; they cannot be compared",
            port="scored_dataset_to_compare",
        )
    task = tasks["scored_dataset"]
    judged = [_judged(table, port, task) for port, table in sets.items()]
    for number, item in enumerate(judged):
        suffix = "" if number == 0 else " (compared)"
        for name, value in item["metrics"].items():
            context.metric(f"{name}{suffix}", value)
    rows = pl.DataFrame([item["metrics"] for item in judged], schema=dict.fromkeys(METRICS[task], pl.Float64))
    return Table(rows.lazy(), attachments={"charts": {"task": task, "sets": judged}})


def task_of_scores(table: Table, port: str) -> str:
    """What was predicted, told by the roles of the score columns."""
    labels = table.columns_with("scored_labels")
    probabilities = table.columns_with("scored_probabilities")
    if not labels or not table.columns_with("label"):
        missing = "a scored label" if not labels else "a label"
        raise InvalidDataset(
            f"`{port}` has no column that is flagged as {missing}",
            port=port,
            hint="Connect the output of Score Model; Edit Metadata flags a label that was lost.",
        )
    return "two_class" if len(probabilities) == 1 else "regression"


def _judged(table: Table, port: str, task: str) -> dict[str, Any]:
    [label, *_], [scored, *_] = table.columns_with("label"), table.columns_with("scored_labels")
    probability = table.columns_with("scored_probabilities")[:1]
    rows = table.frame.select(label, scored, *probability).collect().drop_nulls()
    if rows.is_empty():
        raise EmptyInput(port=port, hint="No row has both a label and a score.")
    if task == "regression":
        return {"name": port, **_regression(rows[label].cast(pl.Float64), rows[scored].cast(pl.Float64))}
    return {"name": port, **_two_class(rows[label], rows[scored], rows[probability[0]])}


def _regression(label: pl.Series, scored: pl.Series) -> dict[str, Any]:
    actual, predicted = label.to_numpy(), scored.to_numpy()
    step = max(1, -(-len(actual) // DRAWN_POINTS))
    counts, edges = np.histogram(actual - predicted, bins=HISTOGRAM_BINS)
    return {
        "metrics": regression_metrics(actual, predicted),
        "points": np.column_stack([actual, predicted])[::step].tolist(),
        "residual_histogram": {"edges": edges.tolist(), "counts": counts.tolist()},
    }


def _two_class(label: pl.Series, scored: pl.Series, probability: pl.Series) -> dict[str, Any]:
    texts = label.cast(pl.String)
    classes = sorted({*label.unique().to_list(), *scored.unique().to_list()}, key=str)
    positive = str(classes[-1])
    actual = (texts == positive).to_numpy()
    chance = probability.cast(pl.Float64).to_numpy()
    metrics = two_class_metrics(actual, (scored.cast(pl.String) == positive).to_numpy(), chance)
    return {
        "metrics": metrics,
        "auc": metrics["AUC"],
        "positive": positive,
        "negative": str(classes[0]),
        "curve": [_confusion(actual, chance, threshold) for threshold in np.linspace(0, 1, THRESHOLDS)],
    }


def _confusion(actual: np.ndarray, chance: np.ndarray, threshold: float) -> dict[str, float]:
    said = chance >= threshold
    return {
        "threshold": float(threshold),
        "tp": int((actual & said).sum()),
        "fp": int((~actual & said).sum()),
        "tn": int((~actual & ~said).sum()),
        "fn": int((actual & ~said).sum()),
    }


@evaluate_model.schema
def evaluate_model_schema(scored_dataset: TableSchema | None) -> TableSchema | None:
    if scored_dataset is None or not scored_dataset.with_role_of("scored_labels"):
        return None
    task = "two_class" if len(scored_dataset.with_role_of("scored_probabilities")) == 1 else "regression"
    return TableSchema(tuple(ColumnSchema(name, "Float64") for name in METRICS[task]))

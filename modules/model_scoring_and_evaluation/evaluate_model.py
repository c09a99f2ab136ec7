"""Evaluate Model: judge the predictions of one or two scored tables."""

import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import polars as pl

from modules.kit import ColumnSchema, Context, Foreseen, Port, Table, TableSchema, module
from modules.kit.errors import EmptyInput, InvalidDataset, ModelTypesDiffer, ModuleError, UnsuitableLabel
from modules.kit.names import counted, listed
from modules.kit.schema import type_name
from modules.ml import metrics
from modules.ml.scores import ScoreColumns, ScoredTask, foreseen_task, quantile_of, score_columns

DRAWN_POINTS = 2000
DRAWN_CLASSES = 100
HISTOGRAM_BINS = 20
THRESHOLDS = np.linspace(0, 1, 201)
CERTAIN = 0.5

DESCRIPTION = "Result Description"
COMPARED = " (compared)"
"""Ends the names of figures and rows of the second table."""


@dataclass(frozen=True)
class Judged:
    """Rows of the result for one table, and what is drawn of it; the metrics among that are told of the run."""

    rows: list[dict[str, Any]]
    chart: dict[str, Any]


@module()
def evaluate_model(
    scored_dataset: Table,
    scored_dataset_to_compare: Table | None = None,
    *,
    task: Annotated[ScoredTask | None, Foreseen()] = None,
    context: Context,
) -> Annotated[Table, Port("evaluation_results", help="The figures of each table, left first")]:
    """Compare predictions with the true labels, or judge how tight clusters are.

    The roles that scoring gives tell what was predicted; where they were lost, the names of the
    columns do. Numbers give one row of errors for each table, left first. Two classes give
    accuracy, precision, recall and F1 of the labels as they were scored, and the area under the ROC
    curve; the positive class is the one that comes last in order. Scores of an anomaly model are judged
    like two classes, with a label that is 1 for normal and 0 for abnormal rows: its scores are high for
    the abnormal ones, which the scored labels tell. More classes give the overall accuracy, and averages
    over rows (micro) and over classes (macro). Quantiles give the loss of each and their average.
    Clusters give one row for all points and one for each cluster, with distances as the model measures
    them. Rows without a label or a score are left out; the log counts them. Scores of a script's own
    learner are judged like any other where they have the names of Score Model.
    """
    given = {"scored_dataset": scored_dataset, "scored_dataset_to_compare": scored_dataset_to_compare}
    sets = {port: table for port, table in given.items() if table is not None}
    columns = {port: score_columns(table.names, table.roles, port=port, task=task) for port, table in sets.items()}
    return _evaluation(sets, columns, task or _common_task(columns), context)


def _common_task(columns: Mapping[str, ScoreColumns]) -> ScoredTask:
    """What the scores of all tables are for; raises 0062 where they differ."""
    task = columns["scored_dataset"].task
    for port, found in columns.items():
        if found.task != task:
            raise ModelTypesDiffer(
                f"`scored_dataset` holds scores of the kind {task} and `{port}` of the kind {found.task}; "
                "they cannot be compared",
                port=port,
            )
    return task


def _evaluation(
    sets: Mapping[str, Table], columns: Mapping[str, ScoreColumns], task: ScoredTask, context: Context
) -> Table:
    """The figures of each table, with what is drawn of them beside it."""
    judged = {
        port: JUDGES[task](_scored_rows(table, columns[port], port), columns[port], port)
        for port, table in sets.items()
    }
    rows = []
    for port, item in judged.items():
        suffix = "" if port == "scored_dataset" else COMPARED
        rows += [
            {name: f"{value}{suffix}" if name == DESCRIPTION else value for name, value in row.items()}
            for row in item.rows
        ]
        for name, value in item.chart["metrics"].items():
            context.metric(f"{name}{suffix}", value)
    frame = pl.DataFrame(rows, schema=_result_columns(task, [name for row in rows for name in row]))
    charts: dict[str, Any] = {"task": task, "sets": [{"name": port, **item.chart} for port, item in judged.items()]}
    return Table(frame.lazy(), attachments={"charts": charts})


def _scored_rows(table: Table, columns: ScoreColumns, port: str) -> pl.DataFrame:
    """The rows that have a label and scores."""
    names = columns.names
    rows = table.frame.select(names).collect()
    numbers = [name for name in names if rows.schema[name].is_float()]
    whole = rows.with_columns(pl.when(pl.col(name).is_finite()).then(pl.col(name)) for name in numbers).drop_nulls()
    if whole.is_empty():
        raise EmptyInput(port=port, hint="No row has both a label and a score.")
    if len(whole) < len(rows):
        warnings.warn(
            f"{counted(len(rows) - len(whole), 'row')} of `{port}` without a label or a score left out", stacklevel=3
        )
    return whole


def _regression(rows: pl.DataFrame, columns: ScoreColumns, port: str) -> Judged:
    actual, predicted = (_numbers(rows[name], port) for name in (columns.label, columns.scored))
    found = metrics.regression_metrics(actual, predicted)
    counts, edges = np.histogram(actual - predicted, bins=HISTOGRAM_BINS)
    chart = {
        "metrics": found,
        "points": metrics.sampled(np.column_stack([actual, predicted]), DRAWN_POINTS).tolist(),
        "residual_histogram": {"edges": edges.tolist(), "counts": counts.tolist()},
    }
    return Judged([found], chart)


def _quantile_regression(rows: pl.DataFrame, columns: ScoreColumns, port: str) -> Judged:
    actual = _numbers(rows[columns.label], port)
    predicted = {quantile_of(name) or 0.0: _numbers(rows[name], port) for name in columns.quantiles}
    found = metrics.quantile_metrics(actual, predicted)
    below = [
        {"quantile": quantile, "below": float((actual <= values).mean())} for quantile, values in predicted.items()
    ]
    return Judged([found], {"metrics": found, "quantiles": below})


def _two_class(rows: pl.DataFrame, columns: ScoreColumns, port: str) -> Judged:
    probability = _numbers(rows[columns.probabilities[0]], port)
    labels, scored, classes = _classes(rows, columns)
    if len(classes) > 2:
        raise UnsuitableLabel(
            f"Column `{columns.label}` of `{port}` and its scores hold {len(classes)} different values "
            f"({listed(classes)}), and two are expected",
            column=columns.label,
            port=port,
        )
    positive, negative = _sides(classes, scored, probability)
    actual = np.array([name == positive for name in classes])[labels]
    predicted = np.array([name == positive for name in classes])[scored]
    if (predicted != (probability > CERTAIN)).all():
        # Those of the other class, as of an anomaly model.
        probability = 1 - probability
    found = metrics.two_class_metrics(actual, predicted, probability)
    chart = {
        "metrics": found,
        "auc": found["AUC"],
        "positive": positive,
        "negative": negative,
        "curve": metrics.threshold_counts(actual, probability, THRESHOLDS),
    }
    return Judged([found], chart)


def _multiclass(rows: pl.DataFrame, columns: ScoreColumns, port: str) -> Judged:
    labels, scored, classes = _classes(rows, columns)
    matrix = metrics.confusion_matrix(labels, scored, len(classes))
    found = metrics.multiclass_metrics(matrix)
    chart: dict[str, Any] = {"metrics": found}
    if len(classes) <= DRAWN_CLASSES:
        chart |= {"classes": classes, "matrix": matrix.tolist()}
    else:
        warnings.warn(f"{len(classes)} classes are too many to draw their confusion matrix", stacklevel=3)
    return Judged([found], chart)


def _clustering(rows: pl.DataFrame, columns: ScoreColumns, port: str) -> Judged:
    distances = np.column_stack([_numbers(rows[name], port) for name in columns.distances])
    assigned = _numbers(rows[columns.scored], port).astype(np.int64)
    clusters = distances.shape[1]
    if assigned.min() < 0 or assigned.max() >= clusters:
        raise InvalidDataset(
            f"Column `{columns.scored}` of `{port}` names a cluster beyond the {clusters} whose distances are there",
            port=port,
            column=columns.scored,
        )
    everywhere = metrics.cluster_metrics(distances, assigned, np.ones(len(assigned), dtype=bool))
    each = [metrics.cluster_metrics(distances, assigned, assigned == index) for index in range(clusters)]
    chart = {
        "metrics": {name.replace(" ", "_"): value for name, value in everywhere.items()},
        "sizes": [{"cluster": index, "size": int(found["Number of Points"] or 0)} for index, found in enumerate(each)],
    }
    numbered = [{DESCRIPTION: f"Evaluation For Cluster No.{index}", **found} for index, found in enumerate(each)]
    return Judged([{DESCRIPTION: "Combined Evaluation", **everywhere}, *numbered], chart)


JUDGES: Mapping[str, Callable[[pl.DataFrame, ScoreColumns, str], Judged]] = {
    "regression": _regression,
    "quantile_regression": _quantile_regression,
    "two_class": _two_class,
    "multiclass": _multiclass,
    "clustering": _clustering,
}
FIGURES = {"regression": metrics.REGRESSION, "two_class": metrics.TWO_CLASS, "multiclass": metrics.MULTICLASS}


def _numbers(column: pl.Series, port: str) -> metrics.Floats:
    if not (column.dtype.is_numeric() or column.dtype == pl.Boolean):
        raise UnsuitableLabel(
            f"Column `{column.name}` of `{port}` is {type_name(column.dtype)}, and numbers are expected",
            column=column.name,
            port=port,
        )
    return column.cast(pl.Float64).to_numpy()


def _classes(rows: pl.DataFrame, columns: ScoreColumns) -> tuple[metrics.Counts, metrics.Counts, list[str]]:
    """True and scored labels as places among the classes, which are sorted as numbers where they are numbers."""
    label, scored = rows[columns.label], rows[columns.scored]
    if label.dtype == scored.dtype and not label.dtype.is_nested():
        values = pl.concat([label, scored.rename(label.name)])
        if label.dtype in (pl.Categorical, pl.Enum):
            values = values.cast(pl.String)
    elif label.dtype.is_numeric() and scored.dtype.is_numeric():
        values = pl.concat([label.cast(pl.Float64), scored.cast(pl.Float64).rename(label.name)])
    else:
        values = pl.concat([label.cast(pl.String), scored.cast(pl.String).rename(label.name)])
    classes = values.unique().sort()
    places = values.rank("dense").cast(pl.Int64).to_numpy() - 1
    return places[: len(label)], places[len(label) :], classes.cast(pl.String).to_list()


def _sides(classes: list[str], scored: metrics.Counts, probability: metrics.Floats) -> tuple[str, str]:
    """The positive and the negative class; where only one is there, its probabilities tell which it is."""
    if len(classes) == 2:
        return classes[1], classes[0]
    [only] = classes
    return (only, "") if (probability > CERTAIN).any() else ("", only)


def _result_columns(task: str, found: Iterable[str]) -> dict[str, Any]:
    """The columns of the result; those of a quantile regression are what was found."""
    if task == "clustering":
        return {DESCRIPTION: pl.String, **dict.fromkeys(metrics.CLUSTERING, pl.Float64), "Number of Points": pl.Int64}
    if task == "quantile_regression":
        losses = dict.fromkeys(name for name in found if name != metrics.AVERAGE_QUANTILE_LOSS)
        return dict.fromkeys([*losses, metrics.AVERAGE_QUANTILE_LOSS], pl.Float64)
    return dict.fromkeys(FIGURES[task], pl.Float64)


@evaluate_model.foresee
def evaluate_model_foreseen(
    scored_dataset: TableSchema, scored_dataset_to_compare: TableSchema | None = None
) -> dict[str, ScoredTask | None]:
    """The task, which the columns tell."""
    tables = [scored_dataset, scored_dataset_to_compare or scored_dataset]
    return {"task": foreseen_task((table.names, table.roles) for table in tables)}


@evaluate_model.schema
def evaluate_model_schema(
    scored_dataset: TableSchema | None, scored_dataset_to_compare: TableSchema | None = None
) -> TableSchema | None:
    """Known where the scores are; the two tables may hold different quantiles."""
    if scored_dataset is None:
        return None
    losses: list[str] = []
    try:
        found = score_columns(scored_dataset.names, scored_dataset.roles, port="scored_dataset")
        for table in (scored_dataset, scored_dataset_to_compare):
            if table is not None and found.task == "quantile_regression":
                quantiles = score_columns(table.names, table.roles, port="scored_dataset_to_compare").quantiles
                losses += [f"{metrics.QUANTILE_LOSS}{quantile_of(name):g}" for name in quantiles]
    except ModuleError:
        return None
    columns = _result_columns(found.task, losses)
    return TableSchema(tuple(ColumnSchema(name, type_name(dtype)) for name, dtype in columns.items()))

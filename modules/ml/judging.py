"""Figures of a model on rows whose label is known."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from modules.kit import PredictiveModel, Table
from modules.kit.errors import EmptyInput, NoLabelColumn, UnsuitableLabel
from modules.kit.names import listed
from modules.ml import metrics
from modules.ml.metrics import Metrics
from modules.ml.scores import LABELS, PROBABILITIES, probability_column, quantile_column

SMALLER_IS_BETTER = frozenset(
    {
        "Mean_Absolute_Error",
        "Root_Mean_Squared_Error",
        "Relative_Absolute_Error",
        "Relative_Squared_Error",
        metrics.LOG_LOSS,
        metrics.AVERAGE_QUANTILE_LOSS,
    }
)


def figure_names(task: str, quantiles: Sequence[float] = ()) -> tuple[str, ...]:
    """The names of the figures of a task, in order."""
    match task:
        case "regression":
            return metrics.REGRESSION
        case "two_class":
            return (*metrics.TWO_CLASS, metrics.LOG_LOSS)
        case "multiclass":
            return (*metrics.MULTICLASS, metrics.LOG_LOSS)
        case _:
            losses = tuple(f"{metrics.QUANTILE_LOSS}{value:g}" for value in quantiles)
            return (*losses, metrics.AVERAGE_QUANTILE_LOSS)


def figures_of(model: PredictiveModel, scores: pl.DataFrame, actual: pl.Series, *, port: str = "dataset") -> Metrics:
    """Figures of scores that `scores_of` gave, against the labels of the same rows.

    Rows without a score do not count; without any row all figures are None. Raises 0058 for a label
    that the model has not learnt.
    """
    quantiles = model.details.get("quantiles", ())
    scored = scores.to_series(0).is_not_null()
    if not scored.all():
        scores, actual = scores.filter(scored), actual.filter(scored)
    if not len(actual):
        return dict.fromkeys(figure_names(model.task, quantiles))
    if model.task == "regression":
        return metrics.regression_metrics(_floats(actual), _floats(scores[LABELS]))
    if model.task == "quantile_regression":
        return metrics.quantile_metrics(
            _floats(actual), {value: _floats(scores[quantile_column(value)]) for value in quantiles}
        )
    return _classification(model, scores, places_of(actual, model.classes or (), port=port))


def judged_rows(model: PredictiveModel, dataset: Table, *, port: str) -> tuple[pl.DataFrame, pl.Series]:
    """The rows of a table that have the label of the model, and the labels; raises 0001, 0003 and 0024."""
    if model.label not in dataset.names:
        raise NoLabelColumn(
            f"`{port}` has no column `{model.label}`, which the model predicts",
            column=model.label,
            port=port,
            hint="Connect a table that holds the true labels.",
        )
    rows = dataset.frame.collect()
    label = rows[model.label]
    if label.dtype.is_float() or label.dtype.is_decimal():
        label = label.cast(pl.Float64).fill_nan(None)
    elif model.classes is not None and not (label.dtype.is_integer() or label.dtype == pl.Boolean):
        label = label.cast(pl.String)
    known = label.is_not_null()
    if not known.any():
        raise EmptyInput(port=port, hint=f"No row has a value in the label column `{model.label}`.")
    return rows.filter(known), label.filter(known)


def places_of(label: pl.Series, classes: Sequence[Any], *, port: str) -> metrics.Counts:
    """The place of each label among the classes; raises 0058 where it is none of them."""
    known = pl.Series(list(classes), dtype=label.dtype if label.dtype == pl.Boolean else None)
    places = label.replace_strict(known, pl.Series(range(len(classes)), dtype=pl.Int64), default=None)
    if places.null_count():
        unknown = label.filter(places.is_null()).unique().sort().to_list()
        raise UnsuitableLabel(
            f"Column `{label.name}` of `{port}` holds {listed(unknown)}, which the training did not have",
            column=label.name,
            port=port,
            hint="Leave out these rows, or train with rows of all classes.",
        )
    return places.to_numpy()


def _classification(model: PredictiveModel, scores: pl.DataFrame, actual: metrics.Counts) -> Metrics:
    classes = model.classes or ()
    predicted = places_of(scores[LABELS], classes, port="scored_dataset")
    if model.task == "two_class":
        positive = _floats(scores[PROBABILITIES])
        found: Mapping[str, float | None] = metrics.two_class_metrics(actual == 1, predicted == 1, positive)
        shares = np.column_stack([1 - positive, positive])
    else:
        found = metrics.multiclass_metrics(metrics.confusion_matrix(actual, predicted, len(classes)))
        shares = scores.select(probability_column(value) for value in classes).to_numpy()
    return {**found, metrics.LOG_LOSS: metrics.average_log_loss(actual, shares)}


def _floats(column: pl.Series) -> metrics.Floats:
    return column.cast(pl.Float64).to_numpy()

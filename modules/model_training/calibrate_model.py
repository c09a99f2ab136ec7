"""Calibrate Model: make the probabilities of a classification true to how often it is right."""

import warnings
from dataclasses import replace
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
import polars as pl
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.pipeline import Pipeline

from modules.kit import (
    ColumnSchema,
    Context,
    ModelSchema,
    Param,
    Port,
    PredictiveModel,
    Table,
    TableSchema,
    module,
)
from modules.kit.errors import MissingLabel, ModelTypesDiffer, UnusableTraining
from modules.kit.names import counted, listed
from modules.kit.ports import json_of
from modules.ml import metrics
from modules.ml.judging import judged_rows, places_of
from modules.ml.scoring import matrix_for, readable_rows, shares_of

BINS = 10
MODEL, CLASS, PREDICTED, OBSERVED, ROWS = "Model", "Class", "Mean Predicted Probability", "Observed Share", "Rows"
SCHEMA = {MODEL: pl.String(), CLASS: pl.String(), PREDICTED: pl.Float64(), OBSERVED: pl.Float64(), ROWS: pl.Int64()}


class Calibrated(NamedTuple):
    """The model with other probabilities, and how true they are."""

    calibrated_model: Annotated[PredictiveModel, Port(help="The same model with calibrated probabilities")]
    reliability: Annotated[
        Table, Port(help="For bins of predicted probabilities, how often the class was there: before and after")
    ]


@module()
def calibrate_model(
    trained_model: PredictiveModel,
    calibration_dataset: Table,
    *,
    method: Annotated[
        Literal["sigmoid", "isotonic", "temperature"],
        Param(
            "A sigmoid suits few rows; isotonic, any rising curve, wants a thousand and more; temperature turns "
            "all probabilities up or down alike"
        ),
    ] = "sigmoid",
    context: Context,
) -> Calibrated:
    """Learn from rows that the model has not seen how its probabilities have to be changed.

    The model itself stays as it is (:class:`sklearn.calibration.CalibratedClassifierCV` around a frozen
    estimator). The table has to hold labelled rows of each class, and none of the training's: on those the
    model is too sure of itself. The log tells the average log loss before and after; the figures of the
    calibration rows themselves are a little too good. Rows without a label or with a missing number that
    the model needs are left out.
    """
    if not isinstance(trained_model, PredictiveModel) or trained_model.classes is None:
        raise ModelTypesDiffer(
            "`trained_model` predicts no classes, and only probabilities of classes can be calibrated",
            port="trained_model",
        )
    port = "calibration_dataset"
    rows, label = judged_rows(trained_model, calibration_dataset, port=port)
    frame, usable = readable_rows(trained_model, rows, port=port)
    if not usable.all():
        warnings.warn(f"{counted(int((~usable).sum()), 'row')} with a missing number left out", stacklevel=2)
    actual = places_of(label.filter(pl.Series(usable)), trained_model.classes, port=port)
    missing = [value for place, value in enumerate(trained_model.classes) if place not in actual]
    if missing:
        raise MissingLabel(
            f"`{port}` has no row of {listed(missing)} that the model can score, and each class is needed",
            port=port,
            column=trained_model.label,
        )
    matrix = matrix_for(trained_model, frame)
    estimator = trained_model.pipeline[-1]
    calibrated = calibrated_of(estimator, matrix, actual, method)
    tables = []
    for name, judged in (("Original", estimator), ("Calibrated", calibrated)):
        shares = shares_of(judged, matrix, trained_model.classes)
        loss = metrics.average_log_loss(actual, shares)
        context.log(f"{name}: average log loss {loss:.6g} over {counted(len(actual), 'row')}")
        context.metric(f"{metrics.LOG_LOSS} ({name.lower()})", loss)
        tables.append(reliability_of(name, shares, actual, trained_model))
    steps = [*trained_model.pipeline.steps[:-1], ("estimator", calibrated)]
    details = {**trained_model.details, "calibration": {"method": method, "rows": len(actual)}}
    model = replace(trained_model, pipeline=Pipeline(steps), details=details)
    reliability = pl.concat(tables)
    return Calibrated(model, Table(reliability.lazy(), attachments={"charts": json_of(charts_of(reliability))}))


def calibrated_of(estimator: Any, matrix: Any, actual: metrics.Counts, method: str) -> CalibratedClassifierCV:
    """The estimator behind a curve that is fitted to all rows; raises 0083."""
    every = np.arange(len(actual))
    calibrated = CalibratedClassifierCV(FrozenEstimator(estimator), method=method, cv=[(every, every)], ensemble=False)
    try:
        return calibrated.fit(matrix, np.asarray(estimator.classes_)[actual])
    except ValueError as error:
        raise UnusableTraining(
            f"The probabilities cannot be calibrated: {str(error).splitlines()[0]}", port="calibration_dataset"
        ) from error


def reliability_of(name: str, shares: metrics.Floats, actual: metrics.Counts, model: PredictiveModel) -> pl.DataFrame:
    """For ten even bins of probability, the mean prediction and the share of rows that are of the class."""
    classes = model.classes or ()
    judged = range(1, 2) if model.task == "two_class" else range(len(classes))
    parts = []
    for place in judged:
        bins = np.clip((shares[:, place] * BINS).astype(int), 0, BINS - 1)
        found = pl.DataFrame({"bin": bins, "predicted": shares[:, place], "is": actual == place})
        grouped = found.group_by("bin").agg(pl.col("predicted").mean(), pl.col("is").mean(), pl.len()).sort("bin")
        parts.append(
            grouped.select(
                pl.lit(name).alias(MODEL),
                pl.lit(str(classes[place])).alias(CLASS),
                pl.col("predicted").alias(PREDICTED),
                pl.col("is").alias(OBSERVED),
                pl.col("len").cast(pl.Int64).alias(ROWS),
            )
        )
    return pl.concat(parts)


def charts_of(reliability: pl.DataFrame) -> dict[str, Any]:
    """What is drawn for each class: both models, and what a true one would give."""
    sets = []
    for (name,), rows in reliability.group_by(CLASS, maintain_order=True):
        lines = [
            {"name": model, "points": [list(point) for point in part.select(PREDICTED, OBSERVED).iter_rows()]}
            for (model,), part in rows.group_by(MODEL, maintain_order=True)
        ]
        sets.append({"name": name, "metrics": {}, "lines": [*lines, {"name": "True", "points": [[0, 0], [1, 1]]}]})
    return {"task": "lines", "sets": sets}


@calibrate_model.schema
def calibrate_model_schema(trained_model: ModelSchema | None) -> tuple[ModelSchema | None, TableSchema]:
    return trained_model, TableSchema(tuple(ColumnSchema(name, str(dtype)) for name, dtype in SCHEMA.items()))

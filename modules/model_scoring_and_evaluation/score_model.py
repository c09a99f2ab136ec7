"""Score Model: predict with a trained model."""

import warnings
from typing import Annotated, Any

import numpy as np
import polars as pl

from modules.kit import (
    ColumnSchema,
    ModelSchema,
    Param,
    Port,
    PredictiveModel,
    Table,
    TableSchema,
    module,
)
from modules.kit.names import counted
from modules.kit.schema import dtype_of
from modules.ml.encoding import conformed, encode, usable_rows
from modules.ml.scores import LABELS, PROBABILITIES, probability_column

CERTAIN = 0.5
"""The probability above which a row counts as the positive class."""


@module()
def score_model(
    trained_model: PredictiveModel,
    dataset: Table,
    *,
    append_score_columns_to_output: Annotated[
        bool, Param("Keep the columns of the table; off gives the scores and the true label only")
    ] = True,
) -> Annotated[Table, Port("scored_dataset", help="The rows with their predictions")]:
    """Predict the label of every row.

    Feature columns are found by name; further columns are passed on. A regression adds
    `Scored Labels`; two classes add `Scored Probabilities` of the positive class too, which is the
    last in order; more classes add one probability each before the labels. A row that lacks a
    number which the model needs gets no score; the log counts such rows.
    """
    rows = dataset.frame.collect()
    scores = scores_of(trained_model, rows)
    kept = rows if append_score_columns_to_output else rows.select(n for n in rows.columns if n == trained_model.label)
    kept = kept.drop([name for name in scores.columns if name in kept.columns])
    roles = {name: role for name, role in dataset.roles.items() if name in kept.columns and role != "label"}
    if trained_model.label in kept.columns:
        roles[trained_model.label] = "label"
    roles |= {name: score_role(name) for name in scores.columns}
    return Table(kept.hstack(scores).lazy(), roles, dataset.categorical & frozenset(kept.columns))


def score_role(name: str) -> str:
    """The role of a column that scoring adds."""
    return "scored_labels" if name == LABELS else "scored_probabilities"


def scores_of(model: PredictiveModel, rows: pl.DataFrame) -> pl.DataFrame:
    """The score columns of each row, null where the row cannot be scored."""
    features, numeric = model.features, frozenset(model.details["numeric"])
    frame = conformed(rows, features, numeric, model.details["types"], port="dataset")
    estimator = model.pipeline[-1]
    usable = usable_rows(frame, [name for name in features if name in numeric], estimator)
    if not usable.all():
        warnings.warn(f"{counted(int((~usable).sum()), 'row')} with a missing number left unscored", stacklevel=3)
        frame = frame.filter(usable)
    steps = model.pipeline.named_steps
    matrix = encode(frame, features, numeric, steps.get("encode"))
    scores = _predicted(model, estimator, matrix)
    return scores if usable.all() else pl.DataFrame([_spread(column, usable) for column in scores])


def _predicted(model: PredictiveModel, estimator: Any, matrix: Any) -> pl.DataFrame:
    if model.classes is None:
        predicted = estimator.predict(matrix) if matrix.shape[0] else np.empty(0)
        numbers = pl.Series(LABELS, predicted.astype(np.float64))
        return pl.DataFrame([pl.select(pl.when(numbers.is_finite()).then(numbers)).to_series().alias(LABELS)])
    shares = estimator.predict_proba(matrix) if matrix.shape[0] else np.empty((0, len(model.classes)))
    classes = pl.Series(LABELS, model.classes, dtype=dtype_of(model.details["label_type"]))
    if model.task == "two_class":
        labels = classes.gather((shares[:, 1] > CERTAIN).astype(np.uint32))
        return pl.DataFrame([labels, pl.Series(PROBABILITIES, shares[:, 1])])
    columns = [pl.Series(probability_column(value), shares[:, place]) for place, value in enumerate(model.classes)]
    return pl.DataFrame([*columns, classes.gather(shares.argmax(axis=1).astype(np.uint32))])


def _spread(column: pl.Series, usable: np.ndarray[Any, np.dtype[np.bool_]]) -> pl.Series:
    if column.is_empty():
        return pl.Series(column.name, [None] * len(usable), dtype=column.dtype)
    places = pl.Series(np.maximum(np.cumsum(usable) - 1, 0))
    found = column.gather(places)
    return pl.select(pl.when(pl.Series(usable)).then(found)).to_series().alias(column.name)


@score_model.schema
def score_model_schema(
    trained_model: ModelSchema | None, dataset: TableSchema | None, append_score_columns_to_output: bool
) -> TableSchema | None:
    """Classes are learnt from the data: with more than two of them the columns are not known."""
    if dataset is None or trained_model is None or trained_model.task not in ("regression", "two_class"):
        return None
    label = trained_model.label
    labels_type = "Float64" if trained_model.task == "regression" else _label_type(label, dataset)
    if labels_type is None:
        return None
    kept = dataset if append_score_columns_to_output else dataset.select([label] if label else [])
    scores = [ColumnSchema(LABELS, labels_type, "scored_labels")]
    if trained_model.task == "two_class":
        scores.append(ColumnSchema(PROBABILITIES, "Float64", "scored_probabilities"))
    kept = kept.with_role(kept.with_role_of("label"), "feature").with_role([label] if label else [], "label")
    return kept.drop([column.name for column in scores]).with_columns(*scores)


def _label_type(label: str | None, dataset: TableSchema) -> str | None:
    """Told by the label column, where the table has it: its type is taken for that of the training table."""
    if label is None or label not in dataset:
        return None
    column = dataset[label]
    if column.dtype == "Decimal":
        return "Float64"
    return column.dtype if column.is_numeric or column.dtype == "Boolean" else "String"

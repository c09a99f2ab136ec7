"""Score Model: predict with a trained model."""

from typing import Annotated

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
from modules.kit.errors import ColumnNotFound, TypesDiffer
from modules.ml.encoding import matrix_of

LABELS = "Scored Labels"
PROBABILITIES = "Scored Probabilities"


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
    `Scored Labels`; two classes add `Scored Probabilities` of the second class too, more classes
    one probability each. A row that lacks a number which the model needs gets no score.
    """
    rows = dataset.frame.collect()
    features, numeric = list(trained_model.features), frozenset(trained_model.details["numeric"])
    for name in features:
        if name not in rows.columns:
            raise ColumnNotFound(name, port="dataset", available=rows.columns)
        if name in numeric and not (rows[name].dtype.is_numeric() or rows[name].dtype in (pl.Boolean, pl.Null)):
            raise TypesDiffer(name, found=str(rows[name].dtype), expected="a number, as in training", port="dataset")
    scores = _scores(trained_model, matrix_of(rows, features, numeric), [name for name in features if name in numeric])
    kept = rows if append_score_columns_to_output else rows.select(n for n in rows.columns if n == trained_model.label)
    kept = kept.drop([name for name in scores.columns if name in kept.columns])
    roles = {name: role for name, role in dataset.roles.items() if name in kept.columns}
    if trained_model.label in kept.columns:
        roles[trained_model.label] = "label"
    roles |= {name: score_role(name) for name in scores.columns}
    return Table(kept.hstack(scores).lazy(), roles, dataset.categorical & frozenset(kept.columns))


def score_role(name: str) -> str:
    """The role of a column that scoring adds."""
    return "scored_labels" if name == LABELS else "scored_probabilities"


def _scores(model: PredictiveModel, matrix: np.ndarray, numeric: list[str]) -> pl.DataFrame:
    usable = np.ones(len(matrix), dtype=bool)
    if not model.pipeline.__sklearn_tags__().input_tags.allow_nan and numeric:
        places = [index for index, name in enumerate(model.features) if name in set(numeric)]
        usable = np.isfinite(matrix[:, places].astype(float)).all(axis=1)
    found = matrix[usable]
    predicted = model.pipeline.predict(found) if len(found) else np.empty(0)
    columns = {}
    if model.task != "regression":
        shares = model.pipeline.predict_proba(found) if len(found) else np.empty((0, len(model.classes or ())))
        if model.task == "two_class":
            columns[PROBABILITIES] = _placed(shares[:, 1], usable)
        else:
            for index, value in enumerate(model.classes or ()):
                columns[f"{PROBABILITIES}_{value}"] = _placed(shares[:, index], usable)
    labels = _placed(predicted, usable)
    first_labels = model.task != "multiclass"
    return pl.DataFrame({LABELS: labels, **columns} if first_labels else {**columns, LABELS: labels})


def _placed(values: np.ndarray, usable: np.ndarray) -> pl.Series:
    found = pl.Series(values.tolist() if values.dtype == object else values)
    if usable.all():
        return found
    places = pl.Series(np.where(usable, np.cumsum(usable) - 1, 0))
    if not len(found):
        return pl.Series([None] * len(usable), dtype=found.dtype)
    return pl.select(pl.when(pl.Series(usable)).then(found.gather(places))).to_series()


@score_model.schema
def score_model_schema(
    trained_model: ModelSchema | None, dataset: TableSchema | None, append_score_columns_to_output: bool
) -> TableSchema | None:
    """Classes are learnt from the data: with more than two of them the columns are not known."""
    if dataset is None or trained_model is None or trained_model.task not in ("regression", "two_class"):
        return None
    label = trained_model.label
    kept = dataset if append_score_columns_to_output else dataset.select([label] if label else [])
    scores = [ColumnSchema(LABELS, _label_type(trained_model, dataset), "scored_labels")]
    if trained_model.task == "two_class":
        scores.append(ColumnSchema(PROBABILITIES, "Float64", "scored_probabilities"))
    if label:
        kept = kept.with_role([label], "label")
    return kept.drop([column.name for column in scores]).with_columns(*scores)


def _label_type(model: ModelSchema, dataset: TableSchema) -> str:
    if model.task == "regression":
        return "Float64"
    return dataset[model.label].dtype if model.label and model.label in dataset else "String"

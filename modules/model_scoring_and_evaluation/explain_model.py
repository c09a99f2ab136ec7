"""Explain Model: how much each feature adds to each prediction."""

import warnings
from typing import Annotated, NamedTuple

import numpy as np
import polars as pl

from modules.kit import (
    ColumnSchema,
    ModelSchema,
    Param,
    Port,
    PredictiveModel,
    Seed,
    Table,
    TableSchema,
    module,
)
from modules.kit.errors import EmptyInput, NotConvertible
from modules.kit.names import counted, listed
from modules.kit.ports import json_of
from modules.ml.explaining import answer_names, answers_of, check_explainable, contributions_of, drawn, explained_places
from modules.ml.scoring import matrix_for, readable_rows

ROW, EXPLAINED, BASE, PREDICTION = "Row", "Explained", "Base Value", "Prediction"
FEATURE, IMPORTANCE, MEAN = "Feature", "Mean Absolute Contribution", "Mean Contribution"
CONTRIBUTION = "Contribution of "
MOST_ROWS = 10_000
DRAWN_FEATURES = 50


class Explained(NamedTuple):
    """Why the model predicts what it predicts."""

    explanations: Annotated[Table, Port(help="For each explained row, what each feature adds to its prediction")]
    feature_importance: Annotated[Table, Port(help="How much each feature adds on average, the most important first")]


@module()
def explain_model(
    trained_model: PredictiveModel,
    dataset: Table,
    *,
    rows_to_explain: Annotated[int, Param("At most so many rows are drawn and explained", ge=1, le=MOST_ROWS)] = 100,
    background_rows: Annotated[
        int, Param("At most so many rows stand for what is usual; more are steadier and slower", ge=1, le=1000)
    ] = 50,
    class_to_explain: Annotated[
        str, Param("Of more than two classes, the one whose probability is explained; blank is the predicted one")
    ] = "",
    seed: Annotated[Seed, Param("The same seed draws the same rows and orders", title="Random seed")] = 0,
) -> Explained:
    """Tell for single rows how much each feature moves the prediction away from the usual one.

    The contributions are Shapley values against background rows of the same table (Lundberg and Lee,
    2017): those of a row add up to its prediction less the base value, which is the mean prediction of
    the background. Up to eight features they are exact; with more they are averaged over sixteen orders
    of the features. What is explained is the predicted number, the probability of the positive class,
    or that of one of several classes; of a quantile regression, the quantile nearest to the middle.
    Features are the columns before any encoding. Rows that lack a number which the model needs are left
    out.
    """
    check_explainable(trained_model)
    names = answer_names(trained_model)
    if class_to_explain and class_to_explain not in names:
        raise NotConvertible(
            value=class_to_explain,
            to="a class of the model",
            parameter="class_to_explain",
            hint=f"It knows {listed(names)}.",
        )
    frame, usable = readable_rows(trained_model, dataset.frame.collect(), port="dataset")
    if not usable.all():
        warnings.warn(f"{counted(int((~usable).sum()), 'row')} with a missing number left out", stacklevel=2)
    if frame.is_empty():
        raise EmptyInput(port="dataset", hint="There is no row that the model can score.")
    numbered = frame.with_columns(pl.Series("\0row", np.flatnonzero(usable) + 1))
    chosen = drawn(numbered, rows_to_explain, seed)
    rows, background = chosen.drop("\0row"), drawn(frame, background_rows, seed + 1)
    values = contributions_of(trained_model, rows, background, seed=seed)
    predictions = answers_of(trained_model, matrix_for(trained_model, rows))
    base = answers_of(trained_model, matrix_for(trained_model, background)).mean(axis=0)
    places = explained_places(trained_model, predictions, class_to_explain)
    every = np.arange(len(rows))
    own = values[every, :, places]
    explanations = pl.DataFrame(
        {
            ROW: chosen["\0row"].cast(pl.Int64),
            EXPLAINED: [names[place] for place in places],
            BASE: base[places],
            PREDICTION: predictions[every, places],
            **{f"{CONTRIBUTION}{name}": own[:, place] for place, name in enumerate(trained_model.features)},
        }
    )
    importance = pl.DataFrame(
        {FEATURE: list(trained_model.features), IMPORTANCE: np.abs(own).mean(axis=0), MEAN: own.mean(axis=0)}
    ).sort(IMPORTANCE, descending=True, maintain_order=True)
    bars = [{"name": name, "value": size} for name, size in importance.select(FEATURE, IMPORTANCE).iter_rows()]
    charts = {"task": "bars", "sets": [{"name": IMPORTANCE, "metrics": {}, "bars": bars[:DRAWN_FEATURES]}]}
    return Explained(Table(explanations.lazy()), Table(importance.lazy(), attachments={"charts": json_of(charts)}))


@explain_model.schema
def explain_model_schema(trained_model: ModelSchema | None) -> tuple[TableSchema | None, TableSchema]:
    importance = TableSchema(
        (ColumnSchema(FEATURE, "String"), ColumnSchema(IMPORTANCE, "Float64"), ColumnSchema(MEAN, "Float64"))
    )
    if trained_model is None or trained_model.features is None:
        return None, importance
    first = (ColumnSchema(ROW, "Int64"), ColumnSchema(EXPLAINED, "String"))
    numbers = (BASE, PREDICTION, *(f"{CONTRIBUTION}{name}" for name in trained_model.features))
    return TableSchema((*first, *(ColumnSchema(name, "Float64") for name in numbers))), importance

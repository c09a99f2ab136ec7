"""Partial Dependence: how the predictions of a model go with a feature."""

import warnings
from typing import Annotated, Any

import numpy as np
import polars as pl
from scipy.stats.mstats import mquantiles

from modules.kit import Columns, ColumnSchema, Context, Param, Port, PredictiveModel, Seed, Table, TableSchema, module
from modules.kit.errors import ColumnNotFound, EmptyInput, OutOfRange
from modules.kit.names import counted
from modules.kit.ports import json_of
from modules.ml.encoding import texts_of
from modules.ml.explaining import answer_names, answers_of, check_explainable, drawn
from modules.ml.scoring import matrix_for, readable_rows

FEATURE, VALUE, NUMBER, EXPLAINED = "Feature", "Value", "Number", "Predicted"
PREDICTION, DEVIATION = "Mean Prediction", "Standard Deviation"
MOST_CATEGORIES = 100
SCHEMA = {
    FEATURE: pl.String(),
    VALUE: pl.String(),
    NUMBER: pl.Float64(),
    EXPLAINED: pl.String(),
    PREDICTION: pl.Float64(),
    DEVIATION: pl.Float64(),
}


@module()
def partial_dependence(
    trained_model: PredictiveModel,
    dataset: Table,
    *,
    features: Annotated[Columns, Param("The features whose effect is told", port="dataset")],
    grid_resolution: Annotated[int, Param("Values that are tried of a number", ge=2, le=200)] = 20,
    lower_percentile: Annotated[float, Param("Smallest value tried, as a share of the rows", ge=0, lt=1)] = 0.05,
    upper_percentile: Annotated[float, Param("Largest value tried, as a share of the rows", gt=0, le=1)] = 0.95,
    maximum_rows: Annotated[int, Param("At most so many rows are drawn to average over", ge=1)] = 1000,
    seed: Annotated[Seed, Param("The same seed draws the same rows", title="Random seed")] = 0,
    context: Context,
) -> Annotated[Table, Port("partial_dependence", help="For each feature and value, the mean prediction")]:
    """Tell what a model predicts on average where all rows have a certain value of one feature.

    The grid of a number goes in even steps between two percentiles of the rows, or has each value where
    there are few; that of a category has all of its values. This is
    :func:`sklearn.inspection.partial_dependence`, on the columns before any encoding; the standard
    deviation tells how much the predictions of single rows differ. Of two classes the probability of
    the positive one is told, of more classes that of each, and of a quantile regression each quantile.
    Rows that lack a number which the model needs are left out.
    """
    check_explainable(trained_model)
    for name in features:
        if name not in trained_model.features:
            raise ColumnNotFound(
                name, port="trained_model", available=list(trained_model.features), parameter="features"
            )
    if lower_percentile >= upper_percentile:
        raise OutOfRange(parameter="lower_percentile", low=0, high=upper_percentile, actual=lower_percentile)
    frame, usable = readable_rows(trained_model, dataset.frame.collect(), port="dataset")
    if not usable.all():
        warnings.warn(f"{counted(int((~usable).sum()), 'row')} with a missing number left out", stacklevel=2)
    if frame.is_empty():
        raise EmptyInput(port="dataset", hint="There is no row that the model can score.")
    frame = drawn(frame, maximum_rows, seed)
    names = answer_names(trained_model)
    tables = []
    for done, name in enumerate(features):
        is_number = name in trained_model.details["numeric"]
        percentiles = (lower_percentile, upper_percentile)
        grid = numbers_to_try(frame[name], grid_resolution, percentiles) if is_number else levels_to_try(frame[name])
        tables += [point_of(trained_model, frame, name, value, names) for value in grid]
        context.progress((done + 1) / len(features))
    found = pl.concat(tables) if tables else pl.DataFrame(schema=SCHEMA)
    return Table(found.lazy(), attachments={"charts": json_of(charts_of(found))})


def numbers_to_try(column: pl.Series, resolution: int, percentiles: tuple[float, float]) -> list[float]:
    """Each value of the column, or even steps between its percentiles where there are more."""
    values = column.cast(pl.Float64).fill_nan(None).drop_nulls()
    different = values.unique().sort()
    if len(different) <= resolution:
        return different.to_list()
    low, high = mquantiles(values.to_numpy(), prob=percentiles)
    grid: list[float] = np.linspace(low, high, resolution).tolist()
    return grid if low < high else [float(low)]


def levels_to_try(column: pl.Series) -> list[Any]:
    """The values of a category, sorted; the most frequent ones where there are very many."""
    counts = column.drop_nulls().value_counts(sort=True)
    if counts.height > MOST_CATEGORIES:
        warnings.warn(
            f"Column `{column.name}` has {counts.height} values; the {MOST_CATEGORIES} most frequent are tried",
            stacklevel=3,
        )
    return counts.head(MOST_CATEGORIES).to_series(0).sort().to_list()


def point_of(model: PredictiveModel, frame: pl.DataFrame, feature: str, value: Any, names: list[str]) -> pl.DataFrame:
    """The mean and deviation of each answer where all rows have one value."""
    fixed = pl.Series(feature, [value], dtype=frame.schema[feature])
    changed = frame.with_columns(fixed.new_from_index(0, frame.height))
    answers = answers_of(model, matrix_for(model, changed))
    number = float(value) if feature in model.details["numeric"] else None
    text = f"{number:g}" if number is not None else texts_of(fixed).item()
    return pl.DataFrame(
        {
            FEATURE: [feature] * len(names),
            VALUE: [text] * len(names),
            NUMBER: [number] * len(names),
            EXPLAINED: names,
            PREDICTION: answers.mean(axis=0),
            DEVIATION: answers.std(axis=0),
        },
        schema=SCHEMA,
    )


def charts_of(found: pl.DataFrame) -> dict[str, Any]:
    """What is drawn: for each feature a line for each answer."""
    sets = []
    for (feature,), rows in found.group_by(FEATURE, maintain_order=True):
        place = NUMBER if rows[NUMBER].null_count() == 0 else VALUE
        lines = [
            {"name": name, "points": [list(point) for point in part.select(place, PREDICTION).iter_rows()]}
            for (name,), part in rows.group_by(EXPLAINED, maintain_order=True)
        ]
        sets.append({"name": feature, "metrics": {}, "lines": lines})
    return {"task": "lines", "sets": sets}


@partial_dependence.schema
def partial_dependence_schema() -> TableSchema:
    return TableSchema(tuple(ColumnSchema(name, str(dtype)) for name, dtype in SCHEMA.items()))

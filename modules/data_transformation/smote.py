"""SMOTE: make up rows of the rarer class."""

from typing import Annotated, Any

import numpy as np
import polars as pl

from modules.kit import Column, Context, Learns, Param, Port, Seed, Table, TableSchema, module
from modules.kit.errors import InvalidDataset, TooFewRows, TooSmall, UnsuitableLabel
from modules.kit.names import counted, listed
from modules.ml.checks import check_plain
from modules.ml.columns import is_missing, is_text
from modules.ml.encoding import check_finite

Numbers = np.ndarray[Any, np.dtype[np.float64]]


@module(title="SMOTE", learns=Learns("rows"))
def smote(
    samples: Annotated[Table, Port(help="Rows of two classes, without missing values")],
    *,
    label_column: Annotated[Column, Param("The column that holds the two classes")],
    smote_percentage: Annotated[
        int, Param("How many rows to make up for 100 of the rarer class", title="SMOTE percentage", ge=0)
    ] = 100,
    number_of_nearest_neighbors: Annotated[
        int, Param("Among how many of the nearest rows of the class one is chosen to go towards", ge=1)
    ] = 1,
    seed: Annotated[Seed, Param("The same seed makes the same rows, 0 too", title="Random seed")] = 0,
    context: Context,
) -> Annotated[Table, Port("table", help="The rows, and after them those that were made up")]:
    """Make up rows of the rarer class, each between a row and one of its nearest neighbours.

    100 doubles the rarer class, 200 makes three of one, 0 changes nothing; the other class stays as it is. All columns
    but the label count for nearness: numbers and dates by their size, as they are, so put Normalize Data before where
    scales differ; text, true and false and categories by being equal or not. Made-up whole numbers and dates are
    rounded. Where both classes have as many rows, the first in order is taken for the rarer one.

    Use it on training data only, after the split: made-up rows say nothing about how good a model is.
    """
    for name, value, least in (
        ("smote_percentage", smote_percentage, 0),
        ("number_of_nearest_neighbors", number_of_nearest_neighbors, 1),
    ):
        if value < least:
            raise TooSmall(parameter=name, bound=least, actual=value)
    rows = samples.frame.collect()
    features = [name for name in rows.columns if name != label_column]
    check_plain(rows.schema, [label_column], parameter="label_column", port="samples")
    check_plain(rows.schema, features, port="samples")
    _check_complete(rows)
    label = _plain(rows[label_column])
    classes = label.unique().sort()
    if len(classes) != 2:
        raise UnsuitableLabel(
            f"Column `{label_column}` holds {counted(len(classes), 'value')}, and two are expected",
            column=label_column,
            port="samples",
            parameter="label_column",
            hint="SMOTE works on two classes.",
        )
    is_rarer, rarer = _rarer(label, classes)
    new = round(int(is_rarer.sum()) * (1 + smote_percentage / 100)) - int(is_rarer.sum())
    context.log(f"{counted(new, 'row')} of the class {rarer} made up from {int(is_rarer.sum())}")
    if new == 0:
        return samples
    if int(is_rarer.sum()) <= number_of_nearest_neighbors:
        raise TooFewRows(
            port="samples",
            required=number_of_nearest_neighbors + 1,
            actual=int(is_rarer.sum()),
            hint=f"The class {rarer} of `{label_column}` needs more rows than there are neighbours.",
        )
    schema = rows.schema
    numbers = [name for name in features if _is_number(schema[name]) and name not in samples.categorical]
    if not numbers:
        raise InvalidDataset(
            "No column of `samples` but the label holds numbers, and one at least is needed", port="samples"
        )
    check_finite(rows, numbers, port="samples")
    levels = {name: _plain(rows[name]).unique().sort() for name in features if name not in numbers}
    matrix = np.column_stack([_as_numbers(rows[name], levels.get(name)) for name in features])
    places = [index for index, name in enumerate(features) if name in levels]
    made = _made_up(matrix, is_rarer.to_numpy(), places, new, number_of_nearest_neighbors, seed)
    columns = {name: _as_before(made[:, i], rows[name], levels.get(name)) for i, name in enumerate(features)}
    columns[label_column] = pl.repeat(rarer, new, dtype=label.dtype, eager=True).cast(rows.schema[label_column])
    return samples.with_frame(pl.concat([rows, pl.DataFrame(columns).select(rows.columns)]).lazy())


def _check_complete(rows: pl.DataFrame) -> None:
    """Raise 0018 where a value is missing."""
    counts = rows.select(is_missing(name, dtype).sum() for name, dtype in rows.schema.items()).row(0)
    missing = [name for name, count in zip(rows.columns, counts, strict=True) if count]
    if missing:
        raise InvalidDataset(
            f"Values of {listed(missing)} are missing, and SMOTE needs complete rows",
            column=missing[0],
            port="samples",
            hint="Put Clean Missing Data before.",
        )


def _plain(column: pl.Series) -> pl.Series:
    """Stored categories as text, which has one order for sorting and ranking."""
    return column.cast(pl.String) if is_text(column.dtype) else column


def _rarer(label: pl.Series, classes: pl.Series) -> tuple[pl.Series, Any]:
    """The rows of the rarer class, and the class."""
    first = label == classes[0]
    return (first, classes[0]) if first.sum() * 2 <= len(label) else (~first, classes[1])


def _is_number(dtype: pl.DataType) -> bool:
    return dtype.is_numeric() or dtype.is_temporal()


def _as_numbers(column: pl.Series, levels: pl.Series | None) -> Numbers:
    """Numbers as they are, dates by their place in time, categories by the number of their level."""
    if levels is not None:
        return _plain(column).rank("dense").cast(pl.Float64).to_numpy() - 1
    return (column.to_physical() if column.dtype.is_temporal() else column).cast(pl.Float64).to_numpy()


def _as_before(values: Numbers, column: pl.Series, levels: pl.Series | None) -> pl.Series:
    """Made-up values in the type of the column that they continue."""
    if levels is not None:
        return levels.gather(values.astype(np.int64)).cast(column.dtype)
    made = pl.Series(column.name, values)
    if column.dtype.is_temporal():
        return made.round().cast(column.to_physical().dtype).cast(column.dtype)
    return (made.round() if column.dtype.is_integer() else made).cast(column.dtype)


def _made_up(matrix: Numbers, is_rarer: Any, categories: list[int], new: int, neighbors: int, seed: int) -> Numbers:
    from imblearn.over_sampling import SMOTE, SMOTENC

    wanted = {True: int(is_rarer.sum()) + new}
    options = {"sampling_strategy": wanted, "k_neighbors": neighbors, "random_state": seed}
    sampler = SMOTENC(categories, **options) if categories else SMOTE(**options)
    found, _ = sampler.fit_resample(matrix, is_rarer)
    return np.asarray(found[len(matrix) :], dtype=np.float64)


@smote.schema
def smote_schema(samples: TableSchema | None) -> TableSchema | None:
    return samples

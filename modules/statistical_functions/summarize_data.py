"""Summarize Data: describe each column of a table by figures."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import numpy as np
import polars as pl

from modules.kit import ColumnSchema, Context, Port, Table, TableSchema, module
from modules.ml.columns import present
from modules.ml.rows import count_rows

Floats = np.ndarray[Any, np.dtype[np.float64]]

VALUES_AT_ONCE = 1 << 22
COUNTS = ("Count", "Unique Value Count", "Missing Value Count")
PERCENTILES = {"P0.5": 0.005, "P1": 0.01, "P5": 0.05, "P95": 0.95, "P99.5": 0.995}
SHARES = {"1st Quartile": 0.25, "Median": 0.5, "3rd Quartile": 0.75, **PERCENTILES}
FIGURES = (
    *("Min", "Max", "Mean", "Mean Deviation", "1st Quartile", "Median", "3rd Quartile", "Mode", "Range"),
    *("Sample Variance", "Sample Standard Deviation", "Sample Skewness", "Sample Kurtosis"),
    *PERCENTILES,
)
SCHEMA: Mapping[str, pl.DataType] = {
    "Feature": pl.String(),
    **dict.fromkeys(COUNTS, pl.Int64()),
    **dict.fromkeys(FIGURES, pl.Float64()),
}


@module()
def summarize_data(
    input: Annotated[Table, Port(help="The table to describe")],  # noqa: A002  the name that the reference gives
    *,
    context: Context,
) -> Annotated[Table, Port("result_dataset", help="One row for each column of the table")]:
    """Describe each column by a row of figures.

    Counts for every column; for numbers also least and greatest value, mean, mean absolute deviation, quartiles, mode
    (the least of several), range, sample variance, deviation, skewness and excess kurtosis, and five percentiles.
    Missing values, NaN among them, are counted and left out of all else. True counts as 1 and false as 0. A figure that
    has no meaning, such as the variance of one value, is missing.
    """
    rows = [_described(values) for values in _columns(input.frame, context)]
    return Table(pl.LazyFrame(rows, schema=SCHEMA, orient="row"))


def _columns(frame: pl.LazyFrame, context: Context) -> Iterator[pl.Series]:
    """The columns with null for every missing value, few of them in memory at a time."""
    schema = frame.collect_schema()
    names = schema.names()
    width = max(1, VALUES_AT_ONCE // max(count_rows(frame), 1))
    for start in range(0, len(names), width):
        chosen = names[start : start + width]
        yield from frame.select(present(name, schema[name]).alias(name) for name in chosen).collect().iter_columns()
        context.progress(min(start + width, len(names)) / len(names))


def _described(values: pl.Series) -> dict[str, Any]:
    found = values.drop_nulls()
    row: dict[str, Any] = {"Feature": values.name, "Count": len(values), "Missing Value Count": values.null_count()}
    if values.dtype.is_numeric() or values.dtype == pl.Boolean:
        numbers = np.sort(found.cast(pl.Float64).to_numpy())
        starts = _starts_of_runs(numbers)
        unique = found.n_unique() if values.dtype.is_integer() else len(starts)  # large ids keep all their digits
        return {**row, "Unique Value Count": unique, **_figures(numbers, starts)}
    unique = len(found.to_frame().unique()) if values.dtype.is_nested() else found.n_unique()
    return {**row, "Unique Value Count": 0 if found.is_empty() else unique}


def _starts_of_runs(ordered: Floats) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Where each value of ordered numbers first stands."""
    changes = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1
    return np.concatenate([[0], changes]) if len(ordered) else changes


def _figures(ordered: Floats, starts: np.ndarray[Any, np.dtype[np.int64]]) -> dict[str, float | None]:
    if not len(ordered):
        return {}
    least, most = float(ordered[0]), float(ordered[-1])
    with np.errstate(all="ignore"):  # infinite values give figures without a meaning
        mean = least if least == most else float(ordered.mean())
        away = ordered - mean
        found = {
            "Min": least,
            "Max": most,
            "Mean": mean,
            "Mean Deviation": float(np.abs(away).mean()),
            "Mode": float(ordered[starts[np.diff(np.append(starts, len(ordered))).argmax()]]),
            "Range": most - least,
            **{name: _quantile(ordered, share) for name, share in SHARES.items()},
            **_moments(away),
        }
    return {name: value if np.isfinite(value) else None for name, value in found.items()}


def _quantile(ordered: Floats, share: float) -> float:
    """The value below which the share lies, on the line between its neighbours."""
    place = share * (len(ordered) - 1)
    low = int(place)
    below, above = float(ordered[low]), float(ordered[min(low + 1, len(ordered) - 1)])
    return below + (above - below) * (place - low) if place > low else below


def _moments(away: Floats) -> dict[str, float]:
    """Unbiased variance, and skewness and excess kurtosis adjusted for the size of the sample."""
    n = len(away)
    found: dict[str, float] = {}
    if n < 2:
        return found
    squares = away * away
    second = float(squares.mean())
    found["Sample Variance"] = second * n / (n - 1)
    found["Sample Standard Deviation"] = float(np.sqrt(found["Sample Variance"]))
    if n > 2 and second > 0:
        skewness = float((squares * away).mean()) / second**1.5
        found["Sample Skewness"] = skewness * float(np.sqrt(n * (n - 1))) / (n - 2)
    if n > 3 and second > 0:
        kurtosis = float((squares * squares).mean()) / second**2 - 3
        found["Sample Kurtosis"] = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * kurtosis + 6)
    return found


@summarize_data.schema
def summarize_data_schema() -> TableSchema | None:
    return TableSchema(tuple(ColumnSchema(name, type(dtype).__name__) for name, dtype in SCHEMA.items()))

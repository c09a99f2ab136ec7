"""Look into a stored table: a page of rows, figures of each column."""

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from modules.kit import Table, TableSchema
from modules.kit.ports import json_of

HISTOGRAM_BINS = 20
SHOWN_CATEGORIES = 10
LONGEST_TEXT = 1000
VALUES_AT_ONCE = 1 << 23


def page(table: Table, offset: int, limit: int, columns: Sequence[str] | None = None) -> dict[str, Any]:
    """Rows from an offset as JSON values: missing and infinite numbers are null, long texts are cut."""
    schema = TableSchema.of(table)
    chosen = schema if columns is None else schema.select(columns)
    total = int(table.frame.select(pl.len()).collect().item())
    rows = table.frame.select(chosen.names).slice(offset, limit).collect()
    return {
        "columns": chosen.to_json(),
        "rows": [[_shown(value) for value in row] for row in rows.iter_rows()],
        "total_rows": total,
    }


def _shown(value: Any) -> Any:
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return value[:LONGEST_TEXT] + "…"
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return json_of(value)


def statistics(table: Table, columns: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Figures and a histogram for each column, few columns in memory at a time."""
    schema = TableSchema.of(table)
    chosen = schema if columns is None else schema.select(columns)
    return [
        {**column.to_json(), **_figures(values, column.is_numeric)}
        for column, values in zip(chosen.columns, _columns(table.frame, chosen.names), strict=True)
    ]


def _columns(frame: pl.LazyFrame, names: Sequence[str]) -> Iterator[pl.Series]:
    rows = int(frame.select(pl.len()).collect().item())
    width = max(1, VALUES_AT_ONCE // max(rows, 1))
    for start in range(0, len(names), width):
        yield from frame.select(names[start : start + width]).collect().iter_columns()


def _figures(values: pl.Series, is_numeric: bool) -> dict[str, Any]:
    if values.dtype.is_float():
        values = values.fill_nan(None)
    present = values.drop_nulls()
    found: dict[str, Any] = {
        "missing": values.null_count(),
        "unique": _unique(present),
        "minimum": None,
        "maximum": None,
        "mean": None,
        "median": None,
        "standard_deviation": None,
        "histogram": None,
    }
    if present.is_empty() or values.dtype.is_nested():
        return found
    if values.dtype.is_temporal() or values.dtype in (pl.String, pl.Boolean) or is_numeric:
        found["minimum"], found["maximum"] = _shown(present.min()), _shown(present.max())
    if is_numeric:
        numbers = present.cast(pl.Float64)
        found["mean"], found["median"] = json_of(numbers.mean()), json_of(numbers.median())
        found["standard_deviation"] = json_of(numbers.std())
        found["histogram"] = _numeric_histogram(numbers)
    else:
        found["histogram"] = _categorical_histogram(present)
    return found


def _unique(values: pl.Series) -> int:
    return len(values) if values.dtype.is_nested() else values.n_unique()


def _numeric_histogram(numbers: pl.Series) -> dict[str, Any] | None:
    import numpy as np

    finite = numbers.filter(numbers.is_finite()).to_numpy()
    if not len(finite) or not np.isfinite(finite.max() - finite.min()):
        return None
    try:
        counts, edges = np.histogram(finite, bins=HISTOGRAM_BINS)
    except ValueError:  # the values are too near to each other for their size to be told apart
        counts, edges = np.array([len(finite)]), np.array([finite.min(), finite.max()])
    return {"kind": "numeric", "edges": edges.tolist(), "labels": None, "counts": counts.tolist()}


def _categorical_histogram(values: pl.Series) -> dict[str, Any] | None:
    try:
        texts = values.cast(pl.String, strict=False)
    except pl.exceptions.PolarsError:  # a type that has no text form
        return None
    counted = texts.value_counts(name="count")
    counted = counted.sort(pl.col("count"), pl.nth(0), descending=[True, False]).head(SHOWN_CATEGORIES)
    labels = [str(label)[:100] for label in counted.to_series(0).to_list()]
    return {"kind": "categorical", "edges": None, "labels": labels, "counts": counted["count"].to_list()}

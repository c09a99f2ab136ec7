"""How much a column tells about a label: correlation, and Pearson's chi-squared."""

import numpy as np
import polars as pl

from modules.ml.columns import is_text

MOST_WITHOUT_BINS = 10
BINS = 10


def is_scorable(dtype: pl.DataType) -> bool:
    """Tell whether a column holds numbers, text or true and false."""
    return dtype.is_numeric() or dtype == pl.Boolean or is_text(dtype)


def correlation(feature: pl.Series, label: pl.Series, *, is_category: bool) -> float:
    """The absolute correlation of two columns; 0 where it has no meaning, as for text features.

    The label is a number, or with `is_category` a category: then each stands for the mean of the feature in its rows.
    Rows where a value is missing or infinite are left out.
    """
    if is_text(feature.dtype):
        return 0.0
    rows = pl.DataFrame({"x": _numbers(feature), "y": _codes(label) if is_category else _numbers(label)}).drop_nulls()
    if is_category:
        rows = rows.with_columns(pl.col("x").mean().over("y").alias("y"))
    if rows.height < 2 or any(rows[name].min() == rows[name].max() for name in ("x", "y")):
        return 0.0
    found = float(abs(np.corrcoef(rows["x"].to_numpy(), rows["y"].to_numpy())[0, 1]))
    return min(found, 1.0) if np.isfinite(found) else 0.0


def chi_squared(feature: pl.Series, label: pl.Series, *, feature_is_category: bool, label_is_category: bool) -> float:
    """Pearson's chi-squared of the table of counts, without Yates' correction; 0 where one of the two is constant.

    Numbers with more than 10 values that are no categories are put into 10 bins of as many rows. Rows where a value
    is missing are left out.
    """
    rows = pl.DataFrame(
        {"x": _groups(feature, is_category=feature_is_category), "y": _groups(label, is_category=label_is_category)}
    ).drop_nulls()
    if rows["x"].n_unique() < 2 or rows["y"].n_unique() < 2:
        return 0.0
    counts = rows.group_by("x", "y").len("seen")
    of_row, of_column = pl.col("seen").sum().over("x"), pl.col("seen").sum().over("y")
    # Cells without a row are not looked at: the sum over all of them is that of squares less the number of rows.
    shares = counts.sort("x", "y").select(pl.col("seen").cast(pl.Float64) ** 2 / of_row / of_column).to_series()
    return max(rows.height * (float(shares.sum()) - 1), 0.0)


def _numbers(column: pl.Series) -> pl.Series:
    values = column.cast(pl.Float64)
    return values.set(~values.is_finite().fill_null(value=False), None)


def _codes(column: pl.Series) -> pl.Series:
    values = column.cast(pl.String) if is_text(column.dtype) else column
    values = values.fill_nan(None) if values.dtype.is_float() else values
    return values.rank("dense")


def _groups(column: pl.Series, *, is_category: bool) -> pl.Series:
    codes = _codes(column)
    if is_category or not column.dtype.is_numeric() or codes.drop_nulls().n_unique() <= MOST_WITHOUT_BINS:
        return codes
    values = column.cast(pl.Float64).fill_nan(None)
    finite = values.filter(values.is_finite()).to_numpy()
    edges = np.quantile(finite, np.linspace(0, 1, BINS + 1)[1:-1]) if len(finite) else np.array([0.0])
    return pl.Series(np.searchsorted(edges, values.to_numpy(), side="left")).set(values.is_null(), None)

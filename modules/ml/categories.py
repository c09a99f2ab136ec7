"""The different values of a column as categories, and what is looked up by them."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from modules.ml.columns import present


def as_category(name: str, dtype: pl.DataType) -> pl.Expr:
    """A column with numbers and truths as they are, and all else as text; NaN is missing."""
    values = present(name, dtype)
    return values if dtype.is_numeric() or dtype == pl.Boolean else values.cast(pl.String)


def levels_in(frame: pl.LazyFrame, name: str, dtype: pl.DataType) -> list[Any]:
    """The different values in order, that of their own where stored categories have one; a missing one is last."""
    found = frame.select(as_category(name, dtype).unique()).collect().to_series().sort(nulls_last=True).to_list()
    if isinstance(dtype, pl.Enum):
        place = {level: index for index, level in enumerate(dtype.categories)}
        found.sort(key=lambda level: place.get(level, len(place)))
    return found


def looked_up(
    name: str, dtype: pl.DataType, levels: Sequence[Any], values: Sequence[Any], to: pl.DataType, *, default: Any
) -> pl.Expr:
    """The value for each level of a column, and the default for others; numbers are equal whatever their types."""
    column, keys = as_category(name, dtype), pl.Series(levels, strict=False)
    if dtype.is_numeric() or keys.dtype.is_numeric():
        kind = pl.Int128() if dtype.is_integer() and keys.dtype.is_integer() else pl.Float64()
        column, keys = column.cast(kind, strict=False), keys.cast(kind, strict=False)
    elif keys.dtype == pl.Null:
        keys = keys.cast(pl.String)
    return column.replace_strict(keys, pl.Series(values, dtype=to), default=default, return_dtype=to)

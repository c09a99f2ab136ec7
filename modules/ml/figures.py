"""Figures of the values of a column: sums, means, counts and others, without missing values."""

from collections.abc import Callable, Mapping

import polars as pl

from modules.kit.errors import WrongColumnType
from modules.ml.columns import family_of, is_text, present

Figure = Callable[[pl.Expr], pl.Expr]

NUMBERS_ONLY = ("sum", "mean", "median", "standard_deviation", "variance")
ORDERED_ONLY = ("minimum", "maximum")
COUNTS = ("present", "missing", "distinct")
FIGURES: Mapping[str, Figure] = {
    "sum": lambda x: x.sum(),
    "mean": lambda x: x.mean(),
    "median": lambda x: x.median(),
    "minimum": lambda x: x.min(),
    "maximum": lambda x: x.max(),
    "standard_deviation": lambda x: x.std(),
    "variance": lambda x: x.var(),
    "first": lambda x: x.drop_nulls().first(),
    "last": lambda x: x.drop_nulls().last(),
    "present": lambda x: x.count(),
    "missing": lambda x: x.null_count(),
    "distinct": lambda x: x.drop_nulls().n_unique(),
}


def figure_of(name: str, dtype: pl.DataType, figure: str, *, parameter: str) -> pl.Expr:
    """One figure of a column, by its name in `FIGURES`; raises 0017 where the type has none."""
    is_number = dtype.is_numeric() or dtype in (pl.Boolean, pl.Null)
    has_order = not (dtype.is_nested() or dtype in (pl.Binary, pl.Object))
    if (figure in NUMBERS_ONLY and not is_number) or not has_order:
        raise WrongColumnType(
            name,
            found=family_of(dtype),
            expected="a number" if figure in NUMBERS_ONLY else "a plain value",
            port="dataset",
            parameter=parameter,
            hint=f"It has no {figure.replace('_', ' ')}; leave it out, or ask for other figures.",
        )
    found = FIGURES[figure](_values(name, dtype, figure))
    return found.cast(pl.Int64) if figure in COUNTS else found


def _values(name: str, dtype: pl.DataType, figure: str) -> pl.Expr:
    """The values in the type that a figure is made of: a sum of whole numbers is whole."""
    values = present(name, dtype)
    if figure == "sum" and (dtype.is_integer() or dtype == pl.Boolean):
        return values.cast(pl.Int64) if dtype == pl.Boolean else values
    if figure in NUMBERS_ONLY:
        return values.cast(pl.Float64)
    return values.cast(pl.String) if figure in ORDERED_ONLY and is_text(dtype) and dtype != pl.Enum else values

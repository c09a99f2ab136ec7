"""Convert columns to another type; what cannot be converted is told by its first value."""

import re
from collections.abc import Callable, Mapping
from typing import Literal

import polars as pl

from modules.kit.errors import ColumnNotConvertible, NotConvertible
from modules.ml.columns import family_of, is_text, present

DataType = Literal["string", "integer", "double", "boolean", "date_time"]

TYPES: Mapping[DataType, pl.DataType] = {
    "string": pl.String(),
    "integer": pl.Int64(),
    "double": pl.Float64(),
    "boolean": pl.Boolean(),
    "date_time": pl.Datetime("us"),
}
TRUE_TEXTS = ("true", "t", "yes", "y", "1")
FALSE_TEXTS = ("false", "f", "no", "n", "0")
DATE_FORMATS = (
    *("%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y%m%d", "%d-%b-%Y", "%d %b %Y", "%d %B %Y"),
    *("%b %d, %Y", "%B %d, %Y", "%m-%d-%Y", "%d-%m-%Y"),
)
TIME_FORMATS = ("", " %H:%M", " %H:%M:%S%.f", " %I:%M %p", " %I:%M:%S %p")
ZONED_FORMATS = ("%+", "%Y-%m-%d %H:%M:%S%.f%#z")
LARGEST_SECONDS, LARGEST_MILLISECONDS, LARGEST_MICROSECONDS = 1e11, 1e14, 1e17
"""Beyond year 5138 in seconds, numbers are taken for milliseconds since 1970, and so on."""


def converted(frame: pl.LazyFrame, names: list[str], to: DataType, *, date_format: str = "") -> dict[str, pl.Expr]:
    """Expressions that convert columns, by their names; missing values stay missing.

    The values are looked at once, so that the expressions cannot fail later. Raises 0042 where a type cannot become
    another, and 0002 where a value cannot.
    """
    schema = frame.collect_schema()
    wanted = TYPES[to]
    found: dict[str, pl.Expr] = {}
    for name in names:
        dtype = schema[name]
        if dtype == wanted or dtype == pl.Null:
            found[name] = pl.col(name).cast(wanted)
        elif to == "date_time":
            found[name] = _moment(frame, name, dtype, date_format)
        else:
            found[name] = _CONVERSIONS[to](name, dtype)
    _check(frame, found, schema, to)
    return {name: expression.alias(name) for name, expression in found.items()}


def _check(frame: pl.LazyFrame, found: Mapping[str, pl.Expr], schema: pl.Schema, to: DataType) -> None:
    """Raise 0002 for the first value that gets lost."""
    lost = [
        _lost(_values(name, schema[name]), expression).alias(name)
        for name, expression in found.items()
        if schema[name] != TYPES[to] and to != "string"
    ]
    for name, value in frame.select(lost).collect().row(0, named=True).items() if lost else ():
        if value is not None:
            raise NotConvertible(
                value=value,
                to=family_of(TYPES[to]) if to != "integer" else "a whole number",
                column=name,
                parameter="data_type",
                hint="Clean or leave out such values first.",
            )


def _values(name: str, dtype: pl.DataType) -> pl.Expr:
    """A column without missing values; of texts without the spaces around them, and blank ones are missing."""
    if not is_text(dtype):
        return present(name, dtype)
    stripped = pl.col(name).cast(pl.String).str.strip_chars()
    return pl.when(stripped != "").then(stripped)


def _lost(before: pl.Expr, after: pl.Expr) -> pl.Expr:
    return before.filter(after.is_null() & before.is_not_null()).first()


def _refused(name: str, dtype: pl.DataType, to: DataType) -> ColumnNotConvertible:
    return ColumnNotConvertible(
        f"Column `{name}` is {family_of(dtype)}, which cannot become {family_of(TYPES[to])}",
        column=name,
        parameter="data_type",
    )


def _string(name: str, dtype: pl.DataType) -> pl.Expr:
    if dtype.is_nested() or dtype in (pl.Binary, pl.Object):
        raise _refused(name, dtype, "string")
    return present(name, dtype).cast(pl.String)


def _number(name: str, dtype: pl.DataType, to: Literal["integer", "double"]) -> pl.Expr:
    column = _values(name, dtype)
    if not is_text(dtype) and not (dtype.is_numeric() or dtype == pl.Boolean):
        raise _refused(name, dtype, to)
    decimal = column.cast(pl.Float64, strict=False)
    if to == "double":
        return decimal.fill_nan(None)
    rounded = decimal.round(0, mode="half_to_even").cast(pl.Int64, strict=False)
    return rounded if dtype.is_float() else pl.coalesce([column.cast(pl.Int64, strict=False), rounded])


def _boolean(name: str, dtype: pl.DataType) -> pl.Expr:
    column = _values(name, dtype)
    if dtype.is_numeric():
        return column != 0
    if not is_text(dtype):
        raise _refused(name, dtype, "boolean")
    text = column.str.to_lowercase()
    return pl.when(text.is_in(TRUE_TEXTS)).then(True).when(text.is_in(FALSE_TEXTS)).then(False)


def _moment(frame: pl.LazyFrame, name: str, dtype: pl.DataType, date_format: str) -> pl.Expr:
    column = _values(name, dtype)
    if dtype in (pl.Date, pl.Datetime):
        naive = column.dt.replace_time_zone(None) if dtype == pl.Datetime else column
        return naive.cast(TYPES["date_time"])
    if dtype.is_numeric():
        if date_format.strip():
            raise NotConvertible(
                value=date_format,
                to="a format for numbers",
                parameter="date_and_time_format",
                column=name,
                hint="Leave the format blank for numbers, or make them strings first.",
            )
        return _since_1970(frame, name, column)
    if not is_text(dtype):
        raise _refused(name, dtype, "date_time")
    if date_format.strip():
        return _parsed(column, _polars_format(date_format.strip()))
    return _parsed(column, _fitting_format(frame, name, column))


def _since_1970(frame: pl.LazyFrame, name: str, column: pl.Expr) -> pl.Expr:
    """Numbers count seconds, milliseconds, microseconds or nanoseconds, by the size of the largest."""
    largest = frame.select(column.cast(pl.Float64).abs().max().alias(name)).collect().item() or 0.0
    seconds = column.cast(pl.Float64)
    for bound, factor in ((LARGEST_SECONDS, 1e6), (LARGEST_MILLISECONDS, 1e3), (LARGEST_MICROSECONDS, 1.0)):
        if largest < bound:
            return (seconds * factor).round(0).cast(pl.Int64, strict=False).cast(TYPES["date_time"])
    return (seconds / 1e3).round(0).cast(pl.Int64, strict=False).cast(TYPES["date_time"])


def _fitting_format(frame: pl.LazyFrame, name: str, text: pl.Expr) -> str:
    """The first format that reads every value, else the one that reads most."""
    formats = [date + time for date in DATE_FORMATS for time in TIME_FORMATS] + list(ZONED_FORMATS)
    formats += [form.replace(" %H", "T%H") for form in formats if form.startswith("%Y-%m-%d %H")]
    sample = frame.select(text.alias(name)).filter(pl.col(name).is_not_null()).head(1).collect()
    likely = [form for form in formats if sample.select(_parsed(pl.col(name), form)).to_series().null_count() == 0]
    if not likely:
        return formats[0]
    counts = frame.select(_parsed(text, form).count().alias(str(index)) for index, form in enumerate(likely))
    found = counts.collect().row(0)
    return likely[found.index(max(found))]


def _parsed(text: pl.Expr, form: str) -> pl.Expr:
    """The moment, as local time; without a time of day it is midnight."""
    if re.search(r"%[+z#]|%:z", form):
        return text.str.to_datetime(form, time_unit="us", time_zone="UTC", strict=False).dt.replace_time_zone(None)
    if not re.search(r"%[-_0]?[HIMSTRXcrs]", form):
        return text.str.to_date(form, strict=False).cast(TYPES["date_time"])
    return text.str.to_datetime(form, time_unit="us", time_zone=None, strict=False)


def _polars_format(python_format: str) -> str:
    """Python writes a fraction `.%f`, the parser `%.f`."""
    return python_format.replace(".%f", "%.f").replace("%f", "%6f")


_CONVERSIONS: Mapping[str, Callable[[str, pl.DataType], pl.Expr]] = {
    "string": _string,
    "integer": lambda name, dtype: _number(name, dtype, "integer"),
    "double": lambda name, dtype: _number(name, dtype, "double"),
    "boolean": _boolean,
}

"""Tables on their way to R and back: CSV files, each beside a file of the classes of its columns."""

from pathlib import Path

import polars as pl

from modules.kit import Table, WrongColumnType
from modules.kit.schema import type_name

MISSING = "\\N"
LARGEST_INTEGER = 2**31 - 1
"""Of R, whose integers have 32 bits; a column with larger ones becomes double, exact up to 2^53."""

RETURNED: dict[str, pl.DataType] = {
    "logical": pl.Boolean(),
    "integer": pl.Int64(),
    "double": pl.Float64(),
    "factor": pl.Categorical(),
    "Date": pl.Date(),
    "POSIXct": pl.Int64(),
    "character": pl.String(),
}


def write(table: Table, folder: Path, name: str) -> None:
    """Write a table for R; raises 0017 for a column that R has no kind of."""
    schema = table.frame.collect_schema()
    small = _small_integers(table.frame, schema)
    classes, columns = [], []
    for column, dtype in schema.items():
        kind, expression = _for_r(column, dtype, is_categorical=column in table.categorical)
        if column in small:
            kind = "integer"
        classes.append(kind)
        columns.append(expression)
    (folder / f"{name}.classes").write_text("".join(f"{kind}\n" for kind in classes), "utf-8")
    table.frame.select(columns).sink_csv(folder / f"{name}.csv", null_value=MISSING, quote_style="non_numeric")


def _small_integers(frame: pl.LazyFrame, schema: pl.Schema) -> set[str]:
    """The columns of whole numbers that fit into integers of R."""
    names = [name for name, dtype in schema.items() if dtype.is_integer()]
    if not names:
        return set()
    fits = (pl.col(name).is_between(-LARGEST_INTEGER, LARGEST_INTEGER).all() for name in names)
    return {name for name, fitting in frame.select(fits).collect().row(0, named=True).items() if fitting}


def _for_r(column: str, dtype: pl.DataType, *, is_categorical: bool) -> tuple[str, pl.Expr]:
    value = pl.col(column)
    if dtype.is_numeric():
        return "double", value.cast(pl.Float64) if dtype.is_decimal() or dtype.is_float() else value
    if dtype in (pl.Categorical, pl.Enum) or (dtype == pl.String and is_categorical):
        return "factor", value.cast(pl.String)
    if dtype == pl.Datetime:
        return "POSIXct", value.dt.convert_time_zone("UTC").dt.epoch("us") if _has_zone(dtype) else value.dt.epoch("us")
    if dtype == pl.Duration:
        return "double", value.dt.total_microseconds() / 1e6
    kinds = {pl.Boolean: "logical", pl.Date: "Date", pl.String: "character", pl.Null: "logical"}
    if dtype in kinds:
        return kinds[dtype.base_type()], value
    if dtype == pl.Time:
        return "character", value.cast(pl.String)
    raise WrongColumnType(column, found=type_name(dtype), expected="a number, text, Boolean or date")


def _has_zone(dtype: pl.DataType) -> bool:
    return isinstance(dtype, pl.Datetime) and dtype.time_zone is not None


def read(folder: Path, name: str) -> pl.DataFrame:
    """Read what R wrote; raises ValueError or an error of Polars where it is no table."""
    classes = (folder / f"{name}.classes").read_text("utf-8").splitlines()
    if not classes:
        return pl.DataFrame()
    texts = pl.read_csv(folder / f"{name}.csv", infer_schema=False, null_values=[MISSING])
    if len(classes) != texts.width:
        raise ValueError(f"{len(classes)} classes are named and {texts.width} columns are there")
    return texts.select(_from_r(column, kind) for column, kind in zip(texts.columns, classes, strict=True))


def _from_r(column: str, kind: str) -> pl.Expr:
    value = pl.col(column)
    if kind == "logical":
        return value == "true"
    if kind == "Date":
        return value.str.to_date("%Y-%m-%d")
    found = value.cast(RETURNED[kind])
    return pl.from_epoch(found, "us") if kind == "POSIXct" else found

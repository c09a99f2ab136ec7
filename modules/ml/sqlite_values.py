"""What SQLite can hold of a table's values, and what its values are in a table."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Final

import polars as pl

from modules.ml.columns import is_text, present
from modules.ml.writing import as_json

LARGEST_INTEGER: Final = 2**63 - 1


def quoted(name: str) -> str:
    """A name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def create_table(connection: sqlite3.Connection, table: str, schema: pl.Schema) -> str:
    """Make a table with the columns of a schema; returns the statement that puts a row into it."""
    columns = ", ".join(f"{quoted(name)} {_affinity(dtype)}" for name, dtype in schema.items())
    connection.execute(f"CREATE TABLE {quoted(table)} ({columns})")
    return f"INSERT INTO {quoted(table)} VALUES ({', '.join('?' * len(schema))})"  # noqa: S608  the name is quoted


def storable(frame: pl.LazyFrame) -> pl.LazyFrame:
    """The rows in types that SQLite has: dates and times as its texts, true and false as numbers, NaN as missing.

    Lists and structures become JSON.
    """
    return frame.select(_plain(name, dtype) for name, dtype in frame.collect_schema().items())


def rows_of(piece: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    """The rows as SQLite takes them; whole numbers that are too large for it get a decimal point."""
    wide = [name for name, dtype in piece.schema.items() if dtype == pl.UInt64]
    large = [name for name in wide if (piece[name] > LARGEST_INTEGER).any()]
    return piece.with_columns(pl.col(large).cast(pl.Float64)).iter_rows()


def _affinity(dtype: pl.DataType) -> str:
    if dtype.is_integer() or dtype == pl.Boolean:
        return "INTEGER"
    if dtype.is_numeric():
        return "REAL"
    return "BLOB" if dtype == pl.Binary else "TEXT"


def _plain(name: str, dtype: pl.DataType) -> pl.Expr:
    column = present(name, dtype)
    if dtype.is_nested():
        return as_json(column)
    if isinstance(dtype, pl.Datetime):
        return column.dt.replace_time_zone(None).dt.to_string("%Y-%m-%d %H:%M:%S%.f")
    if dtype == pl.Duration:
        return column.dt.to_string("iso")
    if dtype in (pl.Date, pl.Time) or is_text(dtype):
        return column.cast(pl.String)
    if dtype in (pl.Int128, pl.UInt128) or dtype.is_decimal():
        return column.cast(pl.Float64)
    return column


def column_of(name: str, values: Sequence[Any]) -> pl.Series:
    """A column of the type that all of its values have; numbers go together, and all else goes together as text."""
    kinds = {type(value) for value in values} - {type(None)}
    if kinds <= {int}:
        return pl.Series(name, values, dtype=pl.Int64 if kinds else pl.Null)
    if kinds <= {int, float}:
        return pl.Series(name, values, dtype=pl.Float64, strict=False)
    if kinds == {bytes}:
        return pl.Series(name, values, dtype=pl.Binary)
    return pl.Series(name, [None if value is None else _text(value) for value in values], dtype=pl.String)


def _text(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)

"""Write tables to PostgreSQL."""

from collections.abc import Mapping
from typing import Any, Final, Literal

import polars as pl

from modules.kit.errors import FileExists, ModuleError, TypesDiffer, WriteFailed
from modules.ml.columns import family_of
from modules.ml.postgres import said_by, type_of
from modules.ml.writing import Texts, flat

IfExists = Literal["append", "replace", "error"]

TEXTS: Final[Texts] = {
    pl.Binary: lambda column: pl.lit("\\x") + column.bin.encode("hex"),
    pl.Duration: lambda column: column.dt.total_microseconds().cast(pl.String) + " microseconds",
}
"""What the database reads as bytes and as intervals."""
MOMENT: Final = "a date with a time of day"


def write_postgres(
    made: Any,
    frame: pl.LazyFrame,
    table: str,
    *,
    if_exists: IfExists,
    rows_at_once: int,
    port: str,
    parameter: str,
) -> int:
    """Write rows to a table, which is made where it does not exist; all of them or none. Returns their number.

    Raises 0016 where a column of the table holds something else, 0057 where the table must not be there, and 0066.
    `port` is where the rows come from, `parameter` names the table.
    """
    import psycopg
    from psycopg import sql

    schema = frame.collect_schema()
    place = sql.Identifier(*table.split("."))
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in schema)
    try:
        with made.transaction(), made.cursor() as cursor:
            cursor.execute("select to_regclass(%s)", [place.as_string(made)])
            exists = cursor.fetchone()[0] is not None
            if exists and if_exists == "error":
                raise FileExists(
                    f"The table `{table}` is there already",
                    parameter=parameter,
                    hint="Name another one, or append to it or replace it.",
                )
            if exists and if_exists == "replace":
                cursor.execute(sql.SQL("drop table {}").format(place))
                exists = False
            if not exists:
                parts = [sql.SQL("{} {}").format(sql.Identifier(n), sql.SQL(_sql_type(t))) for n, t in schema.items()]
                cursor.execute(sql.SQL("create table {} ({})").format(place, sql.SQL(", ").join(parts)))
            cursor.execute(sql.SQL("select {} from {} limit 0").format(columns, place))
            _check_types(made, cursor.description, schema, port)
            statement = sql.SQL("copy {} ({}) from stdin (format csv)").format(place, columns)
            return _copy(cursor, flat(frame, TEXTS), statement, rows_at_once)
    except (psycopg.Error, ValueError) as error:
        raise _failure(error, table, parameter) from None


def _failure(error: Exception, table: str, parameter: str) -> ModuleError:
    return WriteFailed(
        f"Writing to `{table}` failed: {said_by(error)}",
        parameter=parameter,
        hint="Nothing was written. Look at the columns of the table and at what the user of the secret may do.",
    )


def _copy(cursor: Any, frame: pl.LazyFrame, statement: Any, rows_at_once: int) -> int:
    written = 0
    with cursor.copy(statement) as copy:
        for piece in frame.collect_batches(chunk_size=rows_at_once, maintain_order=True):
            copy.write(piece.write_csv(include_header=False, null_value="", quote_style="non_numeric"))
            written += piece.height
    return written


def _check_types(made: Any, description: Any, schema: Mapping[str, pl.DataType], port: str) -> None:
    for (name, dtype), column in zip(schema.items(), description, strict=True):
        found, expected = _family(dtype), _family(type_of(column, made))
        fits = found in (expected, "empty") or (found == "a date" and expected == MOMENT)
        if not fits:
            raise TypesDiffer(name, found=found, expected=expected, port=port)


def _family(dtype: pl.DataType) -> str:
    """What a column holds, as `family_of` says it; what is written as JSON is text to the database."""
    if dtype.is_nested():
        return "text"
    if dtype == pl.Binary:
        return "bytes"
    return MOMENT if dtype == pl.Datetime else family_of(dtype)


def _sql_type(dtype: pl.DataType) -> str:
    if dtype in (pl.Int8, pl.Int16, pl.UInt8):
        return "smallint"
    if dtype in (pl.Int32, pl.UInt16):
        return "integer"
    if dtype in (pl.Int64, pl.UInt32):
        return "bigint"
    if dtype.is_integer() or dtype.is_decimal():
        return "numeric"
    if dtype.is_float():
        return "real" if dtype == pl.Float32 else "double precision"
    if isinstance(dtype, pl.Datetime):
        return "timestamp" if dtype.time_zone is None else "timestamptz"
    return OTHERS.get(dtype.base_type(), "text")


OTHERS: Final[Mapping[type[pl.DataType], str]] = {
    pl.Boolean: "boolean",
    pl.Date: "date",
    pl.Time: "time",
    pl.Duration: "interval",
    pl.Binary: "bytea",
}

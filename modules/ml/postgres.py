"""Read from and write to PostgreSQL, at the address that was checked and nowhere else."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import polars as pl

from modules.kit.errors import (
    DatabaseNotReached,
    EmptyInput,
    ModuleError,
    QueryFailed,
    SecretNotFound,
    SqlFailed,
    TookTooLong,
)
from modules.ml.addresses import Address, address_of
from modules.ml.arrow_pieces import kept
from modules.ml.columns import numbered

PORT: Final = 5432
CONNECT_SECONDS: Final = 10
ROWS_AT_ONCE: Final = 20_000
SETTINGS: Final = frozenset(
    {
        *("user", "password", "host", "port", "dbname", "application_name", "options", "connect_timeout"),
        *("sslmode", "sslrootcert", "channel_binding", "target_session_attrs"),
    }
)
"""What a connection may say; files of this machine, such as keys, are none of it."""
NO_FILE: Final = f"{os.devnull}/none"
SYSTEM: Final = "system"
"""Certificates that the machine trusts, in the place of a file with some."""
WRONG_STATEMENTS: Final = ("42", "34", "0A", "25")
"""Classes of SQLSTATE: syntax or access, cursors, features, and what a transaction that only reads refuses."""
CANCELED: Final = "57014"
HINTS: Final[Mapping[str, str]] = {
    "42P01": "Look at the name of the table; outside of the schema public it is schema.table.",
    "42703": "Look at the names of the columns.",
    "42501": "Give the user of the secret the right to read it.",
}
"""What to do, by SQLSTATE, where the database does not say so itself."""
FORM: Final = "postgresql://user:password@host:5432/database"

READ_AS: Final[Mapping[str, pl.DataType]] = {
    "bool": pl.Boolean(),
    "int2": pl.Int16(),
    "int4": pl.Int32(),
    "int8": pl.Int64(),
    "oid": pl.Int64(),
    "float4": pl.Float32(),
    "float8": pl.Float64(),
    "numeric": pl.Float64(),
    "date": pl.Date(),
    "time": pl.Time(),
    "timestamp": pl.Datetime("us"),
    "timestamptz": pl.Datetime("us", "UTC"),
    "interval": pl.Duration("us"),
    "bytea": pl.Binary(),
}
"""Types by their names in the database; all others are read as text."""
AS_TEXT: Final = ("uuid", "json", "jsonb", "inet", "cidr", "timetz")


@contextmanager
def connected(connection: str, is_allowed: Callable[[Address], bool], *, parameter: str) -> Iterator[Any]:
    """A connection as a secret describes it, `postgresql://user:password@host/database`, for a block.

    Raises 0015 where it cannot be made, 0029 for a host that may not be reached, 0072 where it takes too long and 0157
    where the secret is no address of a database.
    """
    made = _connection(_settings(connection, parameter), is_allowed, parameter)
    try:
        yield made
    finally:
        made.close()


def _connection(given: Mapping[str, Any], is_allowed: Callable[[Address], bool], parameter: str) -> Any:
    import psycopg

    try:
        address = address_of(given["host"], int(given.get("port") or PORT), is_allowed, parameter=parameter)
        return psycopg.connect(
            **{
                "password": "",  # else that of the environment, which is the installation's own
                **given,
                "hostaddr": str(address),
                "connect_timeout": CONNECT_SECONDS,
                "client_encoding": "utf8",
                "passfile": NO_FILE,
                "sslcert": NO_FILE,
                "gssencmode": "disable",
            }
        )
    except psycopg.errors.ConnectionTimeout:
        raise TookTooLong(
            f"The database did not answer within {CONNECT_SECONDS} s",
            parameter=parameter,
            hint="Look at host and port of the secret, and whether a firewall stands between.",
        ) from None
    except (psycopg.Error, OSError) as error:
        raise DatabaseNotReached(
            f"The database cannot be reached: {said_by(error)}",
            parameter=parameter,
            hint="Look at host, port, user and password of the secret.",
        ) from None


def _settings(connection: str, parameter: str) -> dict[str, Any]:
    from psycopg import Error
    from psycopg.conninfo import conninfo_to_dict

    try:
        given = {name: value for name, value in conninfo_to_dict(connection.strip()).items() if value is not None}
    except Error:  # says what it found, which may be the password
        given = {}
    host, port = str(given.get("host") or ""), str(given.get("port") or PORT)
    unknown = sorted(set(given) - SETTINGS)
    if given.get("sslrootcert", SYSTEM) != SYSTEM:
        unknown.append("sslrootcert")
    is_one = host and not host.startswith(("/", "@")) and "," not in host and port.isdecimal()
    if not is_one or unknown:
        raise SecretNotFound(
            "The secret is not the address of one PostgreSQL database"
            + (f": `{unknown[0]}` cannot be set" if unknown and is_one else ""),
            parameter=parameter,
            hint=f"Set it as {FORM}.",
        )
    return given


def query_postgres(made: Any, query: str, folder: Path, *, parameter: str) -> pl.LazyFrame:
    """The rows of one SELECT, kept in a folder piece by piece; nothing can be changed by it.

    Raises 0003, 0069 where the statement is wrong, 0072 where the database stops it for its length, and 0156 where it
    ends with another error.
    """
    import psycopg
    from psycopg.types.string import TextLoader

    if not query or not query.strip().strip(";"):
        raise EmptyInput(parameter=parameter, hint="Write a SELECT statement.")
    for name in AS_TEXT:
        made.adapters.register_loader(name, TextLoader)
    try:
        made.read_only = True
        with made.cursor(name="designer") as cursor:
            cursor.itersize = ROWS_AT_ONCE
            cursor.execute(query.strip().rstrip(";"))
            schema = _schema(cursor, made)
            frames = kept(_pieces(cursor, schema), folder)
    except (psycopg.Error, UnicodeDecodeError) as error:
        raise _failure(error, parameter) from None
    return frames[0] if frames else pl.LazyFrame(schema=schema)


def _failure(error: Exception, parameter: str) -> ModuleError:
    state = getattr(error, "sqlstate", None) or ""
    if state.startswith(WRONG_STATEMENTS):
        hint = getattr(getattr(error, "diag", None), "message_hint", None)
        hint = hint or HINTS.get(state, "Write one SELECT statement.")
        return SqlFailed(f"The SQL query cannot be run: {said_by(error)}", parameter=parameter, hint=hint)
    if state == CANCELED:
        return TookTooLong(
            f"The database stopped the query: {said_by(error)}", parameter=parameter, hint="Ask for fewer rows."
        )
    return QueryFailed(
        f"Reading from the database failed: {said_by(error)}",
        parameter=parameter,
        hint="Convert such values to text in the query, or leave them out."
        if state.startswith("22") or not state
        else None,
    )


def _schema(cursor: Any, made: Any) -> dict[str, pl.DataType]:
    names = numbered([column.name for column in cursor.description])
    return {name: type_of(column, made) for name, column in zip(names, cursor.description, strict=True)}


def type_of(column: Any, made: Any) -> pl.DataType:
    """The type that a column of a result is read as."""
    known = made.adapters.types.get(column.type_code)
    is_array = known is not None and column.type_code == known.array_oid
    return pl.String() if known is None or is_array else READ_AS.get(known.name, pl.String())


def _pieces(cursor: Any, schema: Mapping[str, pl.DataType]) -> Iterator[pl.DataFrame]:
    while rows := cursor.fetchmany(ROWS_AT_ONCE):
        columns = zip(*rows, strict=True)
        yield pl.DataFrame(
            [_column(name, dtype, values) for (name, dtype), values in zip(schema.items(), columns, strict=True)]
        )


def _column(name: str, dtype: pl.DataType, values: Sequence[Any]) -> pl.Series:
    if dtype == pl.String:
        return pl.Series(name, [_as_text(value) for value in values], pl.String)
    if dtype == pl.Float64:
        return pl.Series(name, [None if value is None else float(value) for value in values], pl.Float64)
    return pl.Series(name, values, dtype)


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):  # of a database without an encoding
        return value.decode("utf-8", "replace")
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, (list, dict)) else str(value)


def said_by(error: BaseException) -> str:
    """The first line of what the database says, and in a table that is filled, where."""
    first = (str(error).strip() or type(error).__name__).splitlines()[0]
    context = getattr(getattr(error, "diag", None), "context", None)
    return f"{first} ({context.splitlines()[0]})" if context and context.startswith("COPY") else first

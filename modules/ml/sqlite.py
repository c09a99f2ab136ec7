"""Run SQL over tables in SQLite, in memory and cut off from files, extensions and settings."""

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from modules.kit.errors import EmptyInput, SqlFailed
from modules.ml.sql import LONGEST_MESSAGE, unique_names
from modules.ml.sqlite_values import column_of, create_table, rows_of, storable

ALLOWED = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_RECURSIVE,
        sqlite3.SQLITE_INSERT,
        sqlite3.SQLITE_UPDATE,
        sqlite3.SQLITE_DELETE,
        sqlite3.SQLITE_ALTER_TABLE,
        sqlite3.SQLITE_REINDEX,
        sqlite3.SQLITE_CREATE_TABLE,
        sqlite3.SQLITE_CREATE_TEMP_TABLE,
        sqlite3.SQLITE_CREATE_INDEX,
        sqlite3.SQLITE_CREATE_TEMP_INDEX,
        sqlite3.SQLITE_CREATE_VIEW,
        sqlite3.SQLITE_CREATE_TEMP_VIEW,
        sqlite3.SQLITE_DROP_TABLE,
        sqlite3.SQLITE_DROP_TEMP_TABLE,
        sqlite3.SQLITE_DROP_INDEX,
        sqlite3.SQLITE_DROP_TEMP_INDEX,
        sqlite3.SQLITE_DROP_VIEW,
        sqlite3.SQLITE_DROP_TEMP_VIEW,
    }
)
"""What a script may do: all else, such as attaching files, settings and extensions, is refused."""
REFUSED_FUNCTIONS = frozenset({"load_extension", "readfile", "writefile", "edit"})


def query(script: str, tables: Mapping[str, pl.LazyFrame]) -> pl.DataFrame:
    """The rows of the last statement that gives rows; raises 0003 and 0069 with the message of the engine.

    Dates and times are texts as SQLite writes them, true and false are 1 and 0. The types of the result are told from
    its values.
    """
    statements = list(_statements(script))
    if not statements:
        raise EmptyInput(parameter="script", hint="Write a select statement, such as: select * from t1")
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        for name, frame in tables.items():
            _fill(connection, name, frame)
        connection.set_authorizer(_allows)
        found: tuple[list[str], list[tuple[Any, ...]]] | None = None
        for statement in statements:
            cursor = connection.execute(statement)
            if cursor.description is not None:
                found = [column[0] for column in cursor.description], cursor.fetchall()
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise SqlFailed(f"The script failed: {str(error)[:LONGEST_MESSAGE]}", parameter="script") from None
    finally:
        connection.close()
    if found is None:
        raise SqlFailed(
            "The script selects nothing",
            parameter="script",
            hint="End it with a select statement: its rows are the result.",
        )
    names, rows = unique_names(found[0]), found[1]
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return pl.DataFrame([column_of(name, values) for name, values in zip(names, columns, strict=True)])


def _allows(action: int, argument: str | None, other: str | None, *_: str | None) -> int:
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_DENY if (other or "").lower() in REFUSED_FUNCTIONS else sqlite3.SQLITE_OK
    return sqlite3.SQLITE_OK if action in ALLOWED else sqlite3.SQLITE_DENY


def _statements(script: str) -> Iterator[str]:
    """The statements of a script; a semicolon inside of a text ends none."""
    start = 0
    for place, letter in enumerate(script):
        if letter == ";" and sqlite3.complete_statement(script[start : place + 1]):
            yield script[start : place + 1]
            start = place + 1
    if script[start:].strip():
        yield script[start:]


def _fill(connection: sqlite3.Connection, table: str, frame: pl.LazyFrame) -> None:
    schema = frame.collect_schema()
    if not schema:
        raise EmptyInput(port=table, hint="The table has no columns.")
    statement = create_table(connection, table, schema)
    connection.executemany(statement, rows_of(storable(frame).collect()))

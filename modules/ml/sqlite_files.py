"""Read from an SQLite file by a query, and write one."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import polars as pl

from modules.kit.errors import EmptyInput, FileNotParsable, FileNotReadable, QueryFailed, SqlFailed, WriteFailed
from modules.kit.names import listed
from modules.ml.arrow_pieces import kept
from modules.ml.columns import numbered
from modules.ml.sqlite_values import column_of, create_table, rows_of, storable

ROWS_AT_ONCE: Final = 50_000
HEAD: Final = b"SQLite format 3\0"
ALLOWED: Final = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)
"""What a statement may do: read tables and compute. Attaching files, settings and extensions are none of it."""
HINT: Final = "Write one SELECT statement."


def query_sqlite(path: Path, query: str, folder: Path, *, parameter: str, file_parameter: str) -> pl.LazyFrame:
    """The rows of one SELECT, kept in a folder piece by piece; it can change nothing, and reach no other file.

    The type of a column is told from its values. Raises 0003, 0048, 0049, 0069 where the statement is wrong, and 0156
    where the file is damaged.
    """
    if not query or not query.strip().strip(";"):
        raise EmptyInput(parameter=parameter, hint="Write a SELECT statement.")
    _check_head(path, file_parameter)
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as made:
        made.execute("PRAGMA trusted_schema = OFF")
        made.set_authorizer(_allows)
        made.text_factory = lambda content: content.decode("utf-8", "replace")
        try:
            cursor = made.execute(query)
            if cursor.description is None:
                raise SqlFailed("The SQL query returns no table", parameter=parameter, hint=HINT)
            names = numbered([column[0] for column in cursor.description])
            frames = kept(_pieces(cursor, names), folder)
        except (sqlite3.OperationalError, sqlite3.ProgrammingError, sqlite3.Warning) as error:
            raise SqlFailed(
                f"The SQL query cannot be run: {error}", parameter=parameter, hint=_hint_for(error, made)
            ) from None
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_AUTH:
                raise SqlFailed(f"The SQL query does more than read: {error}", parameter=parameter, hint=HINT) from None
            raise QueryFailed(f"Reading from `{path.name}` failed: {error}", parameter=file_parameter) from None
    return _together(frames, names) if frames else pl.LazyFrame(schema=dict.fromkeys(names, pl.String))


def _hint_for(error: Exception, made: sqlite3.Connection) -> str:
    if str(error).startswith("no such table"):
        found = made.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name")
        return f"Tables of the file: {listed(name for (name,) in found)}."
    return "Look at the names of the columns." if str(error).startswith("no such column") else HINT


def _check_head(path: Path, parameter: str) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(len(HEAD))
    except OSError as error:
        raise FileNotReadable(f"`{path.name}` cannot be opened: {error.strerror}", parameter=parameter) from None
    if head != HEAD:
        raise FileNotParsable(f"`{path.name}` is no SQLite database", parameter=parameter, hint="Upload another file.")


def _allows(action: int, name: str | None, detail: str | None, *_: str | None) -> int:
    is_extension = action == sqlite3.SQLITE_FUNCTION and "load_extension" in (name, detail)
    return sqlite3.SQLITE_OK if action in ALLOWED and not is_extension else sqlite3.SQLITE_DENY


def _pieces(cursor: sqlite3.Cursor, names: Sequence[str]) -> Iterator[pl.DataFrame]:
    while rows := cursor.fetchmany(ROWS_AT_ONCE):
        columns = zip(*rows, strict=True)
        yield pl.DataFrame([column_of(name, values) for name, values in zip(names, columns, strict=True)])


def _together(frames: Sequence[pl.LazyFrame], names: Sequence[str]) -> pl.LazyFrame:
    """One table: a column has the type that holds all its pieces, text where nothing else does."""
    schemas = [frame.collect_schema() for frame in frames]
    shared = {name: _shared({schema[name] for schema in schemas}) for name in names}
    return pl.concat(
        frame.select(_as(name, schema[name], shared[name]) for name in names)
        for frame, schema in zip(frames, schemas, strict=True)
    )


def _shared(kinds: set[pl.DataType]) -> pl.DataType:
    found = kinds - {pl.Null()}
    if not found:
        return pl.String()
    if found == {pl.Int64(), pl.Float64()}:
        return pl.Float64()
    return found.pop() if len(found) == 1 else pl.String()


def _as(name: str, dtype: pl.DataType, wanted: pl.DataType) -> pl.Expr:
    if dtype == pl.Binary and wanted == pl.String:
        return pl.col(name).bin.encode("hex")
    return pl.col(name).cast(wanted)


def write_sqlite(path: Path, frame: pl.LazyFrame, table: str, *, rows_at_once: int, parameter: str) -> int:
    """Write rows to a table of a new file; returns their number. Raises 0066; `parameter` names the table."""
    written = 0
    try:
        with closing(sqlite3.connect(path)) as made:
            made.execute("PRAGMA journal_mode = OFF")
            with made:
                statement = create_table(made, table, frame.collect_schema())
                for piece in storable(frame).collect_batches(chunk_size=rows_at_once, maintain_order=True):
                    made.executemany(statement, rows_of(piece))
                    written += piece.height
    except (sqlite3.Error, ValueError) as error:
        raise WriteFailed(
            f"The table `{table}` cannot be written: {error}",
            parameter=parameter,
            hint="SQLite knows no capitals in names, keeps those that begin with sqlite_, and takes 2,000 columns.",
        ) from None
    return written

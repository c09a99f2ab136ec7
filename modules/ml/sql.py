"""Run SQL over tables in DuckDB, in memory and cut off from files, network and settings."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import polars.selectors as cs

from modules.kit.errors import EmptyInput, OutOfMemory, SqlFailed
from modules.ml.columns import free_name

ALLOWED = ("SELECT", "CREATE", "INSERT", "UPDATE", "DELETE", "DROP", "MULTI")
LONGEST_MESSAGE = 2000
OFF = ("enable_external_access", "autoload_known_extensions", "autoinstall_known_extensions")
ALSO_OFF = ("allow_community_extensions", "python_enable_replacements", "python_scan_all_frames")
FOLDERS = ("temp_directory", "home_directory", "extension_directory", "secret_directory")


def query(
    script: str, tables: Mapping[str, pl.LazyFrame], folder: Path, *, memory_bytes: int | None = None
) -> pl.DataFrame:
    """The rows of the last statement that gives rows; earlier ones may make and fill tables of their own.

    `folder` takes what does not fit into memory, or into `memory_bytes`. Raises 0003, 0069 with the message of the
    engine, and 0138.
    """
    import duckdb

    try:
        with duckdb.connect(":memory:", config=_settings(folder, memory_bytes)) as connection:
            for name, frame in tables.items():
                # NaN counts as missing in all modules; to SQL it would be the largest number.
                connection.register(name, frame.with_columns(cs.float().fill_nan(None)).collect().to_arrow())
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute("SET lock_configuration = true")
            return _run(connection, script)
    except duckdb.OutOfMemoryException as error:
        raise OutOfMemory(
            f"The query needs more memory than there is: {_said(error)}",
            parameter="script",
            hint="Select fewer columns or rows before joining.",
        ) from None
    except duckdb.Error as error:
        raise SqlFailed(f"The script failed: {_said(error)}", parameter="script") from None


def _settings(folder: Path, memory_bytes: int | None) -> dict[str, str | bool | int | float | list[str]]:
    """One thread: the order of rows, which a split draws from, must be the same each time."""
    return {
        **dict.fromkeys((*OFF, *ALSO_OFF), False),
        **dict.fromkeys(FOLDERS, str(folder)),
        "threads": 1,
        **({"memory_limit": f"{memory_bytes}B"} if memory_bytes else {}),
    }


def _run(connection: Any, script: str) -> pl.DataFrame:
    statements = connection.extract_statements(script)
    kinds = [statement.type.name for statement in statements]
    if not statements:
        raise EmptyInput(parameter="script", hint="Write a select statement, such as: select * from t1")
    for kind in kinds:
        if kind not in ALLOWED:
            raise SqlFailed(
                f"{kind.replace('_', ' ').upper()} statements are not allowed; the script reads its inputs only",
                parameter="script",
                hint="Write select statements over t1, t2 and t3.",
            )
    last = max((index for index, kind in enumerate(kinds) if kind in ("SELECT", "MULTI")), default=None)
    if last is None:
        raise SqlFailed(
            "The script selects nothing",
            parameter="script",
            hint="End it with a select statement: its rows are the result.",
        )
    for statement in statements[:last]:
        connection.execute(statement)
    result = _result(connection, statements[last])
    for statement in statements[last + 1 :]:
        connection.execute(statement)
    return result


def _result(connection: Any, statement: Any) -> pl.DataFrame:
    """The rows as a frame: repeated names are numbered, exact numbers of any length become ordinary ones."""
    relation = connection.sql(statement.query)
    if relation is None:
        raise SqlFailed("The last statement gives no rows", parameter="script")
    names = unique_names(relation.columns)
    spans = [str(kind) == "INTERVAL" for kind in relation.types]
    if any(spans):  # as text: months have no length, so that no other type holds them
        kept = (f"#{place}::VARCHAR" if is_span else f"#{place}" for place, is_span in enumerate(spans, 1))
        relation = relation.project(", ".join(kept))
    arrow = relation.to_arrow_table().rename_columns(names)
    frame = pl.DataFrame(arrow)
    return frame.with_columns(
        _ordinary(frame[name]) for name in frame.columns if isinstance(frame.schema[name], pl.Decimal)
    )


def unique_names(names: list[str]) -> list[str]:
    """The names of the columns of a result, those that stand twice with a number."""
    found: list[str] = []
    for name in names:
        found.append(free_name(name, {*found, *names}, "_") if name in found else name)
    return found


def _ordinary(column: pl.Series) -> pl.Series:
    """Sums of whole numbers as whole numbers where they fit, any other exact number as one with a decimal point."""
    if isinstance(column.dtype, pl.Decimal) and column.dtype.scale == 0:
        whole = column.cast(pl.Int64, strict=False)
        if whole.null_count() == column.null_count():
            return whole
    return column.cast(pl.Float64)


def _said(error: Exception) -> str:
    return str(error).strip().partition("\n\nPossible solutions")[0][:LONGEST_MESSAGE]

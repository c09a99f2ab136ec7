"""Export Data: write a table to a file, to a database or to S3."""

import json
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
from pydantic import JsonValue

from modules.kit import ALL_COLUMNS, Columns, Context, File, Param, Port, Secret, module
from modules.kit.errors import EmptyInput, SizesDiffer, WriteFailed
from modules.kit.names import counted
from modules.ml.addresses import public_or_in
from modules.ml.checks import check_has_columns
from modules.ml.file_names import harmless
from modules.ml.wanted_columns import names_in
from modules.ml.writing import write_file

Target = Literal["file", "sqlite", "postgresql", "s3"]
Format = Literal["csv", "tsv", "parquet", "arrow", "json_lines", "excel"]

ENDINGS = {"csv": "csv", "tsv": "tsv", "parquet": "parquet", "arrow": "arrow", "json_lines": "jsonl", "excel": "xlsx"}
TABLES = {"datastore_type": ("sqlite", "postgresql")}
RECEIPT = "receipt.json"


@module(reads_outside={"datastore_type": ("postgresql", "s3")})
def export_data(
    data: pl.LazyFrame,
    *,
    datastore_type: Annotated[
        Target,
        Param(
            "Where the rows go",
            titles={
                "file": "File to download",
                "sqlite": "SQLite file to download",
                "postgresql": "PostgreSQL",
                "s3": "S3",
            },
        ),
    ] = "file",
    file_name: Annotated[
        str, Param("What the file is called, without its ending", when={"datastore_type": ("file", "sqlite")})
    ] = "data",
    location: Annotated[
        str, Param("The file to write, as in s3://bucket/folder/data.csv", when={"datastore_type": "s3"})
    ],
    access_key: Annotated[
        Secret,
        Param(
            "The secret that holds aws_access_key_id and aws_secret_access_key, and perhaps region and endpoint_url, a "
            "line each",
            when={"datastore_type": "s3"},
        ),
    ],
    file_format: Annotated[
        Format,
        Param(
            "How the rows are written",
            titles={"csv": "CSV", "tsv": "TSV", "json_lines": "JSON lines"},
            when={"datastore_type": ("file", "s3")},
        ),
    ] = "csv",
    connection: Annotated[
        Secret,
        Param(
            "The secret that holds the address: postgresql://user:password@host:5432/database",
            when={"datastore_type": "postgresql"},
        ),
    ],
    data_table_name: Annotated[str, Param("The table to write; in PostgreSQL also as schema.table", when=TABLES)],
    columns_to_be_saved: Annotated[Columns, Param("The columns to write", initial=ALL_COLUMNS)],
    datatable_columns: Annotated[
        str,
        Param(
            "Their names where they are written, separated by commas, as many as are saved; blank keeps their own",
            title="Datatable columns",
        ),
    ] = "",
    if_exists: Annotated[
        Literal["append", "replace", "error"],
        Param(
            "What happens to a table that is there already",
            title="If the table exists",
            titles={"append": "Append the rows", "replace": "Replace the table", "error": "Stop"},
            when={"datastore_type": "postgresql"},
        ),
    ] = "append",
    if_the_file_exists: Annotated[
        Literal["overwrite", "error"],
        Param("What happens to a file that is there already", titles={"error": "Stop"}, when={"datastore_type": "s3"}),
    ] = "overwrite",
    number_of_rows_per_operation: Annotated[int, Param("Rows that are sent at once", ge=1, when=TABLES)] = 10_000,
    context: Context,
) -> Annotated[File, Port("exported_file", help="The file; of a database or S3, a receipt of what was written")]:
    """Write a table to a file, to a table of a database, or to S3.

    A file waits at the output and is downloaded there. PostgreSQL and S3 get the rows in every run; the output then
    says what was written. A table of PostgreSQL that does not exist is made, and a failure leaves nothing half
    written; a column of other values than the table's is refused. SQLite is written to a file of its own, with dates
    and times as text. Passwords and access keys are secrets of the workspace: here stands only their name. This
    machine and the network around it are not reached unless the installation allows it.

    Texts hold lists and structures as JSON and bytes as hexadecimal digits. Excel keeps 15 digits: longer whole numbers
    are written as text, and what a sheet or a cell cannot hold stops the node. Rows pass as a stream, but for Excel.
    """
    frame = data.select(columns_to_be_saved)
    check_has_columns(frame.collect_schema(), port="data")
    frame = frame.rename(_renaming(columns_to_be_saved, datatable_columns or ""))
    match datastore_type:
        case "file":
            target = context.working_folder / _name_of(file_name, ENDINGS[file_format])
            _write(frame, target)
            return File(target, target.name, _told({"rows": _rows_of(frame)}, frame))
        case "sqlite":
            return _to_sqlite(frame, file_name, data_table_name, number_of_rows_per_operation, context)
        case "postgresql":
            rows = _to_postgresql(frame, connection, data_table_name, if_exists, number_of_rows_per_operation, context)
            return _receipt({"table": data_table_name, "rows": rows}, frame, context)
        case "s3":
            rows = _to_s3(frame, location, access_key, file_format, if_the_file_exists, context)
            return _receipt({"location": location, "rows": rows}, frame, context)


def _renaming(columns: list[str], given: str) -> dict[str, str]:
    """New names by old ones; raises 0027 and 0028."""
    names = names_in(given, parameter="datatable_columns") or columns
    if len(names) != len(columns):
        raise SizesDiffer(
            f"`datatable_columns` has {counted(len(names), 'name')}, and {counted(len(columns), 'column')} are saved",
            parameter="datatable_columns",
            hint="Name as many as are saved, in their order.",
        )
    return dict(zip(columns, names, strict=True))


def _name_of(given: str, ending: str) -> str:
    name = harmless(given or "", instead="")
    if not name:
        raise EmptyInput(parameter="file_name", hint="Name the file.")
    return name if name.lower().endswith(f".{ending}") else f"{name}.{ending}"


def _write(frame: pl.LazyFrame, target: Path) -> None:
    try:
        write_file(frame, target)
    except ValueError as error:
        raise WriteFailed(f"`{target.name}` cannot be written: {error}", parameter="file_format") from None


def _to_sqlite(frame: pl.LazyFrame, file_name: str, table: str, rows_at_once: int, context: Context) -> File:
    from modules.ml.sqlite_files import write_sqlite

    target = context.working_folder / _name_of(file_name, "sqlite")
    target.unlink(missing_ok=True)
    name = _table_named(table)
    rows = write_sqlite(target, frame, name, rows_at_once=rows_at_once, parameter="data_table_name")
    context.log(f"{counted(rows, 'row')} written")
    return File(target, target.name, _told({"table": name, "rows": rows}, frame))


def _table_named(given: str) -> str:
    if not given or not given.strip():
        raise EmptyInput(parameter="data_table_name", hint="Name the table.")
    return given.strip()


def _to_postgresql(
    frame: pl.LazyFrame,
    connection: str,
    table: str,
    if_exists: Literal["append", "replace", "error"],
    rows_at_once: int,
    context: Context,
) -> int:
    from modules.ml.postgres import connected
    from modules.ml.postgres_writing import write_postgres

    if not connection:
        raise EmptyInput(parameter="connection", hint="Choose the secret that holds the address of the database.")
    name, is_allowed = _table_named(table), public_or_in(context.private_networks)
    with connected(context.secret(connection), is_allowed, parameter="connection") as made:
        rows = write_postgres(
            made,
            frame,
            name,
            if_exists=if_exists,
            rows_at_once=rows_at_once,
            port="data",
            parameter="data_table_name",
        )
    context.log(f"{counted(rows, 'row')} written")
    return rows


def _to_s3(
    frame: pl.LazyFrame,
    location: str,
    access_key: str,
    file_format: Format,
    if_exists: Literal["overwrite", "error"],
    context: Context,
) -> int:
    from modules.ml.object_storage import Bucket
    from modules.ml.storage_access import access_of, parts_of
    from modules.ml.storage_uploads import upload

    if not location or not location.strip():
        raise EmptyInput(parameter="location", hint="Write it as s3://bucket/folder/data.csv.")
    if not access_key:
        raise EmptyInput(parameter="access_key", hint="Choose the secret that holds the access key.")
    name, key = parts_of(location, parameter="location")
    if not key or key.endswith("/"):
        raise EmptyInput(parameter="location", hint="Name the file, as in s3://bucket/folder/data.csv.")
    _check_ending(key, file_format)
    access = access_of(context.secret(access_key), parameter="access_key")
    bucket = Bucket(name, access, is_allowed=public_or_in(context.private_networks), parameter="location")
    target = context.working_folder / f"export.{ENDINGS[file_format]}"
    _write(frame, target)
    upload(bucket, key, target, replaces=if_exists == "overwrite", parameter="location")
    rows = _rows_of(frame)
    context.log(f"{counted(rows, 'row')} written")
    return rows


def _check_ending(key: str, file_format: Format) -> None:
    """Refuse an ending that says another format: whoever reads the file goes by it. Raises 0066."""
    ending = key.rpartition(".")[2].lower()
    if ending in ENDINGS.values() and ending != ENDINGS[file_format]:
        raise WriteFailed(
            f"The location ends in .{ending}, and the format to write is that of .{ENDINGS[file_format]}",
            parameter="file_format",
            hint="Choose the format that the ending names, or change the ending.",
        )


def _rows_of(frame: pl.LazyFrame) -> int:
    return int(frame.select(pl.len()).collect().item())


def _told(said: dict[str, str | int], frame: pl.LazyFrame) -> dict[str, JsonValue]:
    """What is said of the written rows to whoever looks at the output, in the order in which it is stored."""
    told: dict[str, JsonValue] = {**said, "columns": list(frame.collect_schema().names())}
    return {name: told[name] for name in sorted(told)}


def _receipt(said: dict[str, str | int], frame: pl.LazyFrame, context: Context) -> File:
    path = context.working_folder / RECEIPT
    path.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return File(path, RECEIPT, _told(said, frame))

"""Import Data: read a table from files, from the web, from a database or from S3."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import polars as pl

from modules.kit import Context, DataPath, Param, Port, Script, Secret, module
from modules.kit.errors import (
    DifferentColumnCounts,
    EmptyInput,
    FileNotParsable,
    FileNotReadable,
    NamesDiffer,
    NothingMatches,
)
from modules.ml.addresses import public_or_in
from modules.ml.archives import unpacked
from modules.ml.delimited import MISSING_TEXTS
from modules.ml.downloading import download
from modules.ml.file_patterns import concatenated, fixed_part, is_pattern, matching
from modules.ml.reading import read_file
from modules.ml.wanted_columns import check_there, names_in, types_in, with_types

Source = Literal["upload", "web_url", "postgresql", "sqlite", "s3"]
Format = Literal["guess", "csv", "tsv", "parquet", "arrow", "json_lines", "excel"]
Delimiter = Literal["guess", "comma", "semicolon", "tab", "pipe", "space"]
Named = list[tuple[str, Path]]
"""Files under the names that people know them by."""

Encoding = Literal["guess", "utf_8", "utf_16", "cp1252", "cp1250", "cp1251", "cp949", "cp932", "gb18030", "big5"]

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "space": " "}
FILES = {"data_source": ("upload", "web_url", "s3")}
TEXT = {**FILES, "file_format": ("guess", "csv", "tsv")}
CSV = {**FILES, "file_format": ("guess", "csv")}
QUERIED = {"data_source": ("postgresql", "sqlite")}


@module(reads_outside={"data_source": ("web_url", "postgresql", "s3")})
def import_data(
    *,
    data_source: Annotated[
        Source,
        Param(
            "Where the data comes from",
            titles={"web_url": "URL via HTTP", "postgresql": "PostgreSQL", "sqlite": "SQLite file", "s3": "S3"},
        ),
    ] = "upload",
    path: Annotated[
        DataPath,
        Param("The uploaded file, or a zip archive with several", title="File", when={"data_source": "upload"}),
    ],
    url: Annotated[
        str, Param("The address of a file, beginning with https://", title="URL", when={"data_source": "web_url"})
    ],
    connection: Annotated[
        Secret,
        Param(
            "The secret that holds the address: postgresql://user:password@host:5432/database",
            when={"data_source": "postgresql"},
        ),
    ],
    database: Annotated[DataPath, Param("An SQLite file", title="Database file", when={"data_source": "sqlite"})],
    sql_query: Annotated[Script, Param("One SELECT statement", title="SQL query", language="sql", when=QUERIED)],
    location: Annotated[
        str,
        Param(
            "A file, or a pattern as in s3://bucket/folder/**; * stands for any letters of a name, ** for any folders",
            when={"data_source": "s3"},
        ),
    ],
    access_key: Annotated[
        Secret | None,
        Param(
            "The secret that holds aws_access_key_id and aws_secret_access_key, and perhaps region and endpoint_url, a "
            "line each; blank reads what is open to everybody",
            when={"data_source": "s3"},
        ),
    ] = None,
    files_in_archive: Annotated[
        str, Param("Which files of a zip archive: a path, or a pattern as in folder/**", when=FILES)
    ] = "**",
    file_format: Annotated[
        Format,
        Param(
            "What kind of file it is; Guess goes by the ending of its name, then by its content",
            titles={"csv": "CSV", "tsv": "TSV", "json_lines": "JSON lines"},
            when=FILES,
        ),
    ] = "guess",
    delimiter: Annotated[Delimiter, Param("What separates the values of a line", when=CSV)] = "guess",
    encoding: Annotated[
        Encoding,
        Param(
            "How the letters were saved",
            when=TEXT,
            titles={
                "utf_8": "UTF-8",
                "utf_16": "UTF-16",
                "cp1252": "Western European (Windows-1252, Latin 1)",
                "cp1250": "Central European (Windows-1250)",
                "cp1251": "Cyrillic (Windows-1251)",
                "cp949": "Korean (CP949)",
                "cp932": "Japanese (CP932, Shift JIS)",
                "gb18030": "Simplified Chinese (GB 18030)",
                "big5": "Traditional Chinese (Big5)",
            },
        ),
    ] = "guess",
    has_header: Annotated[
        bool,
        Param(
            "The first line names the columns; off names them Col1, Col2, …",
            title="First row is the header",
            when={**FILES, "file_format": ("guess", "csv", "tsv", "excel")},
        ),
    ] = True,
    skip_rows: Annotated[int, Param("How many lines to pass over before the table begins", ge=0, when=TEXT)] = 0,
    missing_values: Annotated[
        str, Param("Texts that stand for a missing value, separated by commas; nothing does so always", when=TEXT)
    ] = ", ".join(MISSING_TEXTS[1:]),
    columns_to_keep: Annotated[
        str, Param("Their names, separated by commas, in the order that is wanted; blank keeps all")
    ] = "",
    column_types: Annotated[
        Script,
        Param(
            "Types in place of those told from the values, one a line, as in price: double; the others are string, "
            "integer, boolean and date_time",
            language="text",
        ),
    ] = "",
    context: Context,
) -> Annotated[pl.LazyFrame, Port("output_data", help="The rows that were read")]:
    """Read a table from files, from an address of the web, from a database or from S3.

    Reads CSV, TSV, Parquet, Arrow, JSON lines and Excel (its first sheet), also packed by gzip. Types are told from the
    values; digits with a leading zero stay text. A value that is empty, `?`, `NA`, `NaN` or `null` is missing unless
    you say otherwise.

    Several files come from a zip archive, or from S3 by a pattern such as `folder/**`. They have the same columns, may
    be of different formats, and stand one after another in the order of their paths. Hidden and empty ones are passed
    over.

    From PostgreSQL and SQLite, one SELECT statement is run, which can change nothing. Passwords and access keys are
    secrets of the workspace: here stands only their name. They take the place of the original's datastores.

    An address must be one of the open web: this machine and the network around it are not read unless the
    installation allows it, and a server that sends elsewhere is not followed. A fetch is tried three times. What comes
    from the web, a database or S3 is read anew in every run, since it may have changed: there is no need for the
    original's Regenerate output. What stands below is used again where the same rows have come.
    """
    types = types_in(column_types or "", parameter="column_types")
    names = names_in(columns_to_keep or "", parameter="columns_to_keep")
    options: dict[str, Any] = {
        "file_format": None if file_format == "guess" else file_format,
        "has_header": has_header,
        "separator": SEPARATORS.get(delimiter),
        "encoding": None if encoding == "guess" else encoding,
        "skip_rows": skip_rows,
        "missing": ("", *(text.strip() for text in (missing_values or "").split(",") if text.strip())),
        "texts": [name for name, wanted in types.items() if wanted == "string"],
        "folder": context.working_folder,
    }
    match data_source:
        case "upload":
            frame = _from_files(_uploaded(path, context), "path", files_in_archive, options, context)
        case "web_url":
            frame = _from_files(_downloaded(url, context), "url", files_in_archive, options, context)
        case "s3":
            frame = _from_files(
                _of_bucket(location, access_key, context), "location", files_in_archive, options, context
            )
        case "postgresql":
            frame = _from_postgresql(connection, sql_query, context)
        case "sqlite":
            frame = _from_sqlite(database, sql_query, context)
    frame = with_types(frame, types, port="output_data", parameter="column_types")
    check_there(frame, names, port="output_data", parameter="columns_to_keep")
    return frame.select(names) if names else frame


def _uploaded(path: str, context: Context) -> Named:
    if not path:
        raise EmptyInput(parameter="path", hint="Upload a file.")
    file = context.data_path(path)
    return [(file.name, file)]


def _downloaded(url: str, context: Context) -> Named:
    if not url or not url.strip():
        raise EmptyInput(parameter="url", hint="Enter the address of a file.")
    is_allowed = public_or_in(context.private_networks)
    file = download(url, context.working_folder, is_allowed=is_allowed, on_progress=context.progress)
    return [(file.name, file)]


def _of_bucket(location: str, access_key: str | None, context: Context) -> Named:
    from modules.ml.object_storage import Bucket
    from modules.ml.storage_access import Access, access_of, parts_of

    if not location or not location.strip():
        raise EmptyInput(parameter="location", hint="Write it as s3://bucket/folder/file.csv.")
    name, pattern = parts_of(location, parameter="location")
    access = access_of(context.secret(access_key), parameter="access_key") if access_key else Access()
    bucket = Bucket(name, access, is_allowed=public_or_in(context.private_networks), parameter="location")
    if not pattern or pattern.endswith("/"):
        raise NothingMatches(
            f"`{location}` is a folder", parameter="location", hint="Write ** behind it for all files that are in it."
        )
    keys = (
        matching(bucket.keys(fixed_part(pattern)), pattern, parameter="location") if is_pattern(pattern) else [pattern]
    )
    files = []
    for place, key in enumerate(keys):
        path = context.working_folder / f"s3-{place}"
        bucket.download(key, path, on_progress=_part_of(context.progress, place, len(keys)))
        files.append((key, path))
    return files


def _part_of(progress: Callable[[float], None], place: int, count: int) -> Callable[[float], None]:
    """Tells the progress of one of several files as that of all."""
    return lambda done: progress((place + done) / count)


def _from_files(
    files: Named, parameter: str, pattern: str, options: Mapping[str, Any], context: Context
) -> pl.LazyFrame:
    """The rows of files, or of those in archives that a pattern means; `parameter` is the one that names the files."""
    found: Named = []
    for place, (name, file) in enumerate(files):
        found += unpacked(
            file,
            context.working_folder / f"unpacked-{place}",
            name=name,
            pattern=(pattern or "").strip().lstrip("/") or "**",
            pattern_parameter="files_in_archive",
            parameter=parameter,
        )
    filled = [(name, file) for name, file in found if file.stat().st_size]
    try:
        return concatenated([(name, read_file(file, name=name, **options)) for name, file in filled or found])
    except (FileNotReadable, FileNotParsable) as error:
        error.parameter = error.parameter or parameter
        raise
    except (DifferentColumnCounts, NamesDiffer) as error:
        error.port = None
        error.parameter = "files_in_archive" if len(files) == 1 else parameter
        error.hint = "Files that make one table have the same columns: name those by a pattern, as in **/*.csv."
        raise


def _from_postgresql(connection: str, query: str, context: Context) -> pl.LazyFrame:
    from modules.ml.postgres import connected, query_postgres

    if not connection:
        raise EmptyInput(parameter="connection", hint="Choose the secret that holds the address of the database.")
    is_allowed = public_or_in(context.private_networks)
    with connected(context.secret(connection), is_allowed, parameter="connection") as made:
        return query_postgres(made, query, context.working_folder, parameter="sql_query")


def _from_sqlite(database: str, query: str, context: Context) -> pl.LazyFrame:
    from modules.ml.sqlite_files import query_sqlite

    if not database:
        raise EmptyInput(parameter="database", hint="Upload an SQLite file.")
    path = context.data_path(database)
    return query_sqlite(path, query, context.working_folder, parameter="sql_query", file_parameter="database")

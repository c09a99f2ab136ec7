"""Import Data: read a table from an uploaded file or from the web."""

from typing import Annotated, Literal

import polars as pl

from modules.kit import Context, DataPath, Param, Port, module
from modules.kit.errors import EmptyInput
from modules.ml.delimited import MISSING_TEXTS
from modules.ml.downloading import download
from modules.ml.reading import FileFormat, read_file

Source = Literal["upload", "web_url"]
Format = Literal["guess", "csv", "tsv", "parquet", "arrow", "json_lines", "excel"]
Delimiter = Literal["guess", "comma", "semicolon", "tab", "pipe", "space"]
Encoding = Literal["guess", "utf_8", "utf_16", "cp1252", "cp1250", "cp1251", "cp949", "cp932", "gb18030", "big5"]

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "space": " "}
TEXT = {"file_format": ("guess", "csv", "tsv")}
CSV = {"file_format": ("guess", "csv")}


@module()
def import_data(
    *,
    data_source: Annotated[Source, Param("Where the data comes from", titles={"web_url": "URL via HTTP"})] = "upload",
    path: Annotated[DataPath, Param("The uploaded file", title="File", when={"data_source": "upload"})],
    url: Annotated[
        str, Param("The address of a file, beginning with https://", title="URL", when={"data_source": "web_url"})
    ],
    file_format: Annotated[
        Format,
        Param(
            "What kind of file it is; Guess goes by the ending of its name, then by its content",
            titles={"csv": "CSV", "tsv": "TSV", "json_lines": "JSON lines"},
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
            when={"file_format": ("guess", "csv", "tsv", "excel")},
        ),
    ] = True,
    skip_rows: Annotated[int, Param("How many lines to pass over before the table begins", ge=0, when=TEXT)] = 0,
    missing_values: Annotated[
        str, Param("Texts that stand for a missing value, separated by commas; nothing does so always", when=TEXT)
    ] = ", ".join(MISSING_TEXTS[1:]),
    context: Context,
) -> Annotated[pl.LazyFrame, Port("output_data", help="The rows of the file")]:
    """Read a table from an uploaded file, or from an address of the web.

    Reads CSV, TSV, Parquet, Arrow, JSON lines and Excel (its first sheet). Types are told from the values; digits
    with a leading zero stay text. A value that is empty, `?`, `NA`, `NaN` or `null` is missing unless you say
    otherwise.

    An address must be one of the open web: this machine and the network around it are not read, and a server that
    sends elsewhere is not followed. A fetch is tried three times. What was read is used again by later runs, even
    if the address holds something else by then; let the node run anew each time to read it again.
    """
    if data_source == "upload":
        if not path:
            raise EmptyInput(parameter="path", hint="Upload a file.")
        file = context.data_path(path)
    else:
        if not url or not url.strip():
            raise EmptyInput(parameter="url", hint="Enter the address of a file.")
        file = download(url, context.working_folder, on_progress=context.progress)
    wanted: FileFormat | None = None if file_format == "guess" else file_format
    return read_file(
        file,
        file_format=wanted,
        has_header=has_header,
        separator=SEPARATORS.get(delimiter),
        encoding=None if encoding == "guess" else encoding,
        skip_rows=skip_rows,
        missing=("", *(text.strip() for text in missing_values.split(",") if text.strip())),
        folder=context.working_folder,
    )

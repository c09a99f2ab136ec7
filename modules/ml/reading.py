"""Read a user's file as a table: CSV, TSV, Parquet, Arrow, JSON lines and Excel."""

import os
import tempfile
import zipfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, get_args

import fastexcel
import polars as pl
import pyarrow as pa
import pyarrow.ipc

from modules.kit.errors import FileNotParsable, FileNotReadable
from modules.kit.names import listed
from modules.ml.delimited import MISSING_TEXTS, TYPED_ROWS, Dialect, line_with_too_many, scan_delimited
from modules.ml.encodings import HEAD_BYTES, as_utf8, encoding_of, encoding_of_the_rest

FileFormat = Literal["csv", "tsv", "parquet", "arrow", "json_lines", "excel"]

TITLES: dict[FileFormat, str] = {
    "csv": "CSV",
    "tsv": "TSV",
    "parquet": "Parquet",
    "arrow": "Arrow",
    "json_lines": "JSON lines",
    "excel": "an Excel workbook",
}
ENDINGS: dict[str, FileFormat] = {
    "csv": "csv", "txt": "csv", "data": "csv", "tsv": "tsv", "tab": "tsv", "parquet": "parquet", "pq": "parquet",
    "arrow": "arrow", "feather": "arrow", "ipc": "arrow", "jsonl": "json_lines", "ndjson": "json_lines",
    "json": "json_lines", "xlsx": "excel", "xlsm": "excel", "xls": "excel", "ods": "excel",
}  # fmt: skip
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PAR1", "Parquet"),
    (b"ARROW1", "Arrow"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"BM", "a BMP image"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x80\x04\x95", "a Python pickle"),
)
BINARY: dict[FileFormat, tuple[str, ...]] = {
    "parquet": ("Parquet",),
    "arrow": ("Arrow",),
    "excel": ("a zip archive", "an old Office document"),
}
WEB_PAGES = (b"<!doctype html", b"<html")
BAD_CONTENT = (
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
    pa.ArrowException,
    fastexcel.FastExcelError,
    zipfile.BadZipFile,
    ValueError,
)
NOT_TEXT = "as dtype `str`"  # any text can be read as text, unless its quotation is open
SHORT_SIGNATURE = 2
LARGEST_HELD_BYTES = 1 << 28
LARGEST_WORKBOOK_BYTES = 2 << 30  # unpacked; a small zip may hold far more than the memory takes


def read_file(
    path: Path,
    *,
    name: str | None = None,
    file_format: FileFormat | None = None,
    has_header: bool = True,
    separator: str | None = None,
    encoding: str | None = None,
    skip_rows: int = 0,
    missing: Sequence[str] = MISSING_TEXTS,
    texts: Collection[str] = (),
    folder: Path | None = None,
) -> pl.LazyFrame:
    """Read a file in the format that is given, that its name's ending says, or that it looks like.

    The whole file is read once: text of up to 256 MB into memory, the rest as a stream into an unnamed Arrow file
    that the returned frame maps; nothing else stays behind. Text is decoded as UTF-8 wherever that fits, else in the
    encoding that its letters look like; the separator is guessed. A value that is empty, `?`, `NA`, `NaN`, `nan`,
    `null` or `NULL` is missing, in every column; `missing` says otherwise. Digits with a leading zero stay text, and
    so do the columns in `texts`, whatever they look like in a text file. `name` is the name shown to people, `folder`
    holds temporary files. Raises 0048 where the file cannot be opened and 0049 where it is not what it says.
    """
    shown = name or path.name
    head = _head(path, shown)
    wanted = file_format or _format_of(shown, head)
    _check_signature(head, wanted, shown)
    dialect = Dialect(
        separator="\t" if wanted == "tsv" else separator,
        has_header=has_header,
        skip_rows=skip_rows,
        missing=missing,
        texts=texts,
    )
    with tempfile.TemporaryDirectory(prefix="reading-", dir=folder) as temporary, _coded(wanted, shown):
        target = Path(temporary)
        if wanted in ("csv", "tsv"):
            return _read_text(path, dialect, encoding, target, shown)
        return _kept(_scan(path, head, wanted, has_header=has_header), target)


def _head(path: Path, shown: str) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise FileNotReadable(f"`{shown}` cannot be opened: {error.strerror}") from None
    if not head.strip():
        raise FileNotParsable(f"`{shown}` is empty", hint="Give it a line of column names and lines of values.")
    return head


def _format_of(shown: str, head: bytes) -> FileFormat:
    """The format that the ending says; without a known ending, what the content looks like, text if nothing."""
    ending = shown.rsplit(".", 1)[-1].lower() if "." in shown else ""
    if ending in ENDINGS:
        return ENDINGS[ending]
    found = _signature_of(head)
    if found is None:
        return "json_lines" if head.lstrip()[:1] == b"{" else "csv"
    for known in get_args(FileFormat):
        if found in BINARY.get(known, ()):
            return known  # type: ignore[no-any-return]  # one of the formats
    raise FileNotParsable(
        f"`{shown}` is {found}, which holds no table",
        hint=f"Files that can be read end in {listed(sorted(ENDINGS))}.",
    )


def _signature_of(head: bytes) -> str | None:
    for start, found in SIGNATURES:
        # Two letters may begin a text as well; a text does not go on with zeros.
        if head.startswith(start) and (len(start) > SHORT_SIGNATURE or b"\0" in head[:64]):
            return found
    return "a web page" if head.lstrip()[:20].lower().startswith(WEB_PAGES) else None


def _check_signature(head: bytes, wanted: FileFormat, shown: str) -> None:
    found = _signature_of(head)
    if found in BINARY.get(wanted, (None,)):
        return
    raise FileNotParsable(
        f"`{shown}` should be {TITLES[wanted]} and is {found or 'text, or of an unknown kind'}",
        hint="Give it the ending of what it is, or upload another file.",
    )


@contextmanager
def _coded(wanted: FileFormat, shown: str) -> Iterator[None]:
    """Turn what libraries raise for bad content into 0049."""
    try:
        yield
    except BAD_CONTENT as error:
        raise FileNotParsable(f"`{shown}` cannot be read as {TITLES[wanted]}: {_said(error)}") from None


def _said(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _scan(path: Path, head: bytes, wanted: FileFormat, *, has_header: bool) -> pl.LazyFrame:
    match wanted:
        case "parquet":
            return pl.scan_parquet(path, glob=False)
        case "arrow":
            return pl.scan_ipc(path, glob=False)
        case "excel":
            _check_size(path)
            return _named(pl.read_excel(path, infer_schema_length=TYPED_ROWS, has_header=has_header), has_header)
    if head.lstrip().startswith(b"["):
        return pl.read_json(path, infer_schema_length=None).lazy()
    return pl.scan_ndjson(path, infer_schema_length=None)  # a field of later lines only would be lost without a word


def _check_size(path: Path) -> None:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size > LARGEST_WORKBOOK_BYTES:
            raise ValueError(
                f"it unpacks to {size >> 20:,} MB, and {LARGEST_WORKBOOK_BYTES >> 20:,} MB are read at most"
            )


def _named(frame: pl.DataFrame, has_header: bool) -> pl.LazyFrame:
    if has_header:
        return frame.lazy()
    return frame.rename({name: f"Col{index}" for index, name in enumerate(frame.columns, 1)}).lazy()


def _read_text(path: Path, dialect: Dialect, encoding: str | None, folder: Path, shown: str) -> pl.LazyFrame:
    """Read with the types and the encoding of the beginning first, and where that fails with those of the whole."""
    text = as_utf8(path, encoding or encoding_of(path, shown=shown), folder / "text", shown=shown)
    sample = sample_of(text)
    try:
        return _read_once(text, scan_delimited(text, sample, dialect), folder)
    except (pl.exceptions.ComputeError, pl.exceptions.InvalidOperationError) as error:
        if too_many := line_with_too_many(text, sample, dialect):
            raise FileNotParsable(
                f"`{shown}`: {too_many}", hint="Put values that hold a separator in quotes."
            ) from None
        if "utf-8" in str(error).lower():
            if encoding is not None:
                raise FileNotParsable(
                    f"`{shown}` is not text in {encoding}", hint="Choose the encoding it was saved in."
                ) from None
            text = as_utf8(text, encoding_of_the_rest(text, shown=shown), folder / "decoded", shown=shown)
        if NOT_TEXT in str(error):
            raise FileNotParsable(
                f"`{shown}`: a quotation mark opens a value and none closes it",
                hint="Write a quotation mark twice in a quoted value.",
            ) from None
    return _read_once(text, scan_delimited(text, sample, dialect, whole=True), folder)


def _read_once(text: Path, frame: pl.LazyFrame, folder: Path) -> pl.LazyFrame:
    if text.stat().st_size <= LARGEST_HELD_BYTES:
        return frame.collect(engine="in-memory").lazy()
    return _kept(frame, folder)


def sample_of(path: Path) -> str:
    """The beginning of a UTF-8 text."""
    with path.open("rb") as file:
        return file.read(HEAD_BYTES).decode("utf-8", "ignore").removeprefix("\ufeff")


def _kept(frame: pl.LazyFrame, folder: Path) -> pl.LazyFrame:
    """Write the rows to an Arrow file and map it: a fault shows here and not later, and no row is parsed twice.

    The file goes with its folder; the map keeps its content until the frame is gone.
    """
    path = folder / "table.arrow"
    frame.sink_ipc(path, compression="uncompressed")
    try:
        mapped = pl.from_arrow(pa.ipc.open_file(pa.memory_map(os.fspath(path))).read_all(), rechunk=False)
    except (pa.ArrowException, pl.exceptions.ComputeError):  # a type that Arrow for Python lacks
        mapped = pl.scan_ipc(path).collect()
    assert isinstance(mapped, pl.DataFrame)
    return mapped.lazy()

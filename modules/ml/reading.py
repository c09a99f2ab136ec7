"""Read a user's file as a table: CSV, TSV, Parquet, Arrow, JSON lines and Excel."""

import csv
import tempfile
from pathlib import Path

import polars as pl
from charset_normalizer import from_bytes

from modules.kit.errors import FileNotParsable, FileNotReadable

HEAD_BYTES = 256_000
CHUNK_CHARACTERS = 1 << 20
TYPED_ROWS = 10_000
MISSING_TEXTS = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "?"]
SEPARATORS = ",;\t|"

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PAR1", "parquet"),
    (b"ARROW1", "arrow"),
    (b"PK\x03\x04", "zip"),
    (b"\x89PNG", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF8", "GIF image"),
    (b"%PDF", "PDF document"),
    (b"\x1f\x8b", "gzip archive"),
    (b"\x7fELF", "program"),
    (b"SQLite format 3", "SQLite database"),
    (b"\xd0\xcf\x11\xe0", "xls"),
)
FORMATS = {
    "csv": "csv", "tsv": "tsv", "tab": "tsv", "txt": "csv", "parquet": "parquet", "pq": "parquet",
    "arrow": "arrow", "feather": "arrow", "ipc": "arrow", "jsonl": "jsonl", "ndjson": "jsonl",
    "xlsx": "xlsx", "xls": "xlsx",
}  # fmt: skip


def read_file(
    path: Path, *, name: str | None = None, file_format: str | None = None, has_header: bool = True
) -> pl.LazyFrame:
    """Scan a file in the format that is given or that its name's ending says.

    Text is decoded as UTF-8, UTF-16 or the encoding that its first bytes look like; the separator
    is guessed. Empty fields, `NA`, `NaN`, `null` and `?` are missing. Raises 0048 where the file
    cannot be opened and 0049 where it is not what it says.
    """
    shown = name or path.name
    ending = shown.rsplit(".", 1)[-1].lower() if "." in shown else ""
    wanted = file_format or FORMATS.get(ending)
    if wanted is None:
        raise FileNotParsable(f"`{shown}` has no known ending", hint=f"Known endings are {', '.join(sorted(FORMATS))}.")
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise FileNotReadable(f"`{shown}` cannot be opened: {error.strerror}") from None
    if not head:
        raise FileNotParsable(f"`{shown}` is empty")
    _check_signature(head, wanted, shown)
    try:
        return _scan(path, head, wanted, has_header=has_header)
    except (pl.exceptions.PolarsError, ValueError, OSError) as error:
        raise FileNotParsable(f"`{shown}` cannot be read as {wanted}: {str(error).splitlines()[0]}") from None


def _check_signature(head: bytes, wanted: str, shown: str) -> None:
    found = next((kind for start, kind in SIGNATURES if head.startswith(start)), None)
    fits = {"parquet": {"parquet"}, "arrow": {"arrow"}, "xlsx": {"zip", "xls"}}.get(wanted, {None})
    if found not in fits:
        said = f"a {found}" if found else "text or of an unknown kind"
        raise FileNotParsable(f"`{shown}` should be {wanted} and is {said}")
    if wanted in ("csv", "tsv") and head.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise FileNotParsable(f"`{shown}` should be {wanted} and is a web page")


def _scan(path: Path, head: bytes, wanted: str, *, has_header: bool) -> pl.LazyFrame:
    match wanted:
        case "parquet":
            return _known(pl.scan_parquet(path))
        case "arrow":
            return _known(pl.scan_ipc(path))
        case "jsonl":
            return _known(pl.scan_ndjson(path, infer_schema_length=TYPED_ROWS))
        case "xlsx":
            return pl.read_excel(path, infer_schema_length=TYPED_ROWS, has_header=has_header).lazy()
    text_path, sample = _as_utf8(path, head)
    separator = "\t" if wanted == "tsv" else _separator(sample)
    frame = pl.scan_csv(
        text_path,
        separator=separator,
        has_header=has_header,
        null_values=MISSING_TEXTS,
        infer_schema_length=TYPED_ROWS,
        try_parse_dates=True,
    )
    return _known(frame if has_header else _numbered(frame))


def _known(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Read the schema now, so that a bad file is found here."""
    frame.collect_schema()
    return frame


def _numbered(frame: pl.LazyFrame) -> pl.LazyFrame:
    names = frame.collect_schema().names()
    return frame.rename({name: f"Col{index}" for index, name in enumerate(names, 1)})


def _as_utf8(path: Path, head: bytes) -> tuple[Path, str]:
    """A path to the same text in UTF-8, and its beginning."""
    encoding = _encoding(head)
    sample = head.decode(encoding, "replace")
    if encoding in ("utf-8", "ascii"):
        return path, sample
    with (
        path.open(encoding=encoding, errors="replace", newline="") as source,
        tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", suffix=".csv", delete=False) as target,
    ):
        while chunk := source.read(CHUNK_CHARACTERS):
            target.write(chunk)
    return Path(target.name), sample


def _encoding(head: bytes) -> str:
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        head[: max(len(head) - 4, 1)].decode("utf-8")
    except UnicodeDecodeError as error:
        if len(head) - error.start > 4:
            best = from_bytes(head).best()
            if best is None or b"\0" in head:
                raise FileNotParsable("The file is not text in a known encoding") from None
            return best.encoding
    if b"\0" in head:
        raise FileNotParsable("The file holds zero bytes, which no text has")
    return "utf-8"


def _separator(sample: str) -> str:
    lines = "\n".join(sample.splitlines()[:50])
    try:
        return csv.Sniffer().sniff(lines, delimiters=SEPARATORS).delimiter
    except csv.Error:
        return ","

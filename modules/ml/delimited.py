"""Tables as delimited text: what separates the values, what the columns are called and of what type they are."""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import polars as pl

from modules.kit.errors import FileNotParsable

MISSING_TEXTS: Final = ("", "?", "NA", "N/A", "NaN", "nan", "null", "NULL")
"""What stands for a missing value unless a person says otherwise; as a whole value only, in any column."""

SEPARATORS = ",;\t|"
SNIFFED_ROWS = 100
TYPED_ROWS = 10_000
TYPED_VALUES = 2_000_000  # bounds the rows looked at in very wide tables
BATCH_ROWS = 50_000

BOOLEAN = r"^(?i:true|false)$"
DIGITS = r"^[+-]?\d+$"
NUMBER = r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$|^[+-]?(?i:inf|infinity)$"
CODE = r"^[+-]?0\d|^[+-]?\d{19,}$"  # a leading zero, or more digits than a number keeps
COMMA_NUMBER = r"^[+-]?\d+(?:,\d+)?$"
DATE = r"^\d{4}-\d\d-\d\d$"
MOMENT = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?$"
BLANK_LINE = re.compile(r"\n[ \t]*\r?\n")
TAIL_BYTES = 1024
MINUTES_LENGTH = len("2020-01-31 10:00")

Kind = Literal["boolean", "integer", "number", "comma_number", "date", "moment", "text"]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
TRUE_OF_ANY = ("present", "code", "comma")
NATIVE: dict[Kind, pl.DataType] = {"boolean": pl.Boolean(), "integer": pl.Int64(), "number": pl.Float64()}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a delimited text is laid out.

    A separator of None is told from the text; the columns in `texts` stay texts, whatever they look like.
    """

    separator: str | None = None
    has_header: bool = True
    skip_rows: int = 0
    missing: Sequence[str] = field(default=MISSING_TEXTS)
    texts: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class ColumnKind:
    """What the values of a column are, and whether spaces stand around them."""

    kind: Kind
    is_padded: bool = False


def scan_delimited(source: Path | bytes, sample: str, dialect: Dialect, *, whole: bool = False) -> pl.LazyFrame:
    """Scan UTF-8 text as a table with typed columns.

    Types are told from the first rows; `whole` looks at all of them, which a caller does where reading with
    the first guess fails. Raises 0049 where there is no table, and Polars' errors where a row does not fit.
    """
    separator = dialect.separator or separator_of(sample)
    texts = _scan(source, separator, dialect, sample)
    names = column_names(texts.collect_schema().names(), has_header=dialect.has_header)
    rows = None if whole else min(TYPED_ROWS, max(TYPED_VALUES // len(names), 1))
    batches = texts.collect_batches(chunk_size=BATCH_ROWS) if rows is None else [texts.head(rows).collect()]
    told = kinds_of(batches, dialect.missing, comma_is_free=separator != ",")
    kinds = [
        replace(kind, kind="text") if name in dialect.texts else kind for name, kind in zip(names, told, strict=True)
    ]
    native = {
        name: NATIVE[kind.kind]
        for name, kind in zip(texts.collect_schema().names(), kinds, strict=True)
        if kind.kind in NATIVE and not kind.is_padded
    }
    typed = _scan(source, separator, dialect, sample, native)
    old = typed.collect_schema().names()
    if len(names) > 1 and _has_blank_lines(source, sample):
        typed = typed.filter(~pl.all_horizontal(pl.all().is_null()))
    return typed.select(
        _converted(pl.col(name), kind, dialect.missing).alias(new)
        for name, kind, new in zip(old, kinds, names, strict=True)
    )


def _has_blank_lines(source: Path | bytes, sample: str) -> bool:
    """Tell whether there are lines without any character, in the beginning or at the very end.

    They are passed over, though not in a single column, where such a line is a missing value.
    """
    if isinstance(source, bytes):
        end = source[-TAIL_BYTES:]
    else:
        with source.open("rb") as file:
            file.seek(max(source.stat().st_size - TAIL_BYTES, 0))
            end = file.read()
    return BLANK_LINE.search(sample) is not None or BLANK_LINE.search(end.decode("utf-8", "replace")) is not None


def _scan(
    source: Path | bytes, separator: str, dialect: Dialect, sample: str, types: dict[str, pl.DataType] | None = None
) -> pl.LazyFrame:
    try:
        frame = pl.scan_csv(
            source,
            separator=separator,
            has_header=dialect.has_header,
            skip_rows=dialect.skip_rows,
            null_values=list(dialect.missing),
            eol_char="\r" if "\r" in sample and "\n" not in sample else "\n",
            infer_schema=False,
            schema_overrides=types,
            glob=False,
        )
        names = frame.collect_schema().names()
    except pl.exceptions.NoDataError:
        names = []
    if not names:
        raise FileNotParsable("The text holds no table: it has no line with a value")
    return frame


def separator_of(sample: str) -> str:
    """Tell what separates the values: what gives the most values in the most lines alike."""
    best, best_score = ",", (0, 1.0)
    for separator in SEPARATORS:
        widths = [len(row) for row in _rows_of(sample, separator) if row]
        if not widths:
            continue
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        score = (int(usual > 1), widths.count(usual) / len(widths) * min(usual, 50) ** 0.25)
        if score > best_score:
            best, best_score = separator, score
    return best


def _rows_of(sample: str, separator: str) -> Iterator[list[str]]:
    cut = sample.rfind("\n")  # the last line may end in the middle
    lines = io.StringIO(sample[:cut] if cut > 0 else sample, newline="")
    try:
        yield from islice(csv.reader(lines, delimiter=separator), SNIFFED_ROWS)
    except csv.Error:
        return


def column_names(found: Iterable[str], *, has_header: bool) -> list[str]:
    """Make names that differ: spaces around them are cut, empty ones are numbered, repeated ones get a number."""
    taken: set[str] = set()
    names = []
    for index, name in enumerate(found, 1):
        plain = re.sub(r"_duplicated_\d+$", "", name).replace('""', '"').strip() if has_header else ""
        plain = plain or f"Col{index}"
        chosen, number = plain, 2
        while chosen in taken:
            chosen, number = f"{plain}_{number}", number + 1
        taken.add(chosen)
        names.append(chosen)
    return names


def kinds_of(batches: Iterable[pl.DataFrame], missing: Sequence[str], *, comma_is_free: bool) -> list[ColumnKind]:
    """Tell what the values of each column of texts are; a column without any value is text."""
    facts: dict[str, Flags] = {}
    for batch in batches:
        found = _facts(batch, missing)
        facts = {key: _together(key, facts[key], flags) for key, flags in found.items()} if facts else found
    width = len(facts["present"]) if facts else 0
    return [
        _kind_of({key: bool(flags[index]) for key, flags in facts.items()}, comma_is_free=comma_is_free)
        for index in range(width)
    ]


def _together(key: str, left: Flags, right: Flags) -> Flags:
    return left | right if key in TRUE_OF_ANY else left & right


def _facts(batch: pl.DataFrame, missing: Sequence[str]) -> dict[str, Flags]:
    """What is true of each column.

    All values stand in one long column, so that a pattern is compiled and tried once and not for each column.
    """
    shape = (batch.width, batch.height)
    texts = pl.concat(batch.get_columns()) if batch.width > 1 else batch.to_series()
    stripped = texts.str.strip_chars()
    values = stripped.set(stripped.is_in(list(missing)), None)

    def of_all(flags: pl.Series) -> Flags:
        return np.asarray(flags.fill_null(value=True).to_numpy().reshape(shape).all(axis=1))

    def of_any(flags: pl.Series) -> Flags:
        return np.asarray(flags.fill_null(value=False).to_numpy().reshape(shape).any(axis=1))

    def of_parsed(like: str, parse: Callable[..., pl.Expr]) -> Flags:
        """Looks are tried first, since few columns are dates and parsing is slow; but 31 February has the looks."""
        flags = of_all(values.str.contains(like))
        if (flags & present).any():
            found = values.to_frame("value").select(parse(pl.col("value"), strict=False)).to_series()
            flags &= of_all(values.is_null() | found.is_not_null())
        return flags

    present = of_any(values.is_not_null())
    return {
        "present": present,
        "leading": of_all(texts.str.starts_with(" ")),
        "plain": of_all(texts == stripped),
        "code": of_any(values.str.contains(CODE)),
        "comma": of_any(values.str.contains(",", literal=True)),
        "boolean": of_all(values.str.contains(BOOLEAN)),
        "digits": of_all(values.str.contains(DIGITS)),
        "number": of_all(values.str.contains(NUMBER)),
        "comma_number": of_all(values.str.contains(COMMA_NUMBER)),
        "date": of_parsed(DATE, _date),
        "moment": of_parsed(MOMENT, _moment),
    }


def _kind_of(facts: dict[str, bool], *, comma_is_free: bool) -> ColumnKind:
    """The narrowest kind that all values have. Digits with a leading zero are codes, such as postal ones: text."""
    kind: Kind = "text"
    if not facts["present"]:
        return ColumnKind("text")
    if facts["digits"]:
        kind = "text" if facts["code"] else "integer"
    elif facts["number"]:
        kind = "number"
    elif comma_is_free and facts["comma"] and facts["comma_number"]:
        kind = "comma_number"
    elif facts["boolean"]:
        kind = "boolean"
    elif facts["date"]:
        kind = "date"
    elif facts["moment"]:
        kind = "moment"
    return ColumnKind(kind, facts["leading"] if kind == "text" else not facts["plain"])


def _converted(column: pl.Expr, found: ColumnKind, missing: Sequence[str]) -> pl.Expr:
    """The column in its type; the reader itself has made the numbers and Booleans without spaces."""
    if found.is_padded:
        column = column.str.strip_chars()
        column = pl.when(~column.is_in(list(missing))).then(column)
    elif found.kind in NATIVE or found.kind == "text":
        return column
    match found.kind:
        case "boolean":
            return column.str.to_lowercase() == "true"
        case "integer" | "number":
            return column.cast(NATIVE[found.kind])
        case "comma_number":
            return column.str.replace(",", ".", literal=True).cast(pl.Float64)
        case "date":
            return _date(column, strict=True)
        case "moment":
            return _moment(column, strict=True)
        case "text":
            return column


def _date(column: pl.Expr, *, strict: bool) -> pl.Expr:
    return column.str.to_date("%Y-%m-%d", strict=strict)


def _moment(column: pl.Expr, *, strict: bool) -> pl.Expr:
    spaced = column.str.replace("T", " ", literal=True)
    full = pl.when(spaced.str.len_chars() == MINUTES_LENGTH).then(spaced + ":00").otherwise(spaced)
    return full.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=strict)


def line_with_too_many(source: Path | bytes, sample: str, dialect: Dialect) -> str | None:
    """Say which line has more values than there are columns, for a person who must mend the file."""
    separator = dialect.separator or separator_of(sample)
    stream = (
        io.StringIO(source.decode("utf-8", "replace"), newline="")
        if isinstance(source, bytes)
        else source.open(encoding="utf-8", errors="replace", newline="")
    )
    with stream:
        rows = csv.reader(stream, delimiter=separator)
        try:
            width = len(next(islice(rows, dialect.skip_rows, None), []))
            for row in rows:
                if len(row) > width:
                    return f"line {rows.line_num} has {len(row)} values, and {width} are expected"
        except csv.Error:
            return None
    return None

"""Tables that people type: delimited text, ARFF and SVMLight."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from modules.kit import Table
from modules.kit.errors import FileNotParsable, NotConvertible, TooManyColumns
from modules.ml.delimited import Dialect, line_with_too_many, scan_delimited

WIDEST_TYPED = 100_000
ATTRIBUTE = re.compile(r"""^@attribute\s+('(?:\\.|[^'])*'|"(?:\\.|[^"])*"|[^\s{]+)\s*(.*)$""", re.IGNORECASE)
VALUE = re.compile(r"""\s*('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[^,]*?)\s*(?:,|$)""")
NUMBERS = frozenset({"numeric", "real"})
MISSING = "?"
HINT = "Look at the line, or choose the format that the text is in."


def read_delimited(text: str, *, separator: str, has_header: bool) -> Table:
    """Read comma- or tab-separated lines; empty lines at the end do not count. Raises 0049."""
    trimmed = text.lstrip("\ufeff").rstrip() + "\n"
    dialect = Dialect(separator=separator, has_header=has_header)
    source = trimmed.encode()
    try:
        return Table(scan_delimited(source, trimmed, dialect, whole=True).collect().lazy())
    except pl.exceptions.PolarsError as error:
        said = line_with_too_many(source, trimmed, dialect) or str(error).splitlines()[0]
        raise FileNotParsable(f"The text is not a table: {said}", parameter="data", hint=HINT) from None


@dataclass(frozen=True, slots=True)
class Attribute:
    """A declared column of an ARFF text; `values` are those of a nominal one."""

    name: str
    dtype: pl.DataType
    values: tuple[str, ...] = ()


def read_arff(text: str) -> Table:
    """Read ARFF with numbers, dates and nominal values, dense or sparse; nominal columns are categorical.

    Raises 0049. Text attributes are not a part of what is read.
    """
    lines = _lines(text, comment="%")
    attributes: list[Attribute] = []
    for number, line in lines:
        lowered = line.lower()
        if lowered.startswith("@data"):
            break
        if lowered.startswith("@attribute"):
            attributes.append(_attribute(line, number))
        elif not lowered.startswith("@relation"):
            raise _unreadable(number, "is no declaration of ARFF, such as @attribute")
    if not attributes:
        raise FileNotParsable("The text declares no @attribute", parameter="data", hint=HINT)
    names = [attribute.name for attribute in attributes]
    if len(set(names)) < len(names):
        doubled = next(name for name in names if names.count(name) > 1)
        raise FileNotParsable(f"@attribute {doubled} is declared twice", parameter="data")
    rows = [_arff_row(line, number, attributes) for number, line in lines]
    columns = {
        attribute.name: _arff_column([row[index] for row in rows], attribute)
        for index, attribute in enumerate(attributes)
    }
    return Table(pl.LazyFrame(columns), categorical=frozenset(a.name for a in attributes if a.values))


def read_svm_light(text: str) -> Table:
    """Read `label index:value …` lines as columns Col1 to ColN and Labels; what a line leaves out is 0.

    Raises 0049, and 0129 where an index is beyond all reason.
    """
    labels: list[float] = []
    rows: list[Mapping[int, float]] = []
    for number, line in _lines(text, comment="#"):
        label, *pairs = line.partition("#")[0].split()
        labels.append(_number(label, number))
        rows.append(dict(_pair(pair, number) for pair in pairs if not pair.startswith("qid:")))
    width = max((max(row, default=0) for row in rows), default=0)
    if width > WIDEST_TYPED:
        raise TooManyColumns(f"The text has an index of {width}, and at most {WIDEST_TYPED} are read", parameter="data")
    columns = {f"Col{index}": [row.get(index, 0.0) for row in rows] for index in range(1, width + 1)}
    return Table(pl.LazyFrame({**columns, "Labels": labels}, schema=dict.fromkeys([*columns, "Labels"], pl.Float64)))


def _lines(text: str, *, comment: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if line.strip() and not line.lstrip().startswith(comment):
            yield number, line.strip()


def _unreadable(number: int, what: str) -> FileNotParsable:
    return FileNotParsable(f"Line {number} {what}", parameter="data", hint=HINT)


def _attribute(line: str, number: int) -> Attribute:
    found = ATTRIBUTE.match(line)
    if not found:
        raise _unreadable(number, "declares no name and type of an attribute")
    name, kind = _unquoted(found[1]), found[2].strip()
    if kind.startswith("{") and kind.endswith("}"):
        return Attribute(name, pl.String(), tuple(_values(kind[1:-1])))
    match kind.lower().partition(" ")[0]:
        case word if word in NUMBERS:
            return Attribute(name, pl.Float64())
        case "integer":
            return Attribute(name, pl.Int64())
        case "date":
            return Attribute(name, pl.Datetime("us"))
        case "string":
            raise _unreadable(number, f"declares `{name}` as a string, which is not supported; list its values in {{}}")
    raise _unreadable(number, f"declares `{name}` with the type `{kind}`, which is not one of ARFF")


def _values(text: str) -> list[str]:
    """The comma-separated values of a line; quotes may hold commas."""
    values, place = [], 0
    while place <= len(text):
        found = VALUE.match(text, place)
        if found is None or found.end() == place:
            values.append("")
            break
        values.append(_unquoted(found[1]))
        place = found.end()
        if not text[:place].endswith(",") or place > len(text):
            break
    return values


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text


def _arff_row(line: str, number: int, attributes: list[Attribute]) -> list[str]:
    if line.startswith("{") and line.endswith("}"):
        row = [_left_out(attribute) for attribute in attributes]
        for part in _values(line[1:-1]) if line[1:-1].strip() else []:
            index, _, value = part.partition(" ")
            if not index.isdecimal() or int(index) >= len(attributes):
                raise _unreadable(number, f"names the attribute `{index}`; 0 to {len(attributes) - 1} are declared")
            row[int(index)] = _unquoted(value.strip())
    else:
        row = _values(line)
        if len(row) != len(attributes):
            raise _unreadable(number, f"has {len(row)} values, and {len(attributes)} are declared")
    for value, attribute in zip(row, attributes, strict=True):
        if attribute.values and value != MISSING and value not in attribute.values:
            raise _unreadable(number, f"has `{value}`, which is not a declared value of `{attribute.name}`")
    return row


def _left_out(attribute: Attribute) -> str:
    """What a sparse row leaves out: zero, which is the first value of a nominal attribute and no date."""
    if attribute.dtype == pl.Datetime:
        return MISSING
    return attribute.values[0] if attribute.values else "0"


def _arff_column(texts: list[str], attribute: Attribute) -> pl.Series:
    column = pl.Series(attribute.name, [None if text == MISSING else text for text in texts], dtype=pl.String)
    if attribute.dtype == pl.String:
        return column
    if attribute.dtype == pl.Datetime:
        spaced = column.str.replace("T", " ", literal=True)
        full = spaced.to_frame().select(
            pl.when(pl.col(attribute.name).str.len_chars() == len("2020-01-31"))
            .then(pl.col(attribute.name) + " 00:00:00")
            .otherwise(pl.col(attribute.name))
        )
        converted = full.to_series().str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False)
    else:
        converted = column.cast(attribute.dtype, strict=False)
    lost = column.filter(converted.is_null() & column.is_not_null())
    if len(lost):
        raise NotConvertible(
            value=lost[0],
            to="a date" if attribute.dtype == pl.Datetime else "a number",
            parameter="data",
            column=attribute.name,
        )
    return converted


def _number(text: str, line: int) -> float:
    try:
        return float(text)
    except ValueError:
        raise _unreadable(line, f"has `{text}` where a number is expected") from None


def _pair(text: str, line: int) -> tuple[int, float]:
    index, found, value = text.partition(":")
    if not found or not index.isdecimal() or int(index) < 1:
        raise _unreadable(line, f"has `{text}` where index:value is expected, with indices from 1")
    return int(index), _number(value, line)

"""What a split has put on both sides, and which columns give others away: facts for the guard against leaks.

The work is bounded whatever the size of the tables. Rows are looked at by even steps, so that equal tables give equal
facts.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

SAMPLE_ROWS = 2_000
MOST_COLUMNS = 100
SEARCHED_ROWS = 1_000_000
GROUP_ROWS = 200_000
FEWEST_ROWS = 50

SEED = 0
LEAST_REPEATED_SHARE, FEWEST_REPEATED_ROWS = 0.01, 5
LEAST_SHARED_SHARE = 0.1
FEWEST_GROUPS, LARGEST_GROUP, SMALLEST_GROUP = 20, 100, 1.5
ROWS_PER_VALUE = 5
FEWEST_OF_A_CLASS, MOST_CLASSES = 5, 50
ALMOST_ONE = 0.9995
MOST_NAMES = 20

NAMING_WORDS = frozenset({"id", "ids", "uuid", "guid", "key", "number", "nr", "no"})
THINGS = frozenset(
    {
        *("account", "case", "client", "company", "customer", "device", "driver", "email", "employee", "family"),
        *("group", "household", "item", "machine", "member", "passenger", "patient", "person", "phone", "player"),
        *("product", "session", "shop", "store", "student", "subject", "supplier", "ticket", "user", "vehicle"),
        "visitor",
    }
)
KOREAN_NAMING = ("번호", "아이디")
ROW_NUMBERS = frozenset({"", "index", "row", "unnamed 0"})
DATE_FORMATS = {"%Y-%m-%d": True, "%Y/%m/%d": True, "%d.%m.%Y": False, "%d/%m/%Y": False, "%m/%d/%Y": False}
TIME_FORMATS = dict.fromkeys(
    ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"),
    True,
)
LEAST_DATES_SHARE, FEWEST_DATES = 0.95, 10

Fact = dict[str, Any]
Codes = np.ndarray[tuple[int], np.dtype[np.int16]]


def facts_of_split(left: pl.LazyFrame, right: pl.LazyFrame) -> list[Fact]:
    """Facts about the two sides of a split.

    - ``determined``: columns of which each tells `column` alone, `how` by equal values, by its order or on a line
    - ``repeated_rows``: so many `rows` `of` the right ones that were looked at are on the left too, but for columns
      `without`, which name each row
    - ``shared_groups``: `column` names things with several rows, and so many right rows belong to a thing of the left
    - ``times``: `column` holds dates as text, `sortable` as text or not
    """
    one, other = left.collect(), right.collect()
    names = [name for name, dtype in one.schema.items() if is_comparable(dtype)][:MOST_COLUMNS]
    if not names or one.height < FEWEST_ROWS or not other.height:
        return []
    one, other = one.select(names), other.select(names)
    sample = spread(one, SAMPLE_ROWS)
    codes = coded(sample)
    unique = {name: int(values.max()) + 1 for name, values in codes.items()}
    return [
        *determined(sample, codes, unique),
        *repeated_rows(one, other, row_names(sample, unique), unique),
        *shared_groups(one, other),
        *times(sample),
    ]


def is_comparable(dtype: pl.DataType) -> bool:
    """Whether values of a type can be told to be equal."""
    return not (dtype.is_nested() or dtype in (pl.Binary, pl.Object, pl.Null))


def spread(frame: pl.DataFrame, rows: int) -> pl.DataFrame:
    """Rows at even steps from first to last, all of them where there are few."""
    if frame.height <= rows:
        return frame
    return frame[np.linspace(0, frame.height - 1, rows).astype(np.int64)]


def coded(frame: pl.DataFrame) -> dict[str, Codes]:
    """The values of each column as whole numbers from 0 in the order of the values; missing ones come last."""
    ranks = frame.select(_ordered(name, dtype).rank("dense").alias(name) for name, dtype in frame.schema.items())
    found = {}
    for name in frame.columns:
        values = ranks[name].to_numpy().astype(np.float64, copy=True) - 1
        missing = np.isnan(values)
        values[missing] = 0 if missing.all() else np.nanmax(values) + 1
        found[name] = values.astype(np.int16)
    return found


def _ordered(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if dtype in (pl.Categorical, pl.Enum):
        return column.cast(pl.String)
    return column.fill_nan(None) if dtype.is_float() else column


def determined(sample: pl.DataFrame, codes: Mapping[str, Codes], unique: Mapping[str, int]) -> Iterator[Fact]:
    """Columns that tell others."""
    targets = [name for name in sample.columns if _varies(codes[name], unique[name])]
    by: dict[str, dict[str, list[str]]] = {name: {} for name in targets}
    _note_equal_values(by, codes, unique)
    _note_order(by, sample, codes, unique)
    for target, name in _on_a_line(sample, codes, unique):
        _note(by, target, name, "line")
    for target in targets:
        for how, found in sorted(by[target].items()):
            yield {"fact": "determined", "column": target, "by": found[:MOST_NAMES], "how": how}


def _note_equal_values(
    by: dict[str, dict[str, list[str]]], codes: Mapping[str, Codes], unique: Mapping[str, int]
) -> None:
    """Rows that agree in one column agree in the other."""
    if not by:
        return
    targets = list(by)
    goals = np.column_stack([codes[name] for name in targets])
    for name, own in codes.items():
        if 2 <= unique[name] <= len(own) / ROWS_PER_VALUE:
            first = np.unique(own, return_index=True)[1]
            for place in np.flatnonzero((goals == goals[first[own]]).all(axis=0)):
                _note(by, targets[place], name, "values")


def _note_order(
    by: dict[str, dict[str, list[str]]], sample: pl.DataFrame, codes: Mapping[str, Codes], unique: Mapping[str, int]
) -> None:
    """Rows in the order of one column are in blocks of the other, as where a threshold decides."""
    targets = [name for name in by if unique[name] <= MOST_CLASSES and _has_classes(codes[name])]
    if not targets:
        return
    goals = np.column_stack([codes[name] for name in targets])
    blocks = np.array([unique[name] for name in targets])
    for name, dtype in sample.schema.items():
        if dtype.is_numeric() or dtype.is_temporal():
            ordered = goals[np.argsort(codes[name], kind="stable")]
            for place in np.flatnonzero((ordered[1:] != ordered[:-1]).sum(axis=0) + 1 == blocks):
                _note(by, targets[place], name, "order")


def _note(by: dict[str, dict[str, list[str]]], target: str, name: str, how: str) -> None:
    """Remember that a column tells another, by the first way that was found."""
    if target in by and name != target and not any(name in found for found in by[target].values()):
        by[target].setdefault(how, []).append(name)


def _varies(codes: Codes, unique: int) -> bool:
    """Whether more than a few rows differ from the most frequent value, so that telling it means something."""
    return unique >= 2 and len(codes) - int(np.bincount(codes).max()) >= 2 * FEWEST_OF_A_CLASS


def _has_classes(codes: Codes) -> bool:
    return int(np.bincount(codes).min()) >= FEWEST_OF_A_CLASS


def _on_a_line(
    sample: pl.DataFrame, codes: Mapping[str, Codes], unique: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    """Pairs of numeric columns of many values of which one rises or falls with the other almost throughout."""
    names = [name for name, dtype in sample.schema.items() if dtype.is_numeric() and unique[name] > MOST_CLASSES]
    if len(names) < 2:
        return
    ranks = np.column_stack([codes[name] for name in names]).astype(np.float32)
    is_missing = sample.select(_ordered(name, dtype).is_null() for name, dtype in sample.select(names).schema.items())
    ranks[is_missing.to_numpy()] = np.nan
    centred = np.nan_to_num(ranks - np.nanmean(ranks, axis=0))
    length = np.sqrt((centred**2).sum(axis=0))
    related = np.abs(centred.T @ centred) / np.outer(length, length)
    for a, b in zip(*np.nonzero(np.triu(related >= ALMOST_ONE, k=1)), strict=True):
        yield names[a], names[b]
        yield names[b], names[a]


def words_of(name: str) -> list[str]:
    """The words of a column name in small letters: "customerId" and "customer_id" are both two."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[^\W\da-zA-Z])(?=[A-Za-z])", " ", name)
    return re.findall(r"[^\W_]+", apart.lower())


def names_a_thing(name: str) -> bool:
    """Whether the values of a column are by its name those of an identifier."""
    words = words_of(name)
    if not words:
        return False
    return (
        words[-1] in NAMING_WORDS
        or words[0] == "id"
        or words in ([one] for one in THINGS)
        or (words[-1].endswith(KOREAN_NAMING))
    )


def row_names(sample: pl.DataFrame, unique: Mapping[str, int]) -> list[str]:
    """Columns that name each row, such as a number that counts them."""
    whole = [name for name, dtype in sample.schema.items() if not dtype.is_float() and unique[name] == sample.height]
    return [name for name in whole if names_a_thing(name) or " ".join(words_of(name)) in ROW_NUMBERS]


def repeated_rows(
    left: pl.DataFrame, right: pl.DataFrame, without: Sequence[str], unique: Mapping[str, int]
) -> Iterator[Fact]:
    """Right rows that are on the left too.

    They are looked for by the column with the most values. Where no column has many, equal rows are no surprise.
    """
    names = [name for name in left.columns if name not in without]
    key = max(names, key=lambda name: (unique[name], name), default="")
    if not names or unique[key] < min(left.height, SAMPLE_ROWS) / 2:
        return
    held_out = spread(right, SAMPLE_ROWS).select(names)
    searched = left.head(SEARCHED_ROWS)
    places = searched[key].is_in(held_out[key].unique().implode(), nulls_equal=True).arg_true()
    known = searched[places].select(names).hash_rows(SEED).unique()
    rows = int(held_out.hash_rows(SEED).is_in(known.implode()).sum())
    if rows >= FEWEST_REPEATED_ROWS and rows >= LEAST_REPEATED_SHARE * held_out.height:
        yield {"fact": "repeated_rows", "rows": rows, "of": held_out.height, "without": list(without)}


def shared_groups(left: pl.DataFrame, right: pl.DataFrame) -> Iterator[Fact]:
    """Columns that by their name identify things, of which many stand on both sides."""
    for name, dtype in left.schema.items():
        if dtype.is_float() or dtype == pl.Boolean or not names_a_thing(name):
            continue
        known, held_out = spread(left[[name]], GROUP_ROWS)[name], spread(right[[name]], SAMPLE_ROWS)[name]
        known, held_out = known.drop_nulls(), held_out.drop_nulls()
        groups = known.n_unique()
        if not len(held_out) or groups < FEWEST_GROUPS:
            continue
        size = len(known) / groups
        rows = int(held_out.is_in(known.unique().implode()).sum())
        if SMALLEST_GROUP <= size <= LARGEST_GROUP and rows >= LEAST_SHARED_SHARE * len(held_out):
            yield {"fact": "shared_groups", "column": name, "rows": rows, "of": len(held_out)}


def times(sample: pl.DataFrame) -> Iterator[Fact]:
    """Columns of text that holds dates."""
    for name, dtype in sample.schema.items():
        if dtype != pl.String:
            continue
        values = sample[name].drop_nulls()
        if values.len() < FEWEST_DATES or values.n_unique() < FEWEST_DATES:
            continue
        for written, sortable in (DATE_FORMATS | TIME_FORMATS).items():
            read = (
                values.str.to_date(written, strict=False, exact=True)
                if written in DATE_FORMATS
                else values.str.to_datetime(written, strict=False, exact=True)
            )
            if read.len() - read.null_count() >= LEAST_DATES_SHARE * values.len():
                yield {"fact": "times", "column": name, "sortable": sortable}
                break

"""Several files as one table: by a pattern of their paths, and of several formats."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

import polars as pl

from modules.kit.errors import DifferentColumnCounts, NamesDiffer, NothingMatches
from modules.kit.names import listed

MOST_FILES: Final = 10_000
WILD: Final = re.compile(r"[*?]")
UNSEEN: Final = re.compile(r"(?:^|(?<=/))[._]")
"""Files and folders that programs leave beside the data."""


def matcher(pattern: str) -> re.Pattern[str]:
    """A pattern of paths: `*` and `?` stand for letters of one name, `**` for any number of folders."""
    parts: list[str] = []
    for piece in re.split(r"(\*\*/?|\*|\?)", pattern):
        match piece:
            case "**":
                parts.append(".*")
            case "**/":
                parts.append("(?:.*/)?")
            case "*":
                parts.append("[^/]*")
            case "?":
                parts.append("[^/]")
            case _:
                parts.append(re.escape(piece))
    return re.compile("".join(parts))


def matching(paths: Iterable[str], pattern: str, *, parameter: str) -> list[str]:
    """The paths that a pattern means, in order; raises 0065 where there is none.

    Wildcards pass over hidden files and folders: those whose names begin with a dot or a low line.
    """
    known, wanted, written = sorted(paths), matcher(pattern), len(fixed_part(pattern))
    is_hidden = UNSEEN.search if is_pattern(pattern) else lambda *_: False
    found = [path for path in known if wanted.fullmatch(path) and not is_hidden(path, written)]
    if not found:
        raise NothingMatches(
            f"No file matches `{pattern}`",
            parameter=parameter,
            hint=f"There are {listed(known)}." if known else "There are no files.",
        )
    if len(found) > MOST_FILES:
        raise NothingMatches(
            f"`{pattern}` means {len(found):,} files; {MOST_FILES:,} are read at most",
            parameter=parameter,
            hint="Choose fewer, or put them together before.",
        )
    return found


def fixed_part(pattern: str) -> str:
    """The beginning of a pattern, up to its first wildcard."""
    return WILD.split(pattern)[0]


def is_pattern(path: str) -> bool:
    """Whether a path may mean several files."""
    return WILD.search(path) is not None


def concatenated(tables: Sequence[tuple[str, pl.LazyFrame]]) -> pl.LazyFrame:
    """The rows of several files, one after another; raises 0010 and 0061 where their columns differ.

    A column that is a number here and text there is text; whole numbers become numbers where others have fractions.
    """
    if len(tables) == 1:
        return tables[0][1]
    schemas = [frame.collect_schema() for _, frame in tables]
    names = schemas[0].names()
    for (name, _), schema in zip(tables[1:], schemas[1:], strict=True):
        if len(schema) != len(names):
            raise DifferentColumnCounts(left=len(names), right=len(schema), port=name)
        for place, (left, right) in enumerate(zip(names, schema.names(), strict=True)):
            if left != right:
                raise NamesDiffer(index=place + 1, left=left, right=right, port=name)
    shared = {name: _shared_type(_types_with_values(name, tables, schemas)) for name in names}
    return pl.concat([frame.select(pl.col(name).cast(shared[name]) for name in names) for _, frame in tables])


def _types_with_values(
    name: str, tables: Sequence[tuple[str, pl.LazyFrame]], schemas: Sequence[pl.Schema]
) -> list[pl.DataType]:
    """The types of a column in each file; where they differ, without those of files in which it is empty."""
    dtypes = [schema[name] for schema in schemas]
    if len(set(dtypes)) == 1:
        return dtypes
    filled = [frame.select(pl.col(name).is_not_null().any()).collect().item() for _, frame in tables]
    return [dtype for dtype, has_values in zip(dtypes, filled, strict=True) if has_values] or dtypes


def _shared_type(dtypes: Sequence[pl.DataType]) -> pl.DataType:
    """The type that holds the values of all."""
    empty = [pl.Series([], dtype=dtype) for dtype in dict.fromkeys(dtypes) if dtype != pl.Null]
    if not empty:
        return pl.Null()
    try:
        return pl.concat([column.to_frame("a") for column in empty], how="vertical_relaxed").schema["a"]
    except pl.exceptions.PolarsError:
        return pl.String()

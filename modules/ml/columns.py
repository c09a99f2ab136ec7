"""Names, types and missing values of columns, as several modules need them."""

from collections.abc import Collection, Iterable, Mapping

import polars as pl

from modules.kit import Table
from modules.kit.errors import ColumnNotFound, DuplicateColumn, TypesDiffer

Schema = Mapping[str, pl.DataType]


def is_text(dtype: pl.DataType) -> bool:
    """Tell whether a column holds text, be it stored as categories."""
    return dtype in (pl.String, pl.Categorical, pl.Enum)


def family_of(dtype: pl.DataType) -> str:
    """Name what a type is to people: "a number", "text", "true or false", "a date", "a time", or the type itself."""
    if dtype.is_numeric():
        return "a number"
    if is_text(dtype):
        return "text"
    if dtype == pl.Boolean:
        return "true or false"
    if dtype in (pl.Date, pl.Datetime):
        return "a date"
    return {pl.Null: "empty", pl.Time: "a time of day", pl.Duration: "a time span"}.get(dtype.base_type(), str(dtype))


def is_missing(name: str, dtype: pl.DataType) -> pl.Expr:
    """Whether a value is missing: null, or NaN in a column of floats."""
    column = pl.col(name)
    return column.is_null() | column.is_nan().fill_null(value=False) if dtype.is_float() else column.is_null()


def present(name: str, dtype: pl.DataType) -> pl.Expr:
    """A column with null for every missing value."""
    return pl.col(name).fill_nan(None) if dtype.is_float() else pl.col(name)


def check_types(table: Table, expected: Mapping[str, str], *, port: str) -> None:
    """Check that columns are there with values of the families of `family_of`; raises 0001 and 0016.

    A column without any value, which has no type yet, passes.
    """
    schema = table.frame.collect_schema()
    for name, family in expected.items():
        if name not in schema:
            raise ColumnNotFound(name, port=port, available=schema.names())
        found = family_of(schema[name])
        if found not in (family, "empty"):
            raise TypesDiffer(name, found=found, expected=family, port=port)


def check_free(names: Iterable[str], taken: Collection[str], *, port: str) -> None:
    """Raise 0028 for a new column whose name another one has."""
    for name in names:
        if name in taken:
            raise DuplicateColumn(name, port=port)


def free_name(wanted: str, taken: Collection[str], suffix: str) -> str:
    """A name that is not taken: the wanted one with a suffix, then with a number behind it."""
    name, number = f"{wanted}{suffix}", 2
    while name in taken:
        name, number = f"{wanted}{suffix}{number}", number + 1
    return name


def numbered(names: Iterable[str]) -> list[str]:
    """The names, those that another one before has with a number: `a`, `a_2`."""
    found: dict[str, None] = {}
    for name in names:
        free, number = name, 2
        while free in found:
            free, number = f"{name}_{number}", number + 1
        found[free] = None
    return list(found)


def renamed(table: Table, names: Mapping[str, str]) -> Table:
    """Give columns new names; roles and flags go with them."""
    changed = {old: new for old, new in names.items() if old != new}
    return Table(
        table.frame.rename(changed),
        {changed.get(name, name): role for name, role in table.roles.items()},
        frozenset(changed.get(name, name) for name in table.categorical),
        folds=table.folds,
    )


def without(names: Iterable[str], left_out: Collection[str]) -> list[str]:
    """The names but some."""
    return [name for name in names if name not in left_out]

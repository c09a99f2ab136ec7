"""Which columns a person wants of a table, and of which types, as written in two fields."""

import csv
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from modules.kit.errors import ColumnNotConvertible, ColumnNotFound, DuplicateColumn, NotConvertible
from modules.kit.names import listed
from modules.ml.converting import TYPES, DataType, converted

TYPE_NAMES: Final[Mapping[str, DataType]] = {
    **{name: name for name in TYPES},
    "text": "string",
    "whole number": "integer",
    "number": "double",
    "true or false": "boolean",
    "date": "date_time",
    "datetime": "date_time",
}


def names_in(text: str, *, parameter: str) -> list[str]:
    """The names of a list with commas, those that hold one in quotes; raises 0002, and 0028 for a repeated one."""
    try:
        rows = list(csv.reader([",".join(text.splitlines())], skipinitialspace=True))
    except csv.Error as error:
        raise NotConvertible(value=text[:100], to="names with commas between", parameter=parameter) from error
    names = [name.strip() for row in rows for name in row if name.strip()]
    for name in names:
        if names.count(name) > 1:
            raise DuplicateColumn(name, parameter=parameter)
    return names


def types_in(text: str, *, parameter: str) -> dict[str, DataType]:
    """The types of columns, one `name: type` a line; raises 0002 for a line that is none."""
    found: dict[str, DataType] = {}
    for line in (line.strip() for line in text.splitlines() if line.strip()):
        name, colon, wanted = (part.strip() for part in line.rpartition(":"))
        known = TYPE_NAMES.get(wanted.lower())
        if not colon or not name or known is None:
            raise NotConvertible(
                value=line,
                to="a column and its type",
                parameter=parameter,
                hint=f"Write lines such as `price: double`. Types are {listed(TYPES)}.",
            )
        found[name] = known
    return found


def with_types(frame: pl.LazyFrame, types: Mapping[str, DataType], *, port: str, parameter: str) -> pl.LazyFrame:
    """The table with other types of some columns.

    Raises 0001 for a column that is not there, 0002 for a value and 0042 for a type that cannot be converted.
    """
    check_there(frame, list(types), port=port, parameter=parameter)
    changed: list[pl.Expr] = []
    try:
        for wanted in dict.fromkeys(types.values()):
            names = [name for name, given in types.items() if given == wanted]
            changed += converted(frame, names, wanted).values()
    except (NotConvertible, ColumnNotConvertible) as error:
        error.parameter, error.hint = parameter, "Give the column another type."
        raise
    return frame.with_columns(changed) if changed else frame


def check_there(frame: pl.LazyFrame, names: Sequence[str], *, port: str, parameter: str) -> None:
    """Raise 0001 for the first name that is no column."""
    available = frame.collect_schema().names()
    for name in names:
        if name not in available:
            raise ColumnNotFound(name, port=port, available=available, parameter=parameter)

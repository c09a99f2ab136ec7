"""Statements for what is written many times a second.

Django makes the statement of a query set anew each time, which for a row by its key takes ten times as long as the
database does (measured: 0.3 and 0.03 ms). These are made once for each form that is used. The fields of the models
prepare the values, so that the rows are those that query sets read and write.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Model

ROWS_AT_ONCE = 500
"""SQLite takes so many values in a statement at most, that this fits for any of our tables."""


def update_rows(model: type[Model], values: Mapping[str, Any], **where: Any) -> int:
    """Change the rows in which fields have these values, where a tuple is any of its values; how many there were."""
    shape = tuple((name, len(value) if isinstance(value, tuple) else None) for name, value in where.items())
    wanted = [
        _prepared(model, name, each)
        for name, value in where.items()
        for each in (value if isinstance(value, tuple) else (value,))
    ]
    changed = [_prepared(model, name, value) for name, value in values.items()]
    with connection.cursor() as cursor:
        cursor.execute(_update(model, tuple(values), shape), [*changed, *wanted])
        return int(cursor.rowcount)


def insert_rows(
    model: type[Model],
    names: tuple[str, ...],
    rows: Sequence[Sequence[Any]],
    *,
    unique: tuple[str, ...] = (),
    update: tuple[str, ...] = (),
) -> None:
    """Add rows with values for these fields, which are all that have no value in the database by themselves.

    A row that is there already, by its `unique` fields, gets the new values of those in `update`, and stays as it is
    where none are named.
    """
    for some in _in_parts(rows):
        values = [_prepared(model, name, value) for row in some for name, value in zip(names, row, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(_insert(model, names, len(some), unique, update), values)


def _in_parts(rows: Sequence[Sequence[Any]]) -> Iterator[Sequence[Sequence[Any]]]:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        yield rows[start : start + ROWS_AT_ONCE]


def _prepared(model: type[Model], name: str, value: Any) -> Any:
    return _field(model, name).get_db_prep_save(value, connection)


@lru_cache(maxsize=256)
def _field(model: type[Model], name: str) -> Any:
    return model._meta.get_field(name)


def _column(model: type[Model], name: str) -> str:
    return connection.ops.quote_name(_field(model, name).column)


@lru_cache(maxsize=256)
def _update(model: type[Model], names: tuple[str, ...], where: tuple[tuple[str, int | None], ...]) -> str:
    table = connection.ops.quote_name(model._meta.db_table)
    changes = ", ".join(f"{_column(model, name)} = %s" for name in names)
    tests = " AND ".join(
        f"{_column(model, name)} = %s" if count is None else f"{_column(model, name)} IN ({_places(count)})"
        for name, count in where
    )
    return f"UPDATE {table} SET {changes} WHERE {tests}"  # noqa: S608  names of our own fields


@lru_cache(maxsize=256)
def _insert(
    model: type[Model], names: tuple[str, ...], rows: int, unique: tuple[str, ...], update: tuple[str, ...]
) -> str:
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(_column(model, name) for name in names)
    values = ", ".join([f"({_places(len(names))})"] * rows)
    statement = f"INSERT INTO {table} ({columns}) VALUES {values}"  # noqa: S608  names of our own fields
    if not unique:
        return statement
    conflict = ", ".join(_column(model, name) for name in unique)
    changes = ", ".join(f"{_column(model, name)} = EXCLUDED.{_column(model, name)}" for name in update)
    return f"{statement} ON CONFLICT ({conflict}) DO {f'UPDATE SET {changes}' if update else 'NOTHING'}"


def _places(count: int) -> str:
    return ", ".join(["%s"] * count)

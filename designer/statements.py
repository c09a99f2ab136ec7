"""Statements for what is written many times a second.

Django makes the statement of a query set anew each time, which for a row by its key takes ten times as long as the
database does (measured: 0.3 and 0.03 ms). These are made once for each form that is used. The fields of the models
prepare the values, so that the rows are those that query sets read and write.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import Model

Shape: TypeAlias = tuple[tuple[str, int | None], ...]
"""The fields of a condition, and how many values each may have; None is a single one."""

ROWS_AT_ONCE = 500
"""SQLite takes so many values in a statement at most, that this fits for any of our tables."""


def update_rows(model: type[Model], values: Mapping[str, Any], **where: Any) -> int:
    """Change the rows in which fields have these values, where a tuple is any of its values; how many there were."""
    shape, wanted = _conditions(model, where)
    changed = [_prepared(model, name, value) for name, value in values.items()]
    with connection.cursor() as cursor:
        cursor.execute(_update(model, tuple(values), shape), [*changed, *wanted])
        return int(cursor.rowcount)


def select_rows(
    model: type[Model], names: tuple[str, ...], *, lock: bool = False, **where: Any
) -> list[tuple[Any, ...]]:
    """Read these fields of the rows in which others have these values; `lock` holds the rows, where a database can."""
    shape, wanted = _conditions(model, where)
    with connection.cursor() as cursor:
        cursor.execute(_select(model, names, shape, lock), wanted)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    converters = _converters(model, names)
    if not converters:
        return rows
    return [tuple(_read(value, converters.get(place, ())) for place, value in enumerate(row)) for row in rows]


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


def _conditions(model: type[Model], where: Mapping[str, Any]) -> tuple[Shape, list[Any]]:
    shape = tuple((name, len(value) if isinstance(value, tuple) else None) for name, value in where.items())
    values = [
        _prepared(model, name, each)
        for name, value in where.items()
        for each in (value if isinstance(value, tuple) else (value,))
    ]
    return shape, values


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


def _read(value: Any, converters: Sequence[Callable[[Any], Any]]) -> Any:
    for convert in converters:
        value = convert(value)
    return value


@lru_cache(maxsize=256)
def _converters(model: type[Model], names: tuple[str, ...]) -> dict[int, list[Callable[[Any], Any]]]:
    """What a query set would do to the values of each field, by place; most need nothing."""
    found: dict[int, list[Callable[[Any], Any]]] = {}
    for place, name in enumerate(names):
        column = _field(model, name).get_col(model._meta.db_table)
        converters = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
        if converters:
            found[place] = [partial(_converted, convert, column) for convert in converters]
    return found


def _converted(convert: Callable[..., Any], column: Any, value: Any) -> Any:
    return convert(value, column, connection)


@lru_cache(maxsize=256)
def _select(model: type[Model], names: tuple[str, ...], where: Shape, lock: bool) -> str:
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(_column(model, name) for name in names)
    locking = (
        f" {connection.ops.for_update_sql(no_key=True)}" if lock and connection.features.has_select_for_update else ""
    )
    return f"SELECT {columns} FROM {table} WHERE {_tests(model, where)}{locking}"  # noqa: S608  names of our own fields


@lru_cache(maxsize=256)
def _update(model: type[Model], names: tuple[str, ...], where: Shape) -> str:
    table = connection.ops.quote_name(model._meta.db_table)
    changes = ", ".join(f"{_column(model, name)} = %s" for name in names)
    return f"UPDATE {table} SET {changes} WHERE {_tests(model, where)}"  # noqa: S608  names of our own fields


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


def _tests(model: type[Model], where: Shape) -> str:
    return " AND ".join(
        f"{_column(model, name)} = %s" if count is None else f"{_column(model, name)} IN ({_places(count)})"
        for name, count in where
    )


def _places(count: int) -> str:
    return ", ".join(["%s"] * count)

"""From a column selection to the names that it means in a given table."""

import re
from collections.abc import Iterator
from typing import Any

from modules.kit.errors import (
    ColumnNotFound,
    IndexOutOfRange,
    ModuleError,
    NoColumnSelected,
    RangeNotParsable,
    UnexpectedColumnCount,
)
from modules.kit.schema import SCORE_ROLES, ColumnSchema, TableSchema

COLUMN_TYPES = ("numeric", "integer", "double", "string", "boolean", "categorical", "datetime")
ROLE_WORDS = ("features", "labels", "scores", "feature", "label", "none", *sorted(SCORE_ROLES))


def resolve(selection: Any, schema: TableSchema, *, parameter: str, port: str, optional: bool = False) -> list[str]:
    """Names of the selected columns.

    Table order is kept unless the selection is ordered. Raises the coded errors 0001, 0059 and 0060 of
    `modules.kit.errors`, and 0011 for a selection that takes nothing unless that is `optional`.
    """
    chosen = _expanded(selection)
    ordered = bool(chosen.get("ordered", False))
    names = list(schema.names) if chosen.get("base") == "all" else []
    for rule in chosen.get("rules", []):
        hit = list(_matches(rule, schema, parameter=parameter, port=port))
        if rule.get("op", "include") == "include":
            names += hit
        else:
            excluded = set(hit)
            names = [name for name in names if name not in excluded]
    if not ordered:
        kept = set(names)
        names = [name for name in schema.names if name in kept]
    if not names and not optional and not (chosen.get("base") == "all" and not schema.columns):
        raise NoColumnSelected(parameter=parameter, port=port)
    return names


def resolve_one(selection: Any, schema: TableSchema, *, parameter: str, port: str) -> str:
    """The one selected column; several are error 0022."""
    names = resolve(selection, schema, parameter=parameter, port=port)
    if len(names) != 1:
        raise UnexpectedColumnCount(parameter=parameter, expected=1, actual=len(names), port=port)
    return names[0]


def _expanded(selection: Any) -> dict[str, Any]:
    if isinstance(selection, str):
        selection = [selection]
    if isinstance(selection, list):
        return {"base": "none", "rules": [{"op": "include", "by": "names", "values": selection}]}
    if isinstance(selection, dict):
        return selection
    raise ModuleError(f"{selection!r} is not a column selection")


def _matches(rule: dict[str, Any], schema: TableSchema, *, parameter: str, port: str) -> Iterator[str]:
    values = rule.get("values", [])
    match rule["by"]:
        case "names":
            known = dict.fromkeys(schema.names)
            for name in values:
                if name not in known:
                    raise ColumnNotFound(name, port=port, available=list(known), parameter=parameter)
                yield name
        case "indices":
            seen: set[int] = set()
            for index in _indices(values, parameter=parameter):
                if not 1 <= index <= len(schema.columns):
                    raise IndexOutOfRange(
                        f"Column {index} is selected, and `{port}` has {len(schema.columns)}",
                        parameter=parameter,
                        port=port,
                        hint="Indices count from 1.",
                    )
                if index not in seen:
                    seen.add(index)
                    yield schema.columns[index - 1].name
        case "types":
            yield from (c.name for c in schema.columns if not c.types.isdisjoint(str(v).lower() for v in values))
        case "roles":
            yield from (c.name for c in schema.columns if any(_has_role(c, v) for v in values))


def _indices(values: list[Any], *, parameter: str) -> Iterator[int]:
    for part in ",".join(str(value) for value in values).split(","):
        found = re.fullmatch(r"\s*(\d+)(?:\s*-\s*(\d+))?\s*", part)
        if not found:
            raise RangeNotParsable(
                f"{part.strip()!r} is not a column index or a range such as 2-5",
                parameter=parameter,
            )
        low, high = int(found[1]), int(found[2] or found[1])
        if high < low:
            low, high = high, low
        if high > 1_000_000:
            raise IndexOutOfRange(f"Column {high} is selected", parameter=parameter)
        yield from range(low, high + 1)


def _has_role(column: ColumnSchema, role: str) -> bool:
    single = role.lower().removesuffix("s") if role.lower() in ("features", "labels", "scores") else role
    return column.role in SCORE_ROLES if single == "score" else column.role == single

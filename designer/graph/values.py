"""Whether a JSON value may be the value of a parameter."""

import math
from collections.abc import Callable
from typing import Any

from modules.kit import Parameter
from modules.kit.selection import COLUMN_TYPES, ROLE_WORDS

BASES = ("all", "none")
OPERATIONS = ("include", "exclude")
WORDS = {"types": COLUMN_TYPES, "roles": ROLE_WORDS}
LARGEST_INTEGER = 2**63 - 1
CRITERIA = ("names", "indices", "types", "roles")


def problem_with(parameter: Parameter, value: Any) -> str | None:
    """What is wrong with a value, as the end of a sentence, or None."""
    if value is None:
        return None if parameter.nullable else "needs a value"
    return _CHECKS[parameter.kind](parameter, value)


def normal_value(parameter: Parameter, value: Any) -> Any:
    """Write equal numbers alike, so that 1 and 1.0 give one recipe and the function gets a float."""
    if parameter.kind == "number" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def _integer(parameter: Parameter, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return f"takes a whole number; found {shown(value)}"
    if abs(value) > LARGEST_INTEGER:
        return f"takes at most {LARGEST_INTEGER}; found {shown(value)}"
    return _bounds(parameter, value)


def _number(parameter: Parameter, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
        return f"takes a number; found {shown(value)}"
    return _bounds(parameter, value)


def _numbers(parameter: Parameter, value: Any) -> str | None:
    """A list as text, so that a person writes it in one field: ``0.1; 0.25``."""
    if not isinstance(value, str):
        return f"takes numbers separated by semicolons; found {shown(value)}"
    parts = [part.strip() for part in value.split(";") if part.strip()]
    if not parts:
        return "takes at least one number"
    is_whole = parameter.kind == "integers"
    for part in parts:
        try:
            number = int(part) if is_whole else float(part)
        except ValueError:
            number = math.nan
        if not _is_finite(number):
            wanted = "whole numbers" if is_whole else "numbers"
            return f"takes {wanted} separated by semicolons; found {shown(part)}"
        if problem := _bounds(parameter, number):
            return problem
    return None


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond the range of floats
        return False


def _bounds(parameter: Parameter, value: float) -> str | None:
    if parameter.minimum is not None and value < parameter.minimum:
        return f"takes at least {parameter.minimum:g}; found {shown(value)}"
    if parameter.exclusive_minimum is not None and value <= parameter.exclusive_minimum:
        return f"takes more than {parameter.exclusive_minimum:g}; found {shown(value)}"
    if parameter.maximum is not None and value > parameter.maximum:
        return f"takes at most {parameter.maximum:g}; found {shown(value)}"
    if parameter.exclusive_maximum is not None and value >= parameter.exclusive_maximum:
        return f"takes less than {parameter.exclusive_maximum:g}; found {shown(value)}"
    return None


def _boolean(_: Parameter, value: Any) -> str | None:
    return None if isinstance(value, bool) else f"takes true or false; found {shown(value)}"


def _text(_: Parameter, value: Any) -> str | None:
    return None if isinstance(value, str) else f"takes text; found {shown(value)}"


def _choice(parameter: Parameter, value: Any) -> str | None:
    allowed = [choice.value for choice in parameter.choices or ()]
    known = any(value == one and type(value) is type(one) for one in allowed)
    listed = ", ".join(str(one) for one in allowed)
    return None if known else f"takes one of {listed}; found {shown(value)}"


def _column(parameter: Parameter, value: Any) -> str | None:
    return None if isinstance(value, str) and value else _columns(parameter, value)


def _columns(_: Parameter, value: Any) -> str | None:
    if isinstance(value, str):
        return None if value else "takes column names; found an empty one"
    if isinstance(value, list):
        wrong = [item for item in value if not isinstance(item, str)]
        return f"takes column names; found {shown(wrong[0])}" if wrong else None
    if not isinstance(value, dict):
        return f"takes a column selection; found {shown(value)}"
    unknown = set(value) - {"base", "ordered", "rules"}
    if unknown:
        return f"takes a column selection with base, ordered and rules; found '{min(unknown)}'"
    if value.get("base", "none") not in BASES:
        return f"has the base {shown(value['base'])}; expected all or none"
    if not isinstance(value.get("ordered", False), bool):
        return f"has ordered {shown(value['ordered'])}; expected true or false"
    rules = value.get("rules", [])
    if not isinstance(rules, list):
        return f"has rules {shown(rules)}; expected a list"
    return next((said for rule in rules if (said := _rule(rule))), None)


def _rule(rule: Any) -> str | None:
    if not isinstance(rule, dict) or set(rule) != {"op", "by", "values"}:
        return f"has the rule {shown(rule)}; expected op, by and values"
    if rule["op"] not in OPERATIONS:
        return f"has a rule with op {shown(rule['op'])}; expected include or exclude"
    if rule["by"] not in CRITERIA:
        return f"has a rule with by {shown(rule['by'])}; expected one of {', '.join(CRITERIA)}"
    values = rule["values"]
    if not isinstance(values, list) or not all(
        isinstance(item, str) or (rule["by"] == "indices" and type(item) is int) for item in values
    ):
        return f"has a rule with values {shown(values)}; expected a list of {rule['by']}"
    words = WORDS.get(rule["by"])
    unknown = [item for item in values if words is not None and item not in words]
    if words is not None and unknown:
        return f"has a rule by {rule['by']} with {shown(unknown[0])}; expected one of {', '.join(words)}"
    return None


def shown(value: Any) -> str:
    """Write a value so that a message stays one readable line."""
    try:
        text = repr(value)
    except ValueError:  # Python writes whole numbers of at most 4300 digits
        text = "a huge number"
    return text if len(text) <= 60 else text[:59] + "…"


_CHECKS: dict[str, Callable[[Parameter, Any], str | None]] = {
    "integer": _integer,
    "number": _number,
    "integers": _numbers,
    "numbers": _numbers,
    "text": _text,
    "choice": _choice,
    "boolean": _boolean,
    "column": _column,
    "columns": _columns,
    "seed": _integer,
    "script": _text,
    "path": _text,
    "secret": _text,
}

"""Whether a JSON value may be the value of a parameter."""

import math
from collections.abc import Callable
from typing import Any

from modules.kit import Parameter

BASES = ("all", "none")
OPERATIONS = ("include", "exclude")
CRITERIA = ("names", "indices", "types", "roles")


def problem_with(parameter: Parameter, value: Any) -> str | None:
    """What is wrong with a value, as the end of a sentence, or None."""
    if value is None:
        return None if parameter.nullable else "needs a value"
    return _CHECKS[parameter.kind](parameter, value)


def _integer(parameter: Parameter, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return f"takes a whole number; found {_shown(value)}"
    return _bounds(parameter, value)


def _number(parameter: Parameter, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return f"takes a number; found {_shown(value)}"
    return _bounds(parameter, value)


def _bounds(parameter: Parameter, value: float) -> str | None:
    if parameter.minimum is not None and value < parameter.minimum:
        return f"takes at least {parameter.minimum:g}; found {value}"
    if parameter.exclusive_minimum is not None and value <= parameter.exclusive_minimum:
        return f"takes more than {parameter.exclusive_minimum:g}; found {value}"
    if parameter.maximum is not None and value > parameter.maximum:
        return f"takes at most {parameter.maximum:g}; found {value}"
    if parameter.exclusive_maximum is not None and value >= parameter.exclusive_maximum:
        return f"takes less than {parameter.exclusive_maximum:g}; found {value}"
    return None


def _boolean(_: Parameter, value: Any) -> str | None:
    return None if isinstance(value, bool) else f"takes true or false; found {_shown(value)}"


def _text(_: Parameter, value: Any) -> str | None:
    return None if isinstance(value, str) else f"takes text; found {_shown(value)}"


def _choice(parameter: Parameter, value: Any) -> str | None:
    allowed = [choice.value for choice in parameter.choices or ()]
    known = any(value == one and type(value) is type(one) for one in allowed)
    listed = ", ".join(str(one) for one in allowed)
    return None if known else f"takes one of {listed}; found {_shown(value)}"


def _column(parameter: Parameter, value: Any) -> str | None:
    return None if isinstance(value, str) and value else _columns(parameter, value)


def _columns(_: Parameter, value: Any) -> str | None:
    if isinstance(value, str):
        return None if value else "takes column names; found an empty one"
    if isinstance(value, list):
        wrong = [item for item in value if not isinstance(item, str)]
        return f"takes column names; found {_shown(wrong[0])}" if wrong else None
    if not isinstance(value, dict):
        return f"takes a column selection; found {_shown(value)}"
    unknown = set(value) - {"base", "ordered", "rules"}
    if unknown:
        return f"takes a column selection with base, ordered and rules; found '{sorted(unknown)[0]}'"
    if value.get("base", "none") not in BASES:
        return f"has the base {_shown(value['base'])}; expected all or none"
    if not isinstance(value.get("ordered", False), bool):
        return f"has ordered {_shown(value['ordered'])}; expected true or false"
    rules = value.get("rules", [])
    if not isinstance(rules, list):
        return f"has rules {_shown(rules)}; expected a list"
    return next((said for rule in rules if (said := _rule(rule))), None)


def _rule(rule: Any) -> str | None:
    if not isinstance(rule, dict) or set(rule) != {"op", "by", "values"}:
        return f"has the rule {_shown(rule)}; expected op, by and values"
    if rule["op"] not in OPERATIONS:
        return f"has a rule with op {_shown(rule['op'])}; expected include or exclude"
    if rule["by"] not in CRITERIA:
        return f"has a rule with by {_shown(rule['by'])}; expected one of {', '.join(CRITERIA)}"
    values = rule["values"]
    if not isinstance(values, list) or not all(
        isinstance(item, str) or (rule["by"] == "indices" and type(item) is int) for item in values
    ):
        return f"has a rule with values {_shown(values)}; expected a list of {rule['by']}"
    return None


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"


_CHECKS: dict[str, Callable[[Parameter, Any], str | None]] = {
    "integer": _integer,
    "number": _number,
    "text": _text,
    "choice": _choice,
    "boolean": _boolean,
    "column": _column,
    "columns": _columns,
    "seed": _integer,
    "script": _text,
    "path": _text,
}

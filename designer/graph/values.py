"""Whether a JSON value may be the value of a parameter."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import JsonValue

from modules.kit import Parameter
from modules.kit.selection import COLUMN_TYPES, ROLE_WORDS

BASES = ("all", "none")
OPERATIONS = ("include", "exclude")
WORDS = {"types": COLUMN_TYPES, "roles": ROLE_WORDS}
LARGEST_INTEGER = 2**63 - 1
CRITERIA = ("names", "indices", "types", "roles")


@dataclass(frozen=True, slots=True)
class Misfit:
    """What is wrong with a value: the end of a sentence, and what it says (`how`) of what, for other words."""

    said: str
    how: str
    values: Mapping[str, JsonValue] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.said


def problem_with(parameter: Parameter, value: Any) -> Misfit | None:
    """What is wrong with a value, or None."""
    if value is None:
        return None if parameter.nullable else Misfit("needs a value", "needed")
    return _CHECKS[parameter.kind](parameter, value)


def normal_value(parameter: Parameter, value: Any) -> Any:
    """Write equal numbers alike, so that 1 and 1.0 give one recipe and the function gets a float."""
    if parameter.kind == "number" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def _integer(parameter: Parameter, value: Any) -> Misfit | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return _found("takes a whole number", value, "whole_number")
    if abs(value) > LARGEST_INTEGER:
        return _found(f"takes at most {LARGEST_INTEGER}", value, "at_most", bound=str(LARGEST_INTEGER))
    return _bounds(parameter, value)


def _number(parameter: Parameter, value: Any) -> Misfit | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
        return _found("takes a number", value, "number")
    return _bounds(parameter, value)


def _numbers(parameter: Parameter, value: Any) -> Misfit | None:
    """A list as text, so that a person writes it in one field: ``0.1; 0.25``."""
    if not isinstance(value, str):
        return _found("takes numbers separated by semicolons", value, "numbers")
    parts = [part.strip() for part in value.split(";") if part.strip()]
    if not parts:
        return Misfit("takes at least one number", "one_number")
    is_whole = parameter.kind == "integers"
    for part in parts:
        try:
            number = int(part) if is_whole else float(part)
        except ValueError:
            number = math.nan
        if not _is_finite(number):
            wanted = "whole numbers" if is_whole else "numbers"
            how = "whole_numbers" if is_whole else "numbers"
            return _found(f"takes {wanted} separated by semicolons", part, how)
        if problem := _bounds(parameter, number):
            return problem
    return None


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond the range of floats
        return False


def _bounds(parameter: Parameter, value: float) -> Misfit | None:
    if parameter.minimum is not None and value < parameter.minimum:
        return _bound("takes at least", parameter.minimum, value, "at_least")
    if parameter.exclusive_minimum is not None and value <= parameter.exclusive_minimum:
        return _bound("takes more than", parameter.exclusive_minimum, value, "more_than")
    if parameter.maximum is not None and value > parameter.maximum:
        return _bound("takes at most", parameter.maximum, value, "at_most")
    if parameter.exclusive_maximum is not None and value >= parameter.exclusive_maximum:
        return _bound("takes less than", parameter.exclusive_maximum, value, "less_than")
    return None


def _boolean(_: Parameter, value: Any) -> Misfit | None:
    return None if isinstance(value, bool) else _found("takes true or false", value, "boolean")


def _text(_: Parameter, value: Any) -> Misfit | None:
    return None if isinstance(value, str) else _found("takes text", value, "text")


def _choice(parameter: Parameter, value: Any) -> Misfit | None:
    allowed = [choice.value for choice in parameter.choices or ()]
    known = any(value == one and type(value) is type(one) for one in allowed)
    listed = ", ".join(str(one) for one in allowed)
    return None if known else _found(f"takes one of {listed}", value, "choice", allowed=listed)


def _column(parameter: Parameter, value: Any) -> Misfit | None:
    return None if isinstance(value, str) and value else _columns(parameter, value)


def _columns(_: Parameter, value: Any) -> Misfit | None:
    if isinstance(value, str):
        return None if value else Misfit("takes column names; found an empty one", "empty_column")
    if isinstance(value, list):
        wrong = [item for item in value if not isinstance(item, str)]
        return _found("takes column names", wrong[0], "columns") if wrong else None
    if not isinstance(value, dict):
        return _found("takes a column selection", value, "selection")
    unknown = set(value) - {"base", "ordered", "rules"}
    if unknown:
        return _selection(f"takes a column selection with base, ordered and rules; found '{min(unknown)}'")
    if value.get("base", "none") not in BASES:
        return _selection(f"has the base {shown(value['base'])}; expected all or none")
    if not isinstance(value.get("ordered", False), bool):
        return _selection(f"has ordered {shown(value['ordered'])}; expected true or false")
    rules = value.get("rules", [])
    if not isinstance(rules, list):
        return _selection(f"has rules {shown(rules)}; expected a list")
    return next((said for rule in rules if (said := _rule(rule))), None)


def _rule(rule: Any) -> Misfit | None:
    if not isinstance(rule, dict) or set(rule) != {"op", "by", "values"}:
        return _selection(f"has the rule {shown(rule)}; expected op, by and values")
    if rule["op"] not in OPERATIONS:
        return _selection(f"has a rule with op {shown(rule['op'])}; expected include or exclude")
    if rule["by"] not in CRITERIA:
        return _selection(f"has a rule with by {shown(rule['by'])}; expected one of {', '.join(CRITERIA)}")
    values = rule["values"]
    if not isinstance(values, list) or not all(
        isinstance(item, str) or (rule["by"] == "indices" and type(item) is int) for item in values
    ):
        return _selection(f"has a rule with values {shown(values)}; expected a list of {rule['by']}")
    words = WORDS.get(rule["by"])
    unknown = [item for item in values if words is not None and item not in words]
    if words is not None and unknown:
        said = f"has a rule by {rule['by']} with {shown(unknown[0])}; expected one of {', '.join(words)}"
        return _selection(said)
    return None


def _found(wanted: str, value: Any, how: str, **values: JsonValue) -> Misfit:
    found = shown(value)
    return Misfit(f"{wanted}; found {found}", how, {"found": found, **values})


def _bound(wanted: str, bound: float, value: Any, how: str) -> Misfit:
    return _found(f"{wanted} {bound:g}", value, how, bound=f"{bound:g}")


def _selection(said: str) -> Misfit:
    """What no form writes: only those who write documents by hand read it."""
    return Misfit(said, "selection_rules", {"said": said})


def shown(value: Any) -> str:
    """Write a value so that a message stays one readable line."""
    try:
        text = repr(value)
    except ValueError:  # Python writes whole numbers of at most 4300 digits
        text = "a huge number"
    return text if len(text) <= 60 else text[:59] + "…"


_CHECKS: dict[str, Callable[[Parameter, Any], Misfit | None]] = {
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

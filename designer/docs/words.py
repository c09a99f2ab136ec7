"""Declarations in words, the same on every page."""

import json

from modules.kit import ModuleSpec, Parameter
from modules.kit.spec import Condition

KINDS = {
    "integer": "whole number",
    "number": "number",
    "text": "text",
    "choice": "choice",
    "boolean": "switch",
    "column": "one column",
    "columns": "columns",
    "seed": "seed, a whole number from 0 to 4,294,967,295",
    "script": "script",
    "path": "uploaded file",
}
LONGEST_DEFAULT = 60


def kind_of(parameter: Parameter) -> str:
    """The kind with its bounds: ``number from 0 to 1``."""
    words = KINDS.get(parameter.kind, parameter.kind)
    if parameter.language == "text":
        words = "lines of text"
    elif parameter.language is not None and parameter.kind == "script":
        words = f"{parameter.language.upper() if parameter.language in ('sql', 'r') else parameter.language} script"
    bounds = []
    if parameter.kind == "seed":
        return words + (" or blank" if parameter.nullable else "")
    if parameter.minimum is not None and parameter.maximum is not None:
        bounds.append(f"from {parameter.minimum:g} to {parameter.maximum:g}")
    elif parameter.minimum is not None:
        bounds.append(f"from {parameter.minimum:g}")
    elif parameter.maximum is not None:
        bounds.append(f"up to {parameter.maximum:g}")
    if parameter.exclusive_minimum is not None:
        bounds.append(f"greater than {parameter.exclusive_minimum:g}")
    if parameter.exclusive_maximum is not None:
        bounds.append(f"less than {parameter.exclusive_maximum:g}")
    return " ".join([words, *bounds]) + (" or blank" if parameter.nullable else "")


def default_of(parameter: Parameter) -> str:
    """The default as it would stand in a document; a dash where there is none to tell."""
    if parameter.required:
        return "must be set"
    if parameter.kind == "script" and parameter.default:
        return "an example"
    if parameter.default is None:
        return "blank"
    if parameter.default == "":
        return "empty"
    text = parameter.default if isinstance(parameter.default, str) else json.dumps(parameter.default)
    return f"`{text}`" if len(text) <= LONGEST_DEFAULT else selection_of(parameter.default)


def selection_of(value: object) -> str:
    """A column selection in words."""
    if isinstance(value, dict) and value.get("rules"):
        named = [name for rule in value["rules"] for name in rule.get("values", [])]
        return f"columns that are {' or '.join(map(str, named))}"
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def condition_of(parameter: Parameter, spec: ModuleSpec) -> str:
    """When the parameter counts, in titles; empty where it always does."""
    return ", or where ".join(_holds(condition, spec) for condition in parameter.conditions)


def _holds(condition: Condition, spec: ModuleSpec) -> str:
    parts = []
    for name, values in condition.items():
        other = spec.parameter(name)
        shown = [_shown(other, value) for value in values]
        parts.append(f"{other.title if other else name} is {' or '.join(shown)}")
    return " and ".join(parts)


def _shown(parameter: Parameter | None, value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    for choice in (parameter.choices if parameter else None) or ():
        if choice.value == value:
            return choice.title
    return str(value)


def type_of(type_name: str) -> str:
    """A type of port; alternatives are told apart by a word."""
    return " or ".join(part.strip() for part in type_name.split("|"))

"""In what a module differs from the reference: ports, parameters and defaults, by their titles.

`tests/fixtures/reference_modules.json` holds what the reference declares; null is a default that it does not tell.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from modules.kit import ModuleSpec, Parameter

FACTS: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "reference_modules.json").read_text("utf-8")
)
BY_TITLE = {title.lower(): facts for title, facts in FACTS.items()}


def is_of_the_reference(spec: ModuleSpec) -> bool:
    """Tell whether the reference has a module of this name."""
    return spec.title.lower() in BY_TITLE


def differences(spec: ModuleSpec) -> Iterator[str]:
    """What the reference has and the module has not, or not alike; what the module has besides is no difference."""
    facts = BY_TITLE[spec.title.lower()]
    for side, ports in (("inputs", spec.inputs), ("outputs", spec.outputs)):
        expected, found = [plain(title) for title in facts[side]], [plain(port.title) for port in ports]
        if expected != found:
            yield f"{side}: {', '.join(facts[side]) or 'none'}"
    parameters = {plain(item.title): item for item in spec.parameters}
    for title, default in facts["parameters"].items():
        parameter = parameters.get(plain(title))
        if parameter is None:
            yield title
        elif default is not None and plain_value(default) not in defaults_of(parameter):
            yield f"default of {title}: {default or 'blank'}"


def defaults_of(parameter: Parameter) -> set[str]:
    """The default of a parameter in all the ways in which the reference may write it."""
    said = {plain_value(parameter.default)}
    if parameter.default is None:
        said |= {plain_value(""), plain_value("blank")}
    said |= {plain(choice.title) for choice in parameter.choices or () if choice.value == parameter.default}
    return said


def plain(title: str) -> str:
    """Letters and digits alone, so that titles that differ in signs and capitals are the same."""
    return re.sub(r"[^a-z0-9]+", "", title.lower())


def plain_value(value: object) -> str:
    """A default without its type: 0.0 is 0."""
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:g}"
    try:
        return f"{float(str(value)):g}"
    except ValueError:
        return plain(str(value))

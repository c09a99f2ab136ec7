"""The YAML that documents are written in: the values of JSON, as YAML 1.2 spells them.

PyYAML follows YAML 1.1, where `no` is false, `010` is 8, `1:30` is 90 and `1e-5` is a text. Labels such as Yes and No
and tolerances such as 1e-5 are common in pipelines, so documents are read by the core schema of YAML 1.2.
"""

import re
from typing import Any

import yaml
from yaml import constructor, events

_CORE: tuple[tuple[str, str, str], ...] = (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("float", r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", "-+."),
)

ODD_BREAKS = re.compile("[\r\x85\u2028\u2029\ufeff]")
"""Written plainly, these are read as an ordinary line break, or not at all."""


def _resolvers() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for name, pattern, firsts in _CORE:
        for first in firsts:
            key = "" if first == "\0" else first
            found.setdefault(key, []).append((f"tag:yaml.org,2002:{name}", re.compile(rf"(?:{pattern})\Z")))
    return found


class Loader(yaml.SafeLoader):
    """Reads plain values: no aliases, no dates, no tags of other languages."""

    yaml_implicit_resolvers = _resolvers()

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse aliases: a few of them can stand for more values than memory holds."""
        if self.check_event(events.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # PyYAML has no types
            raise constructor.ConstructorError(None, None, "aliases (*name) are not part of a pipeline document", mark)
        return super().compose_node(parent, index)

    def construct_int(self, node: yaml.ScalarNode) -> int:
        """Read decimal digits; a leading zero has no meaning."""
        return int(str(self.construct_scalar(node)))


Loader.add_constructor("tag:yaml.org,2002:int", Loader.construct_int)


class Dumper(yaml.SafeDumper):
    """Quotes the texts that this loader, or one for YAML 1.1, would read as something else; no anchors."""

    yaml_implicit_resolvers = {  # noqa: RUF012 (PyYAML declares it so)
        first: [*yaml.SafeDumper.yaml_implicit_resolvers.get(first, []), *_resolvers().get(first, [])]
        for first in {*yaml.SafeDumper.yaml_implicit_resolvers, *_resolvers()}
    }

    def ignore_aliases(self, data: Any) -> bool:
        """Write a value in full wherever it stands."""
        return True


def _represent_text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = None
    if ODD_BREAKS.search(value):
        style = '"'
    elif "\n" in value and not any(line != line.rstrip() for line in value.split("\n")):
        style = "|"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


Dumper.add_representer(str, _represent_text)

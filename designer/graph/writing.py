"""From a document to text: the same graph always gives the same bytes."""

import json
from typing import Any, Literal

import yaml

from designer.graph.dialect import Dumper
from designer.graph.document import Document, Node, split_version
from designer.graph.graph import topological_order
from modules.kit import Catalog

LINE_WIDTH = 100


class _Inline(dict[str, Any]):
    """A mapping that is written on one line."""


class _InlineList(list[Any]):
    """A list that is written on one line."""


Dumper.add_representer(
    _Inline,
    lambda dumper, value: dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=True),
)
Dumper.add_representer(
    _InlineList,
    lambda dumper, value: dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True),
)


def write(document: Document, target: Literal["yaml", "json"] = "yaml", *, catalog: Catalog | None = None) -> str:
    """Write a document; with a catalog, parameters that equal the module's default are left out.

    Nodes stand in topological order, ties by id; keys in the order of the contract.
    """
    values = to_json(document, catalog=catalog)
    if target == "json":
        return json.dumps(values, ensure_ascii=False, indent=2) + "\n"
    return yaml.dump(_styled(values), Dumper=Dumper, sort_keys=False, allow_unicode=True, width=LINE_WIDTH)


def to_json(document: Document, *, catalog: Catalog | None = None) -> dict[str, Any]:
    """The document as JSON values in the order in which it is written."""
    found: dict[str, Any] = {"format": document.format}
    if document.name:
        found["name"] = document.name
    if document.description:
        found["description"] = document.description
    if document.tags:
        found["tags"] = dict(sorted(document.tags.items()))
    if document.parameters:
        found["parameters"] = {
            name: _without_defaults(parameter.model_dump(), {"default": None, "description": ""})
            for name, parameter in sorted(document.parameters.items())
        }
    order = _order(document)
    found["nodes"] = {key: _node(document.nodes[key], catalog) for key in order}
    if document.layout:
        places = [key for key in order if key in document.layout]
        places += sorted(set(document.layout) - set(places))
        found["layout"] = {key: [_short(x) for x in document.layout[key]] for key in places}
    return found


def _order(document: Document) -> list[str]:
    upstream = {
        key: frozenset(
            source.partition(".")[0]
            for wires in node.inputs.values()
            for source in (wires if isinstance(wires, list) else [wires])
            if source.partition(".")[0] in document.nodes
        )
        for key, node in document.nodes.items()
    }
    placed = list(topological_order(upstream))
    return placed + sorted(set(document.nodes) - set(placed))


def _node(node: Node, catalog: Catalog | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if node.dataset is not None:
        found["dataset"] = node.dataset
    if node.module is not None:
        found["module"] = node.module
    if node.comment:
        found["comment"] = node.comment
    if node.inputs:
        found["inputs"] = dict(sorted(node.inputs.items()))
    params = _params(node, catalog)
    if params:
        found["params"] = params
    rest = {
        "disabled": node.disabled,
        "allow_reuse": node.allow_reuse,
        "compute": node.compute,
        "timeout": node.timeout,
        "retries": node.retries,
        "retry_delay": node.retry_delay,
        "memory_mb": node.memory_mb,
    }
    found |= _without_defaults(rest, {name: Node.model_fields[name].default for name in rest})
    if node.dismissed:
        found["dismissed"] = [
            _without_defaults(item.model_dump(), {"column": None, "note": ""}) for item in node.dismissed
        ]
    return found


def _params(node: Node, catalog: Catalog | None) -> dict[str, Any]:
    definition = catalog.find(*split_version(node.module)) if catalog and node.module else None
    if definition is None:
        return dict(sorted(node.params.items()))
    known = {parameter.name: parameter.default for parameter in definition.spec.parameters}
    declared = {name: node.params[name] for name in known if name in node.params}
    kept = {
        name: value for name, value in declared.items() if value != known[name] or type(value) is not type(known[name])
    }
    return kept | {name: v for name, v in sorted(node.params.items()) if name not in known}


def _without_defaults(values: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in defaults or value != defaults[name]}


def _short(number: float) -> float | int:
    return int(number) if number == int(number) else number


def _styled(values: dict[str, Any]) -> dict[str, Any]:
    """Choose what stands on one line, as the contract's example does."""
    styled = dict(values)
    for key in ("tags",):
        if key in styled:
            styled[key] = _Inline(styled[key])
    if "parameters" in styled:
        styled["parameters"] = {name: _Inline(v) for name, v in styled["parameters"].items()}
    styled["nodes"] = {name: _styled_node(node) for name, node in values["nodes"].items()}
    if "layout" in styled:
        styled["layout"] = {name: _InlineList(place) for name, place in styled["layout"].items()}
    return styled


def _styled_node(node: dict[str, Any]) -> dict[str, Any]:
    styled = dict(node)
    if "inputs" in styled:
        styled["inputs"] = _Inline(
            {k: _InlineList(v) if isinstance(v, list) else v for k, v in styled["inputs"].items()}
        )
    if "params" in styled:
        styled["params"] = {name: _inline(value) for name, value in styled["params"].items()}
    if "dismissed" in styled:
        styled["dismissed"] = [_Inline(item) for item in styled["dismissed"]]
    return styled


def _inline(value: Any) -> Any:
    if isinstance(value, dict):
        return _Inline({key: _inline(item) for key, item in value.items()})
    if isinstance(value, list):
        return _InlineList([_inline(item) for item in value])
    return value

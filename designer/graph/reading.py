"""From text to a document: strict, with every error at once and the line of each."""

import json
from collections.abc import Hashable, Iterator
from typing import Any, Literal

import yaml
from pydantic import ValidationError

from designer.errors import InvalidDocument, Problem, did_you_mean
from designer.graph.document import Document, Node, PipelineParameter

SIZE_LIMIT_BYTES = 10_000_000
DEPTH_LIMIT = 50

Lines = dict[tuple[str, ...], int]


class _Loader(yaml.SafeLoader):
    """JSON-like YAML: no aliases, no dates, no duplicate keys."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()
            raise yaml.constructor.ConstructorError(
                None, None, "aliases (*name) are not part of a pipeline document", event.start_mark
            )
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(
    source: str | bytes | dict[str, Any],
    *,
    source_format: Literal["yaml", "json"] | None = None,
) -> Document:
    """Read a document from YAML or JSON text, or from JSON values.

    JSON is tried first where no format is given and the text begins with a brace. Raises
    InvalidDocument with every problem that the shape has; what names modules, ports and columns
    is checked by :mod:`designer.graph.checks`.
    """
    if isinstance(source, dict):
        return _validated(source, {})
    text = _text_of(source)
    if source_format == "json" or (source_format is None and text.lstrip()[:1] == "{"):
        try:
            return _validated(json.loads(text, object_pairs_hook=_unique), {})
        except RecursionError:
            raise _unreadable("the text is nested too deeply") from None
        except ValueError as error:
            if source_format == "json":
                line = error.lineno if isinstance(error, json.JSONDecodeError) else None
                raise _unreadable(f"the text is not JSON: {error}", line) from None
    values, lines = _load_yaml(text)
    return _validated(values, lines)


def _text_of(source: str | bytes) -> str:
    if len(source) > SIZE_LIMIT_BYTES:
        raise _unreadable(f"the text has {len(source)} bytes; at most {SIZE_LIMIT_BYTES} are read")
    if isinstance(source, str):
        return source
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(f"the text is not UTF-8 (byte {error.start})") from None


def _unreadable(message: str, line: int | None = None) -> InvalidDocument:
    place = f" (line {line})" if line else ""
    return InvalidDocument([Problem(code="unreadable", message=f"Document: {message}{place}", line=line)])


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key '{twice}' stands twice in one block")
    return found


def _load_yaml(text: str) -> tuple[Any, Lines]:
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        lines: Lines = {}
        return (None if node is None else _values(node, loader, (), lines)), lines
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise _unreadable(f"the text is not YAML: {error.problem or error.context}", line) from None
    except yaml.YAMLError as error:
        raise _unreadable(f"the text is not YAML: {str(error).splitlines()[0]}") from None
    except RecursionError:
        raise _unreadable("the text is nested too deeply") from None
    except (ValueError, OverflowError) as error:
        raise _unreadable(f"the text has a value that cannot be read: {error}") from None


def _values(node: yaml.Node, loader: _Loader, path: tuple[str, ...], lines: Lines) -> Any:
    """Plain values of a composed node; notes the line at which each key stands."""
    if len(path) > DEPTH_LIMIT:
        raise RecursionError
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        found: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            key = _values(key_node, loader, (*path, "?"), {})
            if isinstance(key, bool | int | float) or key is None:
                key = key_node.value
            if not isinstance(key, str):
                raise yaml.constructor.ConstructorError(None, None, "a key must be text", key_node.start_mark)
            if key in found:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key '{key}' stands twice in one block", key_node.start_mark
                )
            lines[(*path, key)] = key_node.start_mark.line + 1
            found[key] = _values(value_node, loader, (*path, key), lines)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_values(item, loader, (*path, str(index)), lines) for index, item in enumerate(node.value)]
    return loader.construct_object(node)


def _validated(values: Any, lines: Lines) -> Document:
    if not isinstance(values, dict):
        raise _unreadable(f"expected a mapping with 'nodes', found {type(values).__name__}")
    if values.get("format") is None:
        raise InvalidDocument(
            [
                Problem(
                    code="missing_key",
                    key="format",
                    line=1,
                    message="Document: 'format' is missing; expected 'designer/pipeline@1'",
                )
            ]
        )
    try:
        return Document.model_validate(values)
    except ValidationError as error:
        raise InvalidDocument(_problems(error, lines)) from None
    except RecursionError:
        raise _unreadable("the values are nested too deeply") from None


KNOWN_KEYS: dict[str, frozenset[str]] = {
    "document": frozenset(Document.model_fields),
    "node": frozenset(Node.model_fields),
    "parameter": frozenset(PipelineParameter.model_fields),
}


def _problems(error: ValidationError, lines: Lines) -> Iterator[Problem]:
    seen: set[tuple[str, ...]] = set()
    for item in error.errors(include_url=False):
        path = tuple(str(part) for part in item["loc"])
        path = path[: _depth(path)]
        if path in seen:  # each member of a union reports on its own
            continue
        seen.add(path)
        node = path[1] if len(path) > 1 and path[0] == "nodes" else None
        key = ".".join(path[2:] if node else path) or None
        yield Problem(
            code="unknown_key" if item["type"] == "extra_forbidden" else "wrong_value",
            message=_sentence(item, path, node, key),
            node=node,
            key=key,
            found=_capped(item.get("input")),
            expected=item["msg"],
            line=_line_of(path, lines),
        )


def _depth(path: tuple[str, ...]) -> int:
    """How much of a path the author wrote; below values pydantic names union members."""
    if path[:1] == ("nodes",):
        return 4 if len(path) > 3 and path[2] in ("inputs", "params") else 3
    return 3


def _sentence(item: Any, path: tuple[str, ...], node: str | None, key: str | None) -> str:
    place = f"Node '{node}'" if node else "Document"
    if item["type"] == "extra_forbidden":
        level = "node" if node else "parameter" if path[0] == "parameters" else "document"
        return f"{place}: key '{path[-1]}' is unknown{did_you_mean(path[-1], KNOWN_KEYS[level])}"
    if path[-1:] == ("[key]",) or item["type"] == "string_pattern_mismatch":
        return (
            f"{place}: a node id has letters, digits, '_' and '-', starts with a letter and "
            f"has at most 64 characters; found {_capped(item['input'])!r}"
        )
    what = f" '{key}'" if key else ""
    said = item["msg"].removeprefix("Value error, ")
    return f"{place}:{what} {said[:1].lower() + said[1:]}; found {_capped(item['input'])!r}"


def _capped(value: Any) -> Any:
    if isinstance(value, str | int | float | bool) or value is None:
        return value[:80] if isinstance(value, str) else value
    return type(value).__name__


def _line_of(path: tuple[str, ...], lines: Lines) -> int | None:
    while path not in lines and path:
        path = path[:-1]
    return lines.get(path)

"""From text to a document: strict, with every error at once and the line of each."""

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, cast

import yaml
from pydantic import JsonValue, ValidationError
from pydantic_core import ErrorDetails

from designer.errors import InvalidDocument, Problem, did_you_mean
from designer.graph.dialect import Loader
from designer.graph.document import FORMAT, Dismissal, Document, Node, PipelineParameter

SIZE_LIMIT_BYTES = 10_000_000
DEPTH_LIMIT = 50
SHOWN_CHARACTERS = 80
REPAIRS = 4
"""Leaving out a wrong part may leave its owner incomplete, which is then left out too: part, node, nodes, document."""

Path = tuple[str, ...]
SourceFormat = Literal["yaml", "json"]


@dataclass
class Source:
    """A text as values: where each key stands, and what was wrong in reading it."""

    values: Any
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line_of(self, path: Path) -> int | None:
        """The line of a key, or of the nearest key around it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path)


@dataclass(frozen=True)
class Reading:
    """A document as far as it could be read, and the problems of the parts that were left out."""

    document: Document | None
    problems: list[Problem]
    source: Source


def read(source: str | bytes | dict[str, Any], *, source_format: SourceFormat | None = None) -> Document:
    """Read a document from YAML or JSON text, or from JSON values.

    JSON is tried first where no format is given and the text begins with a brace. Raises InvalidDocument with every
    problem that the shape has; what names modules, ports and columns is checked by `designer.graph.checks`.
    """
    reading = read_leniently(source, source_format=source_format)
    if reading.problems or reading.document is None:
        raise InvalidDocument(reading.problems)
    return reading.document


def read_leniently(source: str | bytes | dict[str, Any], *, source_format: SourceFormat | None = None) -> Reading:
    """Read what can be read and list the problems of the rest; never raises for what a user wrote."""
    try:
        parsed = Source(source) if isinstance(source, dict) else _parse(source, source_format)
        return _validated(parsed)
    except InvalidDocument as error:
        return Reading(None, error.problems, Source(None))


def with_lines(problems: Iterable[Problem], source: Source) -> list[Problem]:
    """Say in which line of the text each problem stands."""
    return [
        problem if problem.line is not None else problem.model_copy(update={"line": source.line_of(_path_of(problem))})
        for problem in problems
    ]


def _path_of(problem: Problem) -> Path:
    place = ("nodes", problem.node) if problem.node is not None else ()
    first, dot, rest = (problem.key or "").partition(".")
    return (*place, *((first,) if first else ()), *((rest,) if dot else ()))


def _unreadable(message: str, line: int | None = None) -> InvalidDocument:
    place = f" (line {line})" if line else ""
    return InvalidDocument([Problem(code="unreadable", message=f"Document: {message}{place}", line=line)])


def _text_of(source: str | bytes) -> str:
    if len(source) > SIZE_LIMIT_BYTES:
        raise _unreadable(f"the text has {len(source)} bytes; at most {SIZE_LIMIT_BYTES} are read")
    if isinstance(source, str):
        return source
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(f"the text is not UTF-8 (byte {error.start})") from None


def _parse(source: str | bytes, source_format: SourceFormat | None) -> Source:
    text = _text_of(source)
    if source_format == "json" or (source_format is None and text.lstrip()[:1] == "{"):
        try:
            return _parse_json(text)
        except RecursionError:
            raise _unreadable("the text is nested too deeply") from None
        except ValueError as error:
            if source_format == "json":
                line = error.lineno if isinstance(error, json.JSONDecodeError) else None
                raise _unreadable(f"the text is not JSON: {error}", line) from None
    return _parse_yaml(text)


def _parse_json(text: str) -> Source:
    values = json.loads(text)
    try:
        # JSON is YAML, except that only JSON may be indented with tabs; a tab inside a JSON text is written "\t".
        located = _parse_yaml(text.replace("\t", " "))
    except InvalidDocument:
        return Source(values)
    return Source(values, located.lines, located.problems)


def _parse_yaml(text: str) -> Source:
    found = Source(None)
    try:
        loader = Loader(text)
        node = loader.get_single_node()
        found.values = None if node is None else _values(node, loader, (), found)
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
    return found


def _values(node: yaml.Node, loader: Loader, path: Path, found: Source) -> Any:
    """Plain values of a composed node; notes the line at which each key stands."""
    if len(path) > DEPTH_LIMIT:
        raise RecursionError
    found.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, loader, path, found)
    if isinstance(node, yaml.SequenceNode):
        return [_values(item, loader, (*path, str(index)), found) for index, item in enumerate(node.value)]
    return loader.construct_object(node)


def _mapping(node: yaml.MappingNode, loader: Loader, path: Path, found: Source) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "a key must be text", key_node.start_mark)
        key = key_node.value
        if key in values:
            found.problems.append(_duplicate(key, path, line))
            continue
        found.lines[(*path, key)] = line
        values[key] = _values(value_node, loader, (*path, key), found)
    return values


def _duplicate(key: str, path: Path, line: int) -> Problem:
    node, inner = _owner(path)
    place = f"Node '{node}'" if node else "Document"
    return Problem(
        code="duplicate_key",
        message=f"{place}: the key '{_capped(key)}' stands twice in one block (line {line})",
        node=node,
        key=".".join((*inner, key)),
        found=_capped(key),
        line=line,
        values={"key": _capped(key), "line": line},
    )


def _strangers(source: Source) -> Iterator[tuple[Path, Problem]]:
    """Find values that JSON cannot carry, so that no later writer meets them: infinities and halves of characters."""
    waiting: list[tuple[Path, Any]] = [((), source.values)]
    while waiting:
        path, value = waiting.pop()
        if len(path) > DEPTH_LIMIT:
            raise _unreadable("the values are nested too deeply", source.line_of(path))
        said = _strange(value)
        if said:
            node, inner = _owner(path)
            place = f"Node '{node}'" if node else "Document"
            key = ".".join(inner) or None
            what = f" '{key}'" if key else ""
            message = f"{place}:{what} {said}"
            yield path, Problem(code="wrong_value", message=message, node=node, key=key, line=source.line_of(path))
        if isinstance(value, dict):
            waiting.extend(((*path, _clean(str(key))), item) for key, item in value.items())
        elif isinstance(value, list):
            waiting.extend(((*path, str(index)), item) for index, item in enumerate(value))


def _strange(value: Any) -> str | None:
    if isinstance(value, float) and not math.isfinite(value):
        return f"takes finite numbers; found {value}"
    texts = value if isinstance(value, dict) else (value,) if isinstance(value, str) else ()
    if any(isinstance(text, str) and _clean(text) != text for text in texts):
        return "holds a text with half of a character pair (a lone surrogate)"
    return None


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _owner(path: Path) -> tuple[str | None, Path]:
    """The node that a path belongs to, and the path inside it."""
    return (path[1], path[2:]) if len(path) > 1 and path[0] == "nodes" else (None, path)


def _validated(source: Source) -> Reading:
    values = source.values
    if not isinstance(values, dict):
        raise _unreadable(f"expected a mapping with 'nodes', found {type(values).__name__}")
    problems = list(source.problems)
    if values.get("format") is None:
        message = f"Document: 'format' is missing; expected '{FORMAT}'"
        told: dict[str, JsonValue] = {"key": "format", "expected": FORMAT}
        problems.append(
            Problem(code="missing_key", key="format", line=source.line_of(()), message=message, values=told)
        )
        values = {**values, "format": FORMAT}
    strangers = list(_strangers(source))
    problems.extend(problem for _, problem in strangers)
    left_out = {_written(path) for path, _ in strangers}
    said: set[Path] = set()
    for _ in range(REPAIRS):
        said |= {path[:length] for path in left_out for length in range(len(path))}
        values = _without(values, left_out, said)
        try:
            return Reading(Document.model_validate(values), problems, source)
        except ValidationError as error:
            wrong = {_written(item["loc"]): item for item in reversed(error.errors(include_url=False))}
        # An owner is wrong only because a part of it has been left out; the part has been said.
        problems.extend(_problem(item, path, source) for path, item in reversed(wrong.items()) if path not in said)
        left_out = {path if path[-1:] != ("[key]",) else path[:-1] for path in wrong}
    return Reading(None, problems, source)


def _without(values: Any, paths: set[Path], owners: set[Path], here: Path = ()) -> Any:
    """A copy without the parts at some paths."""
    if not isinstance(values, dict) or here not in owners:
        return values
    return {
        key: _without(item, paths, owners, (*here, str(key)))
        for key, item in values.items()
        if (*here, str(key)) not in paths
    }


KNOWN_KEYS: dict[str, frozenset[str]] = {
    "document": frozenset(Document.model_fields),
    "node": frozenset(Node.model_fields),
    "parameter": frozenset(PipelineParameter.model_fields),
}


def _written(location: tuple[int | str, ...]) -> Path:
    """How much of a path the author wrote; below values, pydantic names the members of unions."""
    path = tuple(str(part) for part in location)
    if path[:1] == ("nodes",):
        return path[: 4 if len(path) > 3 and path[2] in ("inputs", "params") else 3]
    return path[: 2 if path[:1] == ("layout",) else 3]


def _problem(item: ErrorDetails, path: Path, source: Source) -> Problem:
    node, inner = _owner(path)
    key = ".".join(inner) or None
    is_unknown = item["type"] == "extra_forbidden"
    return Problem(
        code="unknown_key" if is_unknown else "wrong_value",
        message=_sentence(item, path, node, key),
        node=node,
        key=key,
        found=_capped(item.get("input")),
        expected=item["msg"],
        line=source.line_of(path),
        values={"key": _capped(str(item["loc"][-1]))} if is_unknown else {},
    )


def _sentence(item: ErrorDetails, path: Path, node: str | None, key: str | None) -> str:
    place = f"Node '{_capped(node)}'" if node else "Document"
    inside = ".".join(str(part) for part in item["loc"][3:]) if path[2:] == ("dismissed",) else ""
    if item["type"] == "extra_forbidden" and inside:
        known = Dismissal.model_fields
        return f"{place}: key '{_capped(f'{key}.{inside}')}' is unknown{did_you_mean(str(item['loc'][-1]), known)}"
    if item["type"] == "extra_forbidden":
        level = "node" if node else "parameter" if path[0] == "parameters" else "document"
        return f"{place}: key '{_capped(path[-1])}' is unknown{did_you_mean(path[-1], KNOWN_KEYS[level])}"
    if path[-1:] == ("[key]",) or item["type"] == "string_pattern_mismatch":
        return (
            f"{place}: a node id has letters, digits, '_' and '-', starts with a letter and "
            f"has at most 64 characters; found {_capped(item['input'])!r}"
        )
    what = f" '{_capped(f'{key}.{inside}' if inside else key)}'" if key else ""
    said = item["msg"].removeprefix("Value error, ")
    return f"{place}:{what} {said[:1].lower() + said[1:]}; found {_capped(item['input'])!r}"


def _capped(value: Any) -> JsonValue:
    if isinstance(value, str):
        return _clean(value[:SHOWN_CHARACTERS])
    if isinstance(value, int | float | bool) or value is None:
        return cast("JsonValue", value)
    return type(value).__name__

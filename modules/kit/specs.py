"""What is derived from a module's signature: ports, parameters, titles and help."""

import inspect
import types
import typing
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import polars as pl

from modules.kit.context import Context
from modules.kit.params import KindMark, Param, Port
from modules.kit.tables import PORT_TYPES, Table

SMALL_WORDS = frozenset({"in", "of", "and", "to", "the", "for"})
ABBREVIATIONS = {"sql": "SQL", "url": "URL", "k": "K", "id": "ID", "l2": "L2", "l1": "L1"}


@dataclass(frozen=True)
class InputPort:
    name: str
    title: str
    type: str
    help: str
    required: bool
    multiple: bool
    form: Literal["table", "lazy", "eager", "value"]


@dataclass(frozen=True)
class OutputPort:
    name: str
    title: str
    type: str
    help: str


@dataclass(frozen=True)
class Parameter:
    name: str
    title: str
    kind: str
    help: str
    default: Any
    required: bool
    nullable: bool
    minimum: float | None
    exclusive_minimum: float | None
    maximum: float | None
    exclusive_maximum: float | None
    choices: tuple[dict[str, str], ...] | None
    when: dict[str, list[Any]] | None
    port: str | None
    language: str | None


@dataclass(frozen=True)
class ModuleSpec:
    """Everything that the page, the checks and the API know of a module."""

    id: str
    version: int
    title: str
    category: str
    category_id: str
    summary: str
    description: str
    deterministic: bool
    entry: str
    inputs: tuple[InputPort, ...]
    outputs: tuple[OutputPort, ...]
    parameters: tuple[Parameter, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, as the API gives them."""
        return asdict(self)

    def input(self, name: str) -> InputPort | None:
        return next((port for port in self.inputs if port.name == name), None)

    def output(self, name: str) -> OutputPort | None:
        return next((port for port in self.outputs if port.name == name), None)

    def parameter(self, name: str) -> Parameter | None:
        return next((item for item in self.parameters if item.name == name), None)


def sentence_of(name: str) -> str:
    """``cleaning_mode`` → ``Cleaning mode``."""
    words = [ABBREVIATIONS.get(word, word) for word in name.split("_")]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


def title_of(name: str) -> str:
    """``split_data`` → ``Split Data``; ``two_class_x`` → ``Two-Class X``."""
    words = [
        ABBREVIATIONS.get(word, word if word in SMALL_WORDS else word.capitalize())
        for word in name.split("_")
    ]
    title = " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])
    return title.replace("Two Class", "Two-Class").replace("K Means", "K-Means")


def _unwrap(annotation: Any) -> tuple[Any, list[Any], bool]:
    """The bare type, all its metadata (inner first), and whether None is allowed."""
    metadata: list[Any] = []
    nullable = False
    while True:
        if get_origin(annotation) is Annotated:
            inner, *own = get_args(annotation)
            metadata = [*own, *metadata]
            annotation = inner
        elif get_origin(annotation) in (Union, types.UnionType):
            rest = [item for item in get_args(annotation) if item is not type(None)]
            if len(rest) == len(get_args(annotation)) or len(rest) != 1:
                return annotation, metadata, nullable
            nullable, annotation = True, rest[0]
        else:
            return annotation, metadata, nullable


def _port_type(bare: Any) -> tuple[str, Literal["table", "lazy", "eager", "value"]]:
    if bare is pl.LazyFrame:
        return "Table", "lazy"
    if bare is pl.DataFrame:
        return "Table", "eager"
    if bare is Table:
        return "Table", "table"
    if isinstance(bare, type) and bare.__name__ in PORT_TYPES:
        return bare.__name__, "value"
    raise TypeError(f"{bare!r} is not the type of a port; expected one of {sorted(PORT_TYPES)}")


def _input(parameter: inspect.Parameter, annotation: Any) -> InputPort:
    bare, metadata, nullable = _unwrap(annotation)
    multiple = get_origin(bare) is list
    if multiple:
        bare, inner, _ = _unwrap(get_args(bare)[0])
        metadata = [*inner, *metadata]
    port = next((item for item in metadata if isinstance(item, Port)), Port())
    type_name, form = _port_type(bare)
    name = parameter.name
    return InputPort(
        name, port.title or sentence_of(name), type_name, port.help, not nullable, multiple, form
    )


def _outputs(annotation: Any) -> tuple[OutputPort, ...]:
    bare, metadata, _ = _unwrap(annotation)
    if isinstance(bare, type) and issubclass(bare, tuple) and hasattr(bare, "_fields"):
        hints = typing.get_type_hints(bare, include_extras=True)
        return tuple(_output(name, hints[name]) for name in bare._fields)
    port = next((item for item in metadata if isinstance(item, Port)), Port())
    return (_output(port.name or "output", annotation),)


def _output(name: str, annotation: Any) -> OutputPort:
    bare, metadata, _ = _unwrap(annotation)
    port = next((item for item in metadata if isinstance(item, Port)), Port())
    return OutputPort(name, port.title or sentence_of(name), _port_type(bare)[0], port.help)


def _kind(bare: Any, metadata: list[Any]) -> str:
    for item in reversed(metadata):
        if isinstance(item, KindMark):
            return item.kind
    if get_origin(bare) is Literal:
        return "choice"
    kinds = {bool: "boolean", int: "integer", float: "number", str: "text"}
    if bare not in kinds:
        raise TypeError(f"{bare!r} is not the type of a parameter")
    return kinds[bare]


def _merged(metadata: list[Any]) -> Param:
    """Later annotations win field by field, so that ``Seed`` keeps its own bounds."""
    marks = [item for item in metadata if isinstance(item, Param)]
    if not marks:
        raise TypeError("A parameter needs Annotated[..., Param(help)]")
    empty = Param("")
    values = {
        field.name: next(
            (
                getattr(mark, field.name)
                for mark in reversed(marks)
                if getattr(mark, field.name) != getattr(empty, field.name)
            ),
            getattr(empty, field.name),
        )
        for field in fields(Param)
    }
    return Param(**values)


def _parameter(item: inspect.Parameter, annotation: Any, first_table: str | None) -> Parameter:
    bare, metadata, nullable = _unwrap(annotation)
    kind, param = _kind(bare, metadata), _merged(metadata)
    has_default = item.default is not inspect.Parameter.empty
    default = item.default if has_default else param.initial
    choices = (
        tuple(
            {"value": str(value), "title": param.choice_titles.get(value) or sentence_of(value)}
            for value in get_args(bare)
        )
        if kind == "choice"
        else None
    )
    when = {
        name: list(values) if isinstance(values, tuple | list) else [values]
        for name, values in param.when.items()
    } or None
    port = (param.port or first_table) if kind in ("column", "columns") else None
    return Parameter(
        item.name,
        param.title or sentence_of(item.name),
        kind,
        param.help,
        default,
        not has_default and param.initial is None,
        nullable,
        param.ge,
        param.gt,
        param.le,
        param.lt,
        choices,
        when,
        port,
        param.language,
    )


def spec_of(
    function: Callable[..., Any], *, version: int, deterministic: bool, title: str | None
) -> ModuleSpec:
    """Read the specification of a module from its signature and docstring.

    Raises TypeError where an annotation is none that a module may have.
    """
    hints = typing.get_type_hints(function, include_extras=True)
    items = [
        item
        for item in inspect.signature(function).parameters.values()
        if hints.get(item.name) is not Context
    ]
    inputs = tuple(
        _input(item, hints[item.name])
        for item in items
        if item.kind is not inspect.Parameter.KEYWORD_ONLY
    )
    first_table = next((port.name for port in inputs if port.type == "Table"), None)
    parameters = tuple(
        _parameter(item, hints[item.name], first_table)
        for item in items
        if item.kind is inspect.Parameter.KEYWORD_ONLY
    )
    description = inspect.cleandoc(function.__doc__ or "")
    folders = function.__module__.split(".")[:-1]
    category = folders[-1] if folders else "custom"
    name = function.__name__.removesuffix(f"_v{version}")
    return ModuleSpec(
        name,
        version,
        title or title_of(name),
        title_of(category),
        category,
        description.split("\n", 1)[0],
        description,
        deterministic,
        f"{function.__module__}:{function.__name__}",
        inputs,
        _outputs(hints["return"]),
        parameters,
    )

"""Read the declaration of a module off its function."""

import inspect
import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Literal, TypeVar, Union

import polars as pl

from modules.kit.context import Context
from modules.kit.names import heading_of, title_of
from modules.kit.params import LARGEST_SEED, Foreseen, Kind, Param, ParameterKind
from modules.kit.ports import Port, PortType, Table, json_of
from modules.kit.spec import (
    Choice,
    Condition,
    Division,
    InputPort,
    Learning,
    ModuleSpec,
    OutputPort,
    Parameter,
    TableForm,
)
from modules.kit.traits import Learns, Splits

Found = TypeVar("Found")
VERSION_SUFFIX = re.compile(r"_v\d+$")
KIND_BY_TYPE: dict[object, ParameterKind] = {bool: "boolean", int: "integer", float: "number", str: "text"}


class DeclarationError(TypeError):
    """A function cannot be read as a module; the message names it and says what is missing."""


def spec_of(
    function: Callable[..., Any],
    *,
    version: int,
    title: str | None,
    deterministic: bool,
    reads_outside: bool | Mapping[str, object] = False,
    learns: Learns | bool | None = None,
    splits: Splits | None = None,
) -> ModuleSpec:
    """Derive the declaration of a module; raises DeclarationError."""
    hints = typing.get_type_hints(function, include_extras=True)
    signature = inspect.signature(function)
    for name in signature.parameters:
        if name not in hints:
            raise DeclarationError(f"{function.__qualname__}: {name} has no type")
    flowing = [p for p in signature.parameters.values() if p.kind is not inspect.Parameter.KEYWORD_ONLY]
    settable = [p for p in signature.parameters.values() if p.kind is inspect.Parameter.KEYWORD_ONLY]
    inputs = tuple(_input_of(p, hints[p.name], function) for p in flowing)
    outputs = tuple(_outputs_of(hints.get("return"), function))
    parameters = tuple(
        _parameter_of(p, hints[p.name], function, inputs)
        for p in settable
        if not is_context(hints[p.name]) and _last(_unwrap(hints[p.name])[1], Foreseen) is None
    )
    module_id = VERSION_SUFFIX.sub("", function.__name__)
    category_id = category_of(function)
    summary, description = _documentation(function)
    return ModuleSpec(
        id=module_id,
        version=version,
        title=title or heading_of(module_id),
        category=heading_of(category_id),
        category_id=category_id,
        summary=summary,
        description=description,
        deterministic=deterministic,
        reads_outside=None if reads_outside is False else _condition_of({} if reads_outside is True else reads_outside),
        learns=_learning_of(learns, inputs, outputs),
        splits=None if splits is None else Division(at_random=splits.at_random and _condition_of(splits.at_random)),
        inputs=inputs,
        outputs=outputs,
        parameters=parameters,
    )


def is_context(hint: object) -> bool:
    """Tell whether a parameter is the injected context."""
    return any(isinstance(part, type) and issubclass(part, Context) for part in _alternatives(_unwrap(hint)[0]))


def category_of(function: Callable[..., Any]) -> str:
    """Name the folder that holds the module."""
    parts = function.__module__.split(".")
    return parts[-2] if len(parts) > 1 else parts[0]


def _documentation(function: Callable[..., Any]) -> tuple[str, str]:
    text = inspect.getdoc(function)
    if not text:
        raise DeclarationError(f"{function.__qualname__}: the docstring is missing")
    summary, _, description = text.partition("\n")
    return summary.strip(), description.strip()


def _unwrap(hint: object) -> tuple[object, list[object]]:
    """Separate a type from what `Annotated` says about it."""
    if typing.get_origin(hint) is Annotated:
        inner, *metadata = typing.get_args(hint)
        deeper, more = _unwrap(inner)
        return deeper, [*more, *metadata]
    return hint, []


def _alternatives(hint: object) -> list[object]:
    if typing.get_origin(hint) in (Union, types.UnionType):
        return list(typing.get_args(hint))
    return [hint]


def _split_none(hint: object) -> tuple[list[object], list[object], bool]:
    """Give the alternatives of a type without None, all metadata, and whether None was among them."""
    bare, metadata = _unwrap(hint)
    kept: list[object] = []
    nullable = False
    for part in _alternatives(bare):
        inner, more = _unwrap(part)
        if inner is type(None):
            nullable = True
            continue
        kept.append(inner)
        metadata = [*more, *metadata]
    return kept, metadata, nullable


def _input_of(parameter: inspect.Parameter, hint: object, function: Callable[..., Any]) -> InputPort:
    alternatives, metadata, nullable = _split_none(hint)
    multiple = len(alternatives) == 1 and typing.get_origin(alternatives[0]) is list
    if multiple:
        alternatives, more, _ = _split_none(typing.get_args(alternatives[0])[0])
        metadata = [*more, *metadata]
    port = _last(metadata, Port) or Port()
    type_name, form = _port_type(alternatives, f"{function.__qualname__}: input {parameter.name}")
    return InputPort(
        name=parameter.name,
        title=port.title or title_of(parameter.name),
        type=type_name,
        help=port.help or _type_help(alternatives),
        required=parameter.default is inspect.Parameter.empty and not nullable,
        multiple=multiple,
        form=form,
    )


def _port_type(alternatives: list[object], place: str) -> tuple[str, TableForm]:
    forms: dict[object, TableForm] = {pl.LazyFrame: "lazy", pl.DataFrame: "eager", Table: "table"}
    names = []
    for alternative in alternatives:
        if alternative in forms:
            names.append("Table")
        elif isinstance(alternative, type) and issubclass(alternative, PortType):
            names.append(alternative.__name__)
        else:
            raise DeclarationError(f"{place} has the type {alternative}, which no wire carries")
    form = forms.get(alternatives[0], "value") if len(alternatives) == 1 else "value"
    return "|".join(dict.fromkeys(names)), form


def _outputs_of(hint: object, function: Callable[..., Any]) -> Iterator[OutputPort]:
    bare, metadata = _unwrap(hint)
    if isinstance(bare, type) and issubclass(bare, tuple) and hasattr(bare, "_fields"):
        together = inspect.getdoc(bare) or ""
        for name, field_hint in typing.get_type_hints(bare, include_extras=True).items():
            field_type, field_metadata = _unwrap(field_hint)
            yield _output_of(name, field_type, _last(field_metadata, Port) or Port(help=together), function)
        return
    port = _last(metadata, Port)
    if port is None or port.name is None:
        raise DeclarationError(
            f'{function.__qualname__}: the output has no name; write -> Annotated[..., Port("name", help="...")]'
        )
    yield _output_of(port.name, bare, port, function)


def _output_of(name: str, hint: object, port: Port, function: Callable[..., Any]) -> OutputPort:
    type_name, form = _port_type([hint], f"{function.__qualname__}: output {name}")
    help_text = port.help or _type_help([hint])
    return OutputPort(name=name, title=port.title or title_of(name), type=type_name, help=help_text, form=form)


def _type_help(alternatives: list[object]) -> str:
    """What a type says of itself: the help of a port that says nothing."""
    known = [item for item in alternatives if isinstance(item, type) and issubclass(item, PortType)]
    return (inspect.getdoc(known[0]) or "").partition("\n")[0] if known else ""


def _parameter_of(
    parameter: inspect.Parameter,
    hint: object,
    function: Callable[..., Any],
    inputs: tuple[InputPort, ...],
) -> Parameter:
    place = f"{function.__qualname__}: parameter {parameter.name}"
    alternatives, metadata, nullable = _split_none(hint)
    param = _last(metadata, Param)
    if param is None:
        raise DeclarationError(f"{place} has no Param(...)")
    kind, choices = _kind_of(alternatives, _last(metadata, Kind), param, place)
    has_default = parameter.default is not inspect.Parameter.empty
    default = param.initial if param.initial is not None or not has_default else json_of(parameter.default)
    is_selection = kind in ("column", "columns")
    return Parameter(
        name=parameter.name,
        title=param.title or title_of(parameter.name),
        kind=kind,
        help=param.help,
        default=default,
        required=not has_default and param.initial is None and not nullable and not param.optional,
        nullable=nullable or param.optional or (has_default and parameter.default is None),
        optional=param.optional or nullable,
        minimum=param.ge if param.ge is not None or kind != "seed" else 0,
        exclusive_minimum=param.gt,
        maximum=param.le if param.le is not None or kind != "seed" else LARGEST_SEED,
        exclusive_maximum=param.lt,
        choices=choices,
        when=_when_of(param),
        port=(param.port or _first_table(inputs)) if is_selection else param.port,
        language=(param.language or "text") if kind == "script" else param.language,
        unique=param.unique,
    )


def _kind_of(
    alternatives: list[object], kind: Kind | None, param: Param, place: str
) -> tuple[ParameterKind, tuple[Choice, ...] | None]:
    if kind is not None:
        return kind.name, None
    if alternatives and all(typing.get_origin(alternative) is Literal for alternative in alternatives):
        values = [value for alternative in alternatives for value in typing.get_args(alternative)]
        titles = param.titles or {}
        return "choice", tuple(
            Choice(value=value, title=titles.get(str(value)) or title_of(str(value))) for value in values
        )
    if set(alternatives) == {int, float}:
        return "number", None
    if len(alternatives) == 1 and alternatives[0] in KIND_BY_TYPE:
        return KIND_BY_TYPE[alternatives[0]], None
    raise DeclarationError(f"{place} has a type that no form can edit: {alternatives}")


def _learning_of(
    learns: Learns | bool | None, inputs: tuple[InputPort, ...], outputs: tuple[OutputPort, ...]
) -> Learning | None:
    if learns is None:
        learns = _first_table(inputs) is not None and any(port.type == "Transform" for port in outputs)
    if isinstance(learns, bool):
        return Learning(what="values") if learns else None
    when = () if learns.when is None else learns.when if isinstance(learns.when, tuple) else (learns.when,)
    return Learning(what=learns.what, when=[_condition_of(condition) for condition in when])


def _when_of(param: Param) -> Condition | list[Condition] | None:
    if not param.when:
        return None
    if isinstance(param.when, tuple):
        return [_condition_of(condition) for condition in param.when]
    return _condition_of(param.when)


def _condition_of(condition: Mapping[str, object]) -> Condition:
    return {
        name: [json_of(value) for value in (values if isinstance(values, (tuple, list, set, frozenset)) else (values,))]
        for name, values in condition.items()
    }


def _first_table(inputs: tuple[InputPort, ...]) -> str | None:
    return next((port.name for port in inputs if "Table" in port.type.split("|")), None)


def _last(items: list[object], kind: type[Found]) -> Found | None:
    found = [item for item in items if isinstance(item, kind)]
    return found[-1] if found else None

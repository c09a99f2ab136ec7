"""The columns of every table port, and the target of every model port, before anything runs."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from designer.errors import Problem
from designer.graph.checks import complete_values
from designer.graph.graph import DATASET_PORT, Graph, GraphNode
from designer.graph.lineage import lineages
from designer.graph.values import problem_with
from modules.kit import Context, Definition, ModelSchema, ModuleError, Parameter, Table, TableSchema
from modules.kit.selection import resolve, resolve_one

PortSchema = TableSchema | ModelSchema | None
Schemas = dict[str, dict[str, PortSchema]]

COLUMN_CODES = frozenset({"0001", "0011", "0022", "0059", "0060"})


@dataclass(frozen=True)
class Seen:
    """What a run has given of a node with some lineage: its number, and the schema of each output by port."""

    run: int
    schemas: Mapping[str, PortSchema]


Memory = Callable[[str], Seen | None]
"""What the newest run that has given something of a lineage has given."""


def no_memory(_: str) -> None:
    """Before any run."""


@dataclass(frozen=True)
class Inference:
    """What is known of each output, by node and port, and what is wrong with selected columns.

    `seen_in` has the number of the run by which an output is known that no declaration tells, itself or through what
    stands above it. Another run may find other columns, so that problems with those are warnings.
    """

    schemas: Schemas
    problems: list[Problem]
    seen_in: dict[tuple[str, str], int]


def infer(graph: Graph, memory: Memory = no_memory) -> Inference:
    """Ask each module in order, and the memory of runs where that tells nothing; what is not known is None."""
    schemas: Schemas = {}
    problems: list[Problem] = []
    seen_in: dict[tuple[str, str], int] = {}
    lineage = lineages(graph)
    for key in graph.order:
        item = graph.nodes[key]
        if item.dataset is not None:
            schemas[key] = {DATASET_PORT: item.dataset.schema}
            continue
        schemas[key] = dict.fromkeys(item.outputs)
        if item.definition is None:
            continue
        inputs = _input_schemas(item, schemas)
        runs = [seen_in.get((s.node, s.port or ""), 0) for sources in item.inputs.values() for s in sources]
        above = max(runs, default=0)
        arguments, found = _arguments(graph, item, inputs)
        if not found and arguments is not None:
            outputs, found = _outputs(item, item.definition, inputs, arguments)
            schemas[key].update(outputs)
        problems.extend(problem.model_copy(update={"severity": "warning"}) if above else problem for problem in found)
        unknown = [port for port, schema in schemas[key].items() if schema is None]
        if above:
            seen_in.update({(key, port): above for port in schemas[key] if port not in unknown})
        seen = memory(lineage[key]) if unknown else None
        for port in unknown if seen else ():
            assert seen is not None
            schemas[key][port] = seen.schemas.get(port)
            if schemas[key][port] is not None:
                seen_in[key, port] = seen.run
    return Inference(schemas, problems, seen_in)


def _input_schemas(item: GraphNode, schemas: Schemas) -> dict[str, list[PortSchema]]:
    return {
        name: [schemas.get(s.node, {}).get(s.port) if s.port else None for s in sources]
        for name, sources in item.inputs.items()
    }


def _arguments(
    graph: Graph, item: GraphNode, inputs: Mapping[str, list[PortSchema]]
) -> tuple[dict[str, Any] | None, list[Problem]]:
    """Parameter values with column selections as names; None where a value is not usable."""
    assert item.definition is not None
    values = complete_values(graph, item)
    problems: list[Problem] = []
    for parameter in item.definition.spec.parameters:
        value = values[parameter.name]
        if value is None:
            if not parameter.nullable and parameter.is_active(values):
                return None, problems
            continue
        if problem_with(parameter, value) is not None:
            return None, problems
        if parameter.kind not in ("column", "columns") or not parameter.is_active(values):
            continue
        known = (inputs.get(parameter.port or "") or [None])[0]
        if not isinstance(known, TableSchema):
            return None, problems
        try:
            values[parameter.name] = _chosen(parameter, value, known)
        except ModuleError as error:
            problems.append(_column_problem(item, parameter, error))
    return values, problems


def _chosen(parameter: Parameter, value: Any, schema: TableSchema) -> str | list[str]:
    port = parameter.port or ""
    if parameter.kind == "column":
        return resolve_one(value, schema, parameter=parameter.name, port=port)
    return resolve(value, schema, parameter=parameter.name, port=port, optional=parameter.optional)


def _column_problem(item: GraphNode, parameter: Parameter, error: ModuleError) -> Problem:
    sources = item.inputs.get(parameter.port or "", ())
    message = error.message
    if sources and error.code == "0001":
        source = sources[0]
        place = f"{source.node}.{source.port}"
        offered = message.partition(";")[2]
        message = f"column `{error.column}` not found in `{place}`{';' + offered if offered else ''}"
    return Problem(
        code="unknown_column" if error.code == "0001" else f"column_selection_{error.code}",
        node=item.id,
        key=f"params.{parameter.name}",
        message=f"Node '{item.id}': {message}",
        found=error.column,
        hint=error.hint,
        values=error.values,
    )


def _outputs(
    item: GraphNode,
    definition: Definition,
    inputs: Mapping[str, list[PortSchema]],
    arguments: Mapping[str, Any],
) -> tuple[dict[str, PortSchema], list[Problem]]:
    try:
        if definition.schema_function is not None:
            given = _declared(definition, inputs, arguments)
        else:
            given = _by_calling(definition, inputs, arguments)
    except ModuleError as error:
        if error.code not in COLUMN_CODES:
            return {}, []  # such as too few rows, which an empty table always has
        key = f"params.{error.parameter}" if error.parameter else None
        return {}, [
            Problem(
                code=f"module_{error.code}",
                node=item.id,
                key=key,
                hint=error.hint,
                message=f"Node '{item.id}': {error.message}",
                found=error.column,
                values=error.values,
            )
        ]
    except Exception:  # a module that is not ready for unknown or odd columns knows nothing of them
        return {}, []
    names = [port.name for port in definition.spec.outputs]
    several = given if isinstance(given, tuple) and not isinstance(given, TableSchema) else (given,)
    return dict(zip(names, several, strict=False)), []


def _declared(definition: Definition, inputs: Mapping[str, list[PortSchema]], arguments: Mapping[str, Any]) -> Any:
    assert definition.schema_function is not None
    known: dict[str, Any] = dict(arguments)
    for port in definition.spec.inputs:
        wires = inputs.get(port.name, [])
        known[port.name] = wires if port.multiple else (wires[0] if wires else None)
    wanted = _named_arguments(definition.schema_function)
    return definition.schema_function(**{name: known.get(name) for name in wanted})


def _by_calling(definition: Definition, inputs: Mapping[str, list[PortSchema]], arguments: Mapping[str, Any]) -> Any:
    """Run a lazy function on empty tables; unknown where a table is not known or not lazy."""
    spec = definition.spec
    forms = [port.form for port in spec.inputs] + [port.form for port in spec.outputs]
    if not all(form in ("lazy", "table") for form in forms):
        return None
    flowing: list[Any] = []
    schemas: list[TableSchema] = []
    for port in spec.inputs:
        wires = inputs.get(port.name, [])
        if not all(isinstance(schema, TableSchema) for schema in wires) or (port.required and not wires):
            return None
        tables = [schema for schema in wires if isinstance(schema, TableSchema)]
        schemas += tables
        empty = [s.to_table() if port.form == "table" else s.to_frame() for s in tables]
        flowing.append(empty if port.multiple else (empty[0] if empty else None))
    if not schemas:
        return None
    if "context" in _named_arguments(definition.function):
        arguments = {**arguments, "context": Context()}
    result = definition.function(*flowing, **arguments)
    several = result if isinstance(result, tuple) else (result,)
    return tuple(_schema_of(value, schemas[0]) for value in several)


@cache
def _named_arguments(function: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


def _schema_of(value: Any, first: TableSchema) -> TableSchema:
    if isinstance(value, Table):
        return TableSchema.of(value)
    return TableSchema.of_frame(value, first.roles, first.categorical)


def unknown_ports(schemas: Schemas) -> Iterator[tuple[str, str]]:
    """Outputs of which nothing is known yet."""
    for node, ports in schemas.items():
        yield from ((node, port) for port, schema in ports.items() if schema is None)

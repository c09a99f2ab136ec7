"""What can be wrong with a graph. Each check yields problems and knows of no other check."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from pydantic import JsonValue

from designer.errors import Problem, did_you_mean, nearest
from designer.graph.document import parameter_reference, split_version
from designer.graph.graph import Graph, GraphNode, Source
from designer.graph.values import problem_with, shown
from modules.kit import InputPort, Parameter, port_fits

Check = Callable[[Graph], Iterator[Problem]]
Values = dict[str, JsonValue]

LISTED: Final = 5


def names_are_known(graph: Graph) -> Iterator[Problem]:
    """Modules and datasets exist, in the version that is asked for."""
    for key, item in graph.nodes.items():
        if item.node.module is not None and item.definition is None:
            name, version = split_version(item.node.module)
            versions = graph.catalog.versions(name)
            if versions:
                said = f"version {version} of '{name}' is unknown; there is {versions}"
                values: Values = {"how": "version", "name": name, "version": version, "versions": str(versions)}
            else:
                said = f"module '{name}' is unknown{did_you_mean(name, graph.catalog.ids)}"
                values = {"name": name, "near": nearest(name, graph.catalog.ids)}
            yield _problem("unknown_module", key, "module", said, found=item.node.module, values=values)
        if item.node.dataset is not None and item.dataset is None:
            offered = did_you_mean(item.node.dataset, graph.datasets)
            yield _problem(
                "unknown_dataset",
                key,
                "dataset",
                f"dataset '{item.node.dataset}' is unknown{offered}",
                found=item.node.dataset,
                values={"name": item.node.dataset, "near": nearest(item.node.dataset, graph.datasets)},
                hint="Upload it or choose another one.",
            )


def wires_fit(graph: Graph) -> Iterator[Problem]:
    """Each wire starts at an output that exists and ends in an input that takes its type."""
    for key, item in graph.nodes.items():
        for name, sources in item.inputs.items():
            port = item.input_port(name)
            if item.definition is not None and port is None:
                known = [port.name for port in item.definition.spec.inputs]
                yield _problem(
                    "unknown_port",
                    key,
                    f"inputs.{name}",
                    f"input '{name}' is unknown{did_you_mean(name, known)}",
                    found=name,
                    expected=", ".join(known) or "no input",
                    values={"how": "input", "name": name, "near": nearest(name, known)},
                )
                continue
            if port is not None and len(sources) > 1 and not port.multiple:
                yield _problem(
                    "too_many_wires",
                    key,
                    f"inputs.{name}",
                    f"input '{name}' takes one wire and has {len(sources)}",
                    values={"input": name, "wires": len(sources)},
                )
            for source in sources:
                yield from _wire_problems(graph, key, name, port, source)


def _wire_problems(graph: Graph, key: str, name: str, port: InputPort | None, source: Source) -> Iterator[Problem]:
    place = f"inputs.{name}"
    start = graph.nodes.get(source.node)
    if start is None:
        yield _problem(
            "unknown_node",
            key,
            place,
            f"input '{name}' names the node '{source.node}', which does not exist"
            f"{did_you_mean(source.node, graph.nodes)}",
            found=source.text,
            values={"how": "source", "input": name, "name": source.node, "near": nearest(source.node, graph.nodes)},
        )
        return
    outputs = start.outputs
    if source.port is None or source.port not in outputs:
        if start.definition is None and start.dataset is None:
            return  # the unknown module is said elsewhere
        listed = ", ".join(outputs) or "no output"
        said = (
            f"has the outputs {listed}; name one, as in '{source.node}.{next(iter(outputs), 'port')}'"
            if source.port is None
            else f"has no output '{source.port}'{did_you_mean(source.port, outputs)}"
        )
        yield _problem(
            "unknown_port",
            key,
            place,
            f"input '{name}': node '{source.node}' {said}",
            found=source.text,
            expected=listed,
            values={
                "how": "unnamed" if source.port is None else "output",
                "input": name,
                "source": source.node,
                "name": source.port,
                "outputs": listed,
                "near": nearest(source.port or "", outputs),
            },
        )
        return
    if port is not None and not port_fits(outputs[source.port], port.type):
        yield _problem(
            "type_mismatch",
            key,
            place,
            f"input '{name}' takes {_article(port.type)} and '{source.node}.{source.port}' "
            f"gives {_article(outputs[source.port])}",
            found=outputs[source.port],
            expected=port.type,
            values={
                "input": name,
                "takes": port.type,
                "source": source.node,
                "output": source.port,
                "gives": outputs[source.port],
            },
        )


def inputs_are_connected(graph: Graph) -> Iterator[Problem]:
    """Every required input has a wire, and every source of an enabled node is enabled."""
    for key, item in graph.nodes.items():
        if item.definition is None or item.node.disabled:
            continue
        for port in item.definition.spec.inputs:
            sources = item.inputs.get(port.name, ())
            if port.required and not sources:
                yield _problem(
                    "missing_input",
                    key,
                    f"inputs.{port.name}",
                    f"input '{port.name}' is not connected",
                    expected=_article(port.type),
                    values={"input": port.name, "takes": port.type},
                    hint=f"Connect {_article(port.type)}.",
                )
            for source in sources:
                if source.node in graph.nodes and graph.nodes[source.node].node.disabled:
                    yield _problem(
                        "disabled_source",
                        key,
                        f"inputs.{port.name}",
                        f"input '{port.name}' is fed by '{source.node}', which is disabled",
                        values={"input": port.name, "source": source.node},
                        hint="Enable that node or disable this one too.",
                    )


def nothing_runs_in_circles(graph: Graph) -> Iterator[Problem]:
    """There is an order in which all nodes can run."""
    for key in graph.in_cycle:
        if graph.upstream_of(key) & set(graph.in_cycle):
            yield _problem(
                "cycle",
                key,
                "inputs",
                f"the node waits for itself through {_listed(graph.in_cycle)}",
                values={"nodes": list(graph.in_cycle[:LISTED]), "count": len(graph.in_cycle)},
                hint="Remove one of the wires of the circle.",
            )


def parameters_are_valid(graph: Graph) -> Iterator[Problem]:
    """Every parameter is known, set where it must be, and of the right type and size."""
    for key, item in graph.nodes.items():
        if item.definition is None:
            continue
        spec = item.definition.spec
        for name in item.node.params:
            if spec.parameter(name) is None:
                known = [parameter.name for parameter in spec.parameters]
                yield _problem(
                    "unknown_parameter",
                    key,
                    f"params.{name}",
                    f"parameter '{name}' is unknown{did_you_mean(name, known)}",
                    found=name,
                    expected=", ".join(known) or "no parameter",
                    values={"name": name, "near": nearest(name, known)},
                )
        values = complete_values(graph, item)
        for parameter in spec.parameters:
            if parameter.is_active(values):
                yield from _parameter_problems(graph, item, parameter)


def _parameter_problems(graph: Graph, item: GraphNode, parameter: Parameter) -> Iterator[Problem]:
    place = f"params.{parameter.name}"
    if parameter.name not in item.node.params:
        if parameter.required:
            yield _problem(
                "missing_parameter",
                item.id,
                place,
                f"parameter '{parameter.name}' needs a value",
                values={"parameter": parameter.name},
                hint=parameter.help,
            )
        return
    value = item.node.params[parameter.name]
    reference = parameter_reference(value)
    if reference is not None:
        declared = graph.document.parameters
        if reference not in declared:
            yield _problem(
                "unknown_pipeline_parameter",
                item.id,
                place,
                f"pipeline parameter '{reference}' is unknown{did_you_mean(reference, declared)}",
                found=reference,
                values={"name": reference, "near": nearest(reference, declared)},
            )
            return
        value = declared[reference].default
        if value is None:
            return  # must be set when the pipeline is submitted
    misfit = problem_with(parameter, value)
    if misfit is not None:
        yield _problem(
            "wrong_value",
            item.id,
            place,
            f"parameter '{parameter.name}' {misfit}",
            found=shown(value),
            expected=misfit.said.partition(";")[0].removeprefix("takes "),
            values={"how": misfit.how, "parameter": parameter.name, **misfit.values},
        )


def unique_values_differ(graph: Graph) -> Iterator[Problem]:
    """Nodes of one module have different values of a parameter that says so; the first in order keeps its value."""
    holders: dict[tuple[str, str, str], str] = {}
    for key in sorted(graph.nodes):
        item = graph.nodes[key]
        if item.definition is None or item.node.disabled:
            continue
        values = complete_values(graph, item)
        for parameter in item.definition.spec.parameters:
            if not parameter.unique:
                continue
            value = shown(values[parameter.name])
            holder = holders.setdefault((item.definition.spec.id, parameter.name, value), key)
            if holder != key:
                yield _problem(
                    "value_used_twice",
                    key,
                    f"params.{parameter.name}",
                    f"parameter '{parameter.name}' is {value}, as in node '{holder}'; a different one is expected",
                    found=value,
                    values={"parameter": parameter.name, "value": value, "holder": holder},
                    hint="Give it another name.",
                )


def pipeline_parameters_are_valid(graph: Graph) -> Iterator[Problem]:
    """The default of each pipeline parameter is of its type."""
    for name, parameter in graph.document.parameters.items():
        if parameter.default is not None and not is_of_type(parameter.type, parameter.default):
            yield Problem(
                code="wrong_value",
                key=f"parameters.{name}.default",
                found=shown(parameter.default),
                expected=parameter.type,
                values={"how": "default", "name": name, "type": parameter.type, "found": shown(parameter.default)},
                message=f"Pipeline parameter '{name}' takes {parameter.type}; "
                f"its default is {shown(parameter.default)}",
            )


PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
}


def is_of_type(type_name: str, value: JsonValue) -> bool:
    """Tell whether a JSON value is of the type of a pipeline parameter; true is no number."""
    return isinstance(value, PYTHON_TYPES[type_name]) and (type_name == "bool") == isinstance(value, bool)


def complete_values(graph: Graph, item: GraphNode) -> dict[str, Any]:
    """All parameters of a node: what is set, pipeline parameters' defaults, module defaults."""
    if item.definition is None:
        return {}
    values: dict[str, Any] = {}
    for parameter in item.definition.spec.parameters:
        value = item.node.params.get(parameter.name, parameter.default)
        reference = parameter_reference(value)
        if reference is not None:
            declared = graph.document.parameters.get(reference)
            value = declared.default if declared else None
        values[parameter.name] = value
    return values


CHECKS: tuple[Check, ...] = (
    names_are_known,
    wires_fit,
    inputs_are_connected,
    nothing_runs_in_circles,
    parameters_are_valid,
    unique_values_differ,
    pipeline_parameters_are_valid,
)


def check(graph: Graph) -> list[Problem]:
    """Every problem of a graph, in the order of the checks."""
    return [problem for one in CHECKS for problem in one(graph)]


def _problem(code: str, node: str, key: str, said: str, **facts: Any) -> Problem:
    return Problem(code=code, node=node, key=key, message=f"Node '{node}': {said}", **facts)


def _article(type_name: str) -> str:
    name = " or ".join(type_name.split("|"))
    return f"{'an' if name[:1] in 'AEIOU' else 'a'} {name}"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names[:LISTED]) + (" and more" if len(names) > LISTED else "")

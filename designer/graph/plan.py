"""The compiled, frozen form of a graph: nothing is looked up after this."""

import secrets
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from designer.errors import InvalidDocument, Problem, did_you_mean
from designer.graph.checks import check, is_of_type
from designer.graph.document import PipelineParameter, parameter_reference
from designer.graph.graph import DATASET_PORT, Graph, GraphNode
from designer.graph.values import normal_value, problem_with, shown
from modules.kit.params import LARGEST_SEED


class Frozen(BaseModel):
    """Immutable data that survives JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Wire(Frozen):
    """Where an input comes from."""

    node: str
    port: str


class Output(Frozen):
    """What a step gives."""

    name: str
    type: str


class PinnedDataset(Frozen):
    """A dataset in one version."""

    name: str
    version: int
    digest: str


class Step(Frozen):
    """One node, with everything that its execution needs."""

    node: str
    kind: Literal["module", "dataset"]
    module: str | None = None
    version: int | None = None
    entry: str | None = None
    fingerprint: str | None = None
    params: dict[str, JsonValue] = {}
    inputs: dict[str, tuple[Wire, ...]] = {}
    outputs: tuple[Output, ...] = ()
    deterministic: bool = True
    dataset: PinnedDataset | None = None
    allow_reuse: bool = True
    timeout_seconds: int | None = None
    retries: int = 0
    compute: str | None = None

    @property
    def upstream(self) -> frozenset[str]:
        """Nodes that this step waits for."""
        return frozenset(wire.node for wires in self.inputs.values() for wire in wires)


class Plan(Frozen):
    """Steps in an order in which they can run."""

    steps: tuple[Step, ...]

    def step(self, node: str) -> Step:
        """The step of a node; raises KeyError."""
        for step in self.steps:
            if step.node == node:
                return step
        raise KeyError(node)


def compile_plan(
    graph: Graph,
    values: Mapping[str, JsonValue] | None = None,
    targets: Collection[str] | None = None,
) -> Plan:
    """Freeze a graph; `targets` keeps those nodes and what feeds them, so that the rest may be unfinished.

    Pipeline parameters are replaced, defaults filled in and blank seeds drawn. Raises InvalidDocument for every
    problem of the nodes that would run, and for a pipeline parameter or target that is unknown, unset or of a wrong
    type.
    """
    settled = _settled(graph.document.parameters, values or {})
    wanted = _wanted(graph, targets)
    problems = [problem for problem in check(graph) if problem.severity == "error" and problem.node in wanted]
    if problems:
        raise InvalidDocument(problems)
    steps: list[Step] = []
    for key in graph.order:
        if key in wanted:
            try:
                steps.append(_step(graph.nodes[key], settled))
            except InvalidDocument as error:
                problems.extend(error.problems)
    if problems:
        raise InvalidDocument(problems)
    return Plan(steps=tuple(steps))


def _settled(declared: Mapping[str, PipelineParameter], values: Mapping[str, JsonValue]) -> dict[str, Any]:
    problems = [
        Problem(
            code="unknown_pipeline_parameter",
            key=name,
            found=name,
            message=f"Pipeline parameter '{name}' is unknown{did_you_mean(name, declared)}",
        )
        for name in values
        if name not in declared
    ]
    settled: dict[str, Any] = {}
    for name, parameter in declared.items():
        value = values.get(name, parameter.default)
        if value is not None and not is_of_type(parameter.type, value):
            problems.append(
                Problem(
                    code="wrong_value",
                    key=name,
                    expected=parameter.type,
                    message=f"Pipeline parameter '{name}' takes {parameter.type}; found {shown(value)}",
                )
            )
        settled[name] = value
    if problems:
        raise InvalidDocument(problems)
    return settled


def _wanted(graph: Graph, targets: Collection[str] | None) -> frozenset[str]:
    enabled = frozenset(key for key in graph.nodes if not graph.nodes[key].node.disabled)
    if targets is None:
        return enabled
    problems = list(_target_problems(graph, targets))
    if problems:
        raise InvalidDocument(problems)
    wanted: set[str] = set()
    waiting = list(targets)
    while waiting:
        key = waiting.pop()
        if key not in wanted:
            wanted.add(key)
            waiting.extend(graph.upstream_of(key))
    return frozenset(wanted) & enabled


def _target_problems(graph: Graph, targets: Collection[str]) -> Iterator[Problem]:
    for key in targets:
        if key not in graph.nodes:
            said = f"is not a node{did_you_mean(key, graph.nodes)}"
            yield Problem(code="unknown_node", key="targets", found=key, message=f"Target '{key}' {said}")
        elif graph.nodes[key].node.disabled:
            yield Problem(
                code="disabled_target", node=key, key="targets", found=key, message=f"Target '{key}' is disabled"
            )


def _step(item: GraphNode, settled: Mapping[str, Any]) -> Step:
    common: dict[str, Any] = {
        "node": item.id,
        "allow_reuse": item.node.allow_reuse,
        "timeout_seconds": item.node.timeout,
        "retries": item.node.retries,
        "compute": item.node.compute,
    }
    if item.dataset is not None:
        entry = item.dataset
        pinned = PinnedDataset(name=entry.name, version=entry.version, digest=entry.digest)
        return Step(kind="dataset", dataset=pinned, outputs=(Output(name=DATASET_PORT, type="Table"),), **common)
    if item.definition is None:
        raise ValueError(f"node '{item.id}' has an unknown module: check the graph before compiling it")
    spec = item.definition.spec
    return Step(
        kind="module",
        module=spec.id,
        version=spec.version,
        entry=item.definition.entry,
        fingerprint=item.definition.fingerprint,
        params=_resolved(item, settled),
        inputs={
            name: tuple(Wire(node=s.node, port=s.port or "") for s in sources) for name, sources in item.inputs.items()
        },
        outputs=tuple(Output(name=port.name, type=port.type) for port in spec.outputs),
        deterministic=spec.deterministic,
        **common,
    )


def _resolved(item: GraphNode, settled: Mapping[str, Any]) -> dict[str, JsonValue]:
    assert item.definition is not None
    found: dict[str, JsonValue] = {}
    for parameter in item.definition.spec.parameters:
        value = item.node.params.get(parameter.name, parameter.default)
        reference = parameter_reference(value)
        if reference is not None:
            value = settled[reference]
            said = problem_with(parameter, value)
            if said is not None:
                raise InvalidDocument(
                    [
                        Problem(
                            code="wrong_value",
                            node=item.id,
                            key=f"params.{parameter.name}",
                            message=f"Node '{item.id}': parameter '{parameter.name}' {said} "
                            f"(pipeline parameter '{reference}')",
                        )
                    ]
                )
        found[parameter.name] = normal_value(parameter, value)
    for parameter in item.definition.spec.parameters:
        # A seed that does not count is left blank: a drawn one would only keep the result from being reused.
        if parameter.kind == "seed" and found[parameter.name] is None and parameter.is_active(found):
            found[parameter.name] = secrets.randbelow(LARGEST_SEED + 1)
    return found

"""The compiled, frozen form of a graph: nothing is looked up after this."""

import secrets
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from designer.errors import InvalidDocument, Problem, did_you_mean, nearest
from designer.graph.checks import check, is_of_type
from designer.graph.document import PipelineParameter, parameter_reference
from designer.graph.graph import DATASET_PORT, Graph, GraphNode, reached
from designer.graph.selection import EVERYTHING, Selection, choose
from designer.graph.values import normal_value, problem_with, shown
from modules.kit import ModuleSpec
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


Varies = Literal["random", "outside", "seed"]


class Step(Frozen):
    """One node, with everything that its execution needs.

    `drawn` names the seeds that were blank, `secrets` the secrets that it needs. `force` runs the step although its
    result is known.
    """

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
    reads_outside: bool = False
    drawn: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    dataset: PinnedDataset | None = None
    allow_reuse: bool = True
    force: bool = False
    timeout_seconds: int | None = None
    memory_limit_mb: int | None = None
    retries: int = 0
    retry_delay_seconds: int | None = None
    compute: str | None = None

    @cached_property
    def upstream(self) -> frozenset[str]:
        """Nodes that this step waits for."""
        return frozenset(wire.node for wires in self.inputs.values() for wire in wires)

    @property
    def varies(self) -> Varies | None:
        """Why equal inputs and parameters do not give an equal result; None where they do."""
        if not self.deterministic:
            return "random"
        if self.reads_outside:
            return "outside"
        return "seed" if self.drawn else None


class Plan(Frozen):
    """Steps in an order in which they can run."""

    steps: tuple[Step, ...]

    def step(self, node: str) -> Step:
        """The step of a node; raises KeyError."""
        return self._by_node[node]

    @cached_property
    def _by_node(self) -> dict[str, Step]:
        return {step.node: step for step in self.steps}


def compile_plan(
    graph: Graph,
    values: Mapping[str, JsonValue] | None = None,
    targets: Collection[str] | None = None,
    *,
    starts: Collection[str] = (),
    force: bool | Collection[str] = False,
) -> Plan:
    """Freeze a graph, or the part of it that a `Selection` of these keeps; the rest may be unfinished.

    Pipeline parameters are replaced, defaults filled in and blank seeds drawn. Raises InvalidDocument for every
    problem of the nodes that would run, and for a pipeline parameter or selected node that is unknown, unset or of a
    wrong type.
    """
    plan, blocked = compile_what_can_run(graph, values, Selection(targets, starts, force))
    if problems := [problem for found in blocked.values() for problem in found]:
        raise InvalidDocument(problems)
    return plan


Blocked = dict[str, list[Problem]]
"""Nodes that cannot run, each with what is wrong with it; nothing where that lies above it."""


def compile_what_can_run(
    graph: Graph,
    values: Mapping[str, JsonValue] | None = None,
    selection: Selection = EVERYTHING,
    *,
    problems: Iterable[Problem] | None = None,
) -> tuple[Plan, Blocked]:
    """Freeze what of a graph could run as it is now, and name the nodes that could not.

    `problems` are what is known to be wrong; without them the graph is checked. Raises InvalidDocument for pipeline
    parameters and selected nodes that are unknown or of a wrong type.
    """
    settled = _settled(graph.document.parameters, values or {})
    chosen = choose(graph, selection)
    blocked: Blocked = {}
    for problem in check(graph) if problems is None else problems:
        if problem.severity == "error" and problem.node in chosen.wanted:
            blocked.setdefault(problem.node, []).append(problem)
    steps: dict[str, Step] = {}
    for key in graph.order:
        if key in chosen.wanted and key not in blocked:
            try:
                steps[key] = _step(graph.nodes[key], settled, force=key in chosen.forced)
            except InvalidDocument as error:
                blocked[key] = error.problems
    for key in sorted(reached(blocked, graph.downstream.__getitem__) & chosen.wanted):
        blocked.setdefault(key, [])
        steps.pop(key, None)
    return Plan(steps=tuple(steps.values())), blocked


def _settled(declared: Mapping[str, PipelineParameter], values: Mapping[str, JsonValue]) -> dict[str, Any]:
    problems = [
        Problem(
            code="unknown_pipeline_parameter",
            key=name,
            found=name,
            message=f"Pipeline parameter '{name}' is unknown{did_you_mean(name, declared)}",
            values={"name": name, "near": nearest(name, declared)},
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
                    values={"how": "pipeline_parameter", "name": name, "type": parameter.type, "found": shown(value)},
                )
            )
        settled[name] = value
    if problems:
        raise InvalidDocument(problems)
    return settled


def _step(item: GraphNode, settled: Mapping[str, Any], *, force: bool) -> Step:
    common: dict[str, Any] = {
        "node": item.id,
        "allow_reuse": item.node.allow_reuse,
        "force": force,
        "timeout_seconds": item.node.timeout,
        "memory_limit_mb": item.node.memory_mb,
        "retries": item.node.retries,
        "retry_delay_seconds": item.node.retry_delay,
        "compute": item.node.compute,
    }
    if item.dataset is not None:
        entry = item.dataset
        pinned = PinnedDataset(name=entry.name, version=entry.version, digest=entry.digest)
        return Step(kind="dataset", dataset=pinned, outputs=(Output(name=DATASET_PORT, type="Table"),), **common)
    if item.definition is None:
        raise ValueError(f"node '{item.id}' has an unknown module: check the graph before compiling it")
    spec = item.definition.spec
    params, drawn = _resolved(item, settled)
    return Step(
        kind="module",
        module=spec.id,
        version=spec.version,
        entry=item.definition.entry,
        fingerprint=item.definition.fingerprint,
        params=params,
        inputs={
            name: tuple(Wire(node=s.node, port=s.port or "") for s in sources) for name, sources in item.inputs.items()
        },
        outputs=tuple(Output(name=port.name, type=port.type) for port in spec.outputs),
        deterministic=spec.deterministic,
        reads_outside=spec.does_read_outside(params),
        drawn=drawn,
        secrets=_secrets(spec, params),
        **common,
    )


def _secrets(spec: ModuleSpec, params: dict[str, JsonValue]) -> tuple[str, ...]:
    """The names of the secrets that a step needs; what they are is looked up when it starts."""
    named = (params[item.name] for item in spec.parameters if item.kind == "secret" and item.is_active(params))
    return tuple(sorted({str(name) for name in named if name}))


def _resolved(item: GraphNode, settled: Mapping[str, Any]) -> tuple[dict[str, JsonValue], tuple[str, ...]]:
    """The complete parameters, and the names of the seeds that were drawn."""
    assert item.definition is not None
    found: dict[str, JsonValue] = {}
    for parameter in item.definition.spec.parameters:
        value = item.node.params.get(parameter.name, parameter.default)
        reference = parameter_reference(value)
        if reference is not None:
            value = settled[reference]
            misfit = problem_with(parameter, value)
            if misfit is not None:
                raise InvalidDocument(
                    [
                        Problem(
                            code="wrong_value",
                            node=item.id,
                            key=f"params.{parameter.name}",
                            message=f"Node '{item.id}': parameter '{parameter.name}' {misfit} "
                            f"(pipeline parameter '{reference}')",
                            values={"how": misfit.how, "parameter": parameter.name, **misfit.values},
                        )
                    ]
                )
        found[parameter.name] = normal_value(parameter, value)
    # A seed that does not count is left blank: a drawn one would only keep the result from being reused.
    blank = [p for p in item.definition.spec.parameters if p.kind == "seed" and found[p.name] is None]
    drawn = tuple(parameter.name for parameter in blank if parameter.is_active(found))
    return found | {name: secrets.randbelow(LARGEST_SEED + 1) for name in drawn}, drawn

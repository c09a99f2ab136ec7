"""Which rows each output holds, and from which rows something has been learnt on the way to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from pydantic import JsonValue

from designer.graph.advice import parts
from designer.graph.checks import complete_values
from designer.graph.graph import Graph, GraphNode
from designer.graph.lineage import lineages
from modules.kit import Learnt, ModuleSpec

Side = int | tuple[str, bool]
"""An output of a split, or a fold and whether it is all but that fold."""

FOLD_PICKER = "partition_and_sample"
PICKED = "pick_fold"


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one source: on which sides of which splits they are, and which scripts have chosen among them."""

    source: str
    sides: Mapping[str, Side] = field(default_factory=dict)
    cuts: frozenset[str] = frozenset()

    def __hash__(self) -> int:
        return hash((self.source, frozenset(self.sides.items()), self.cuts))

    def on(self, split: str, side: Side) -> "Rows":
        """Those on one side of a split."""
        return replace(self, sides={**self.sides, split: side})

    def cut(self, script: str) -> "Rows":
        """Those that a script lets through."""
        return replace(self, cuts=self.cuts | {script})

    def splits_from(self, other: "Rows") -> frozenset[str]:
        """The splits that have put these rows and the others apart."""
        return frozenset(
            key for key, side in self.sides.items() if key in other.sides and apart(side, other.sides[key])
        )

    def may_share_with(self, other: "Rows") -> bool:
        """Whether rows are known to be in both; where two scripts have chosen, nobody knows."""
        comparable = self.cuts <= other.cuts or other.cuts <= self.cuts
        return self.source == other.source and comparable and not self.splits_from(other)

    def holds_all_of(self, other: "Rows") -> bool:
        """Whether the other rows are all among these."""
        is_wider = all(other.sides.get(key) == side for key, side in self.sides.items())
        return self.source == other.source and is_wider and self.cuts <= other.cuts


def apart(one: Side, other: Side) -> bool:
    """Whether no row is on both sides."""
    if isinstance(one, int) or isinstance(other, int):
        return one != other
    return one[1] != other[1] if one[0] == other[0] else not (one[1] or other[1])


RowSet = frozenset[Rows]
NO_ROWS: RowSet = frozenset()


def share(one: RowSet, other: RowSet) -> bool:
    """Whether rows are known to be in both."""
    return any(a.may_share_with(b) for a in one for b in other)


def splits_between(one: RowSet, other: RowSet) -> frozenset[str]:
    """The splits that put any of these rows apart from any of the others."""
    return frozenset(key for a in one for b in other if a.source == b.source for key in a.splits_from(b))


@dataclass(frozen=True, slots=True)
class Fit:
    """A node has taken something from rows: what a module learns, or a whole model."""

    node: str
    learnt: Learnt | Literal["model"]
    rows: RowSet


@dataclass(frozen=True, slots=True)
class Flow:
    """What is known of an output: its rows, all that was learnt for it, and the nodes that trained it if a model."""

    rows: RowSet = NO_ROWS
    fits: frozenset[Fit] = frozenset()
    trainers: frozenset[str] = frozenset()


NOTHING = Flow()


@dataclass(frozen=True, slots=True)
class Training:
    """A node that trains a model: the input with the rows, what flows into it, and the table to choose settings by.

    `refines` are the nodes that have trained the model which it takes and changes.
    """

    node: str
    port: str
    flow: Flow
    model: str
    validation: str | None
    validation_flow: Flow
    refines: frozenset[str]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A model and rows that it is applied to; `is_read` where figures come of it."""

    training: Training
    node: str
    port: str
    flow: Flow
    is_read: bool

    @property
    def is_held_out(self) -> bool:
        """Whether the model has seen none of the rows, as far as the graph tells."""
        return bool(self.flow.rows) and not share(self.training.flow.rows, self.flow.rows)

    @property
    def splits(self) -> frozenset[str]:
        """The splits that have put the rows apart from those of the training."""
        return splits_between(self.training.flow.rows, self.flow.rows)


@dataclass(frozen=True, slots=True)
class Wire:
    """An output of a node and the input that it feeds."""

    source: str
    output: str | None
    target: str
    input: str


@dataclass(frozen=True)
class Flows:
    """All that the rules ask of a graph; `splits` are the nodes that divide rows alike, by what they divide."""

    graph: Graph
    lineage: Mapping[str, str]
    values: Mapping[str, dict[str, JsonValue]]
    into: Mapping[str, Mapping[str, Flow]]
    splits: Mapping[str, tuple[str, ...]]
    trainings: Mapping[str, Training]
    judgements: tuple[Judgement, ...]
    wires_from: Mapping[str, tuple[Wire, ...]]
    _above: dict[str, frozenset[str]] = field(default_factory=dict)

    def spec(self, node: str) -> ModuleSpec | None:
        """The declaration of a node that takes part."""
        item = self.graph.nodes.get(node)
        return parts.spec_of(item) if item is not None else None

    def above(self, end: str) -> frozenset[str]:
        """A node and all that feeds it."""
        if end not in self._above:
            self._above[end] = self.graph.upstream_closure((end,))
        return self._above[end]

    def wires_towards(self, start: str, end: str) -> tuple[Wire, ...]:
        """The wires of a node through which something reaches another, by target."""
        above = self.above(end)
        return tuple(wire for wire in self.wires_from.get(start, ()) if wire.target in above)

    def split_nodes(self, judgement: Judgement) -> tuple[str, ...]:
        """The nodes that divide the rows of a training from those it is judged by."""
        above = self.above(judgement.training.node) | self.above(judgement.node)
        return tuple(node for key in sorted(judgement.splits) for node in self.splits.get(key, ()) if node in above)


def follow(graph: Graph) -> Flows:
    """Follow the rows of a graph, finished or not, from where they come in to where models are judged."""
    found = _Following(graph)
    for key in graph.order:
        found.visit(graph.nodes[key])
    wires: dict[str, list[Wire]] = {}
    for key in graph.order:
        for port, sources in graph.nodes[key].inputs.items():
            for source in sources:
                wires.setdefault(source.node, []).append(Wire(source.node, source.port, key, port))
    return Flows(
        graph,
        found.lineage,
        found.values,
        found.into,
        {key: tuple(nodes) for key, nodes in found.splits.items()},
        found.trainings,
        tuple(_judgements(graph, found)),
        {key: tuple(sorted(some, key=lambda wire: (wire.target, wire.input))) for key, some in wires.items()},
    )


class _Following:
    """Flows of the outputs, filled node by node in order."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.lineage = lineages(graph)
        self.values: dict[str, dict[str, JsonValue]] = {}
        self.outputs: dict[tuple[str, str | None], Flow] = {}
        self.into: dict[str, dict[str, Flow]] = {}
        self.splits: dict[str, list[str]] = {}
        self.trainings: dict[str, Training] = {}

    def visit(self, item: GraphNode) -> None:
        """Tell what the outputs of a node hold; all that feeds it has been visited."""
        if item.node.dataset is not None:
            name = item.node.dataset.partition("@")[0]
            self.outputs.update({(item.id, port): Flow(frozenset({Rows(f"dataset {name}")})) for port in item.outputs})
            return
        spec = parts.spec_of(item)
        if spec is None:
            return
        self.values[item.id] = complete_values(self.graph, item)
        self.into[item.id] = {port.name: self._arriving(item, port.name) for port in spec.inputs}
        if parts.trains(spec):
            self._train(item.id, spec)
        else:
            self._carry(item.id, spec)

    def _arriving(self, item: GraphNode, port: str) -> Flow:
        flows = [self.outputs.get((s.node, s.port), NOTHING) for s in item.inputs.get(port, ())]
        return Flow(
            frozenset().union(*(flow.rows for flow in flows)),
            frozenset().union(*(flow.fits for flow in flows)),
            frozenset().union(*(flow.trainers for flow in flows)),
        )

    def _train(self, key: str, spec: ModuleSpec) -> None:
        tables = parts.table_inputs(spec)
        flow = self.into[key][tables[0]]
        validation = tables[1] if len(tables) > 1 and any(parts.is_learner(port.type) for port in spec.inputs) else None
        self.trainings[key] = Training(
            key,
            tables[0],
            flow,
            parts.model_output(spec) or "Model",
            validation,
            self.into[key][validation] if validation else NOTHING,
            frozenset().union(*(self.into[key][p.name].trainers for p in spec.inputs if parts.is_model(p.type))),
        )
        for port in spec.outputs:
            own = frozenset({Fit(key, "model", flow.rows)}) if parts.is_table(port.type) else frozenset()
            self.outputs[key, port.name] = Flow(flow.rows, flow.fits | own, self.trainings[key].refines | {key})

    def _carry(self, key: str, spec: ModuleSpec) -> None:
        rows = self._rows(key, spec)
        fits = {fit for flow in self.into[key].values() for fit in flow.fits}
        trainers = {trainer for flow in self.into[key].values() for trainer in flow.trainers}
        fits |= {Fit(trainer, "model", self.trainings[trainer].flow.rows) for trainer in trainers}
        learnt = spec.learnt(self.values[key])
        if rows and (learnt is not None or spec.id in parts.AGGREGATORS):
            fits.add(Fit(key, learnt or "values", rows))
        if spec.id in parts.AGGREGATORS:
            rows = frozenset({Rows(self.lineage[key])})
        division = self._division(key, spec)
        for index, port in enumerate(spec.outputs):
            held = rows
            if division is not None:
                split, side = division
                held = frozenset(one.on(split, index if side is None else side) for one in rows)
            passes = trainers if parts.is_model(port.type) else ()
            self.outputs[key, port.name] = Flow(held, frozenset(fits), frozenset(passes))

    def _rows(self, key: str, spec: ModuleSpec) -> RowSet:
        """The rows that come out of a node, or a source of its own where none go in."""
        wired = self.graph.nodes[key].inputs
        if not any(port in wired for port in parts.table_inputs(spec)):
            return frozenset({Rows(self.lineage[key])})
        flows = [self.into[key][port] for port in parts.carriers(spec)]
        if not parts.appends(spec):
            # Beside the rows of a split stands what was looked up for them; that is the same on all sides.
            divided = [flow for flow in flows if any(one.sides for one in flow.rows)]
            flows = divided[:1] if divided and not parts.is_script(spec) else divided or flows
        rows: RowSet = frozenset().union(*(flow.rows for flow in flows))
        return frozenset(one.cut(self.lineage[key]) for one in rows) if parts.is_script(spec) else rows

    def _division(self, key: str, spec: ModuleSpec) -> tuple[str, Side | None] | None:
        """What divides the rows of a node, and their side of it where all outputs have the same."""
        if spec.splits is not None:
            self.splits.setdefault(self.lineage[key], []).append(key)
            return self.lineage[key], None
        values = self.values[key]
        if spec.id != FOLD_PICKER or values.get("partition_or_sample_mode") != PICKED:
            return None
        dealt = [f"{self.lineage.get(s.node)} {s.port}" for s in self.graph.nodes[key].inputs.get("dataset", ())]
        fold = str(values.get("fold"))
        return f"folds of {dealt}", (fold, values.get("pick_complement_of_the_selected_fold") is True)


def _judgements(graph: Graph, found: _Following) -> Iterable[Judgement]:
    for key in graph.order:
        spec = parts.spec_of(graph.nodes[key])
        if spec is None or not parts.scores(spec):
            continue
        port = parts.table_inputs(spec)[0]
        trainers = {trainer for flow in found.into[key].values() for trainer in flow.trainers}
        for trainer in sorted(trainers):
            yield Judgement(found.trainings[trainer], key, port, found.into[key][port], _is_read(graph, key))


def _is_read(graph: Graph, start: str) -> bool:
    """Whether figures are made of what a node gives, other than by training on it."""
    waiting, seen = [start], {start}
    while waiting:
        key = waiting.pop()
        spec = parts.spec_of(graph.nodes[key])
        if spec is None:
            continue
        if parts.gives_figures(spec):
            return True
        if key == start or not (parts.trains(spec) or parts.cross_validates(spec)):
            fresh = graph.downstream[key] - seen
            seen |= fresh
            waiting.extend(fresh)
    return False

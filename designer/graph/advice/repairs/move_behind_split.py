"""Split first: what learnt from all rows learns from the training side, and the other sides get what it learnt."""

from dataclasses import dataclass

from pydantic import JsonValue

from designer.graph.advice import parts
from designer.graph.advice.flow import Flows, share
from designer.graph.advice.repair import Repair
from designer.graph.advice.repairs.editing import Editing, beside
from designer.graph.advice.repairs.sides import training_port
from designer.graph.advice.scene import Scene
from modules.kit import ModuleError, ModuleSpec, Parameter, TableSchema
from modules.kit.selection import resolve

MOST_NODES = 10
APPLY, KEEP_COLUMNS = "apply_transformation", "select_columns_transform"


@dataclass(frozen=True, slots=True)
class Link:
    """A node between the first one that learns and the split, with the ports that the rows take."""

    node: str
    spec: ModuleSpec
    enter: str
    leave: str


def move_behind_split(scene: Scene, first: str, split: str) -> Repair | None:
    """Move a straight line of nodes, from the one that learns to the split, behind the split.

    Clear only where the line is short and feeds nothing else, each of its nodes can be repeated for other rows, and the
    split does not look at values that the line changes.
    """
    flows = scene.flows
    chain = _chain(flows, first, split)
    port = training_port(flows, split)
    if chain is None or port is None or not _divides_alike(scene, chain, split):
        return None
    editing = Editing(flows)
    if not editing.can_add(APPLY, KEEP_COLUMNS):
        return None
    source = editing.document.nodes[first].inputs[chain[0].enter]
    places = [editing.document.layout.get(key) for key in (*(link.node for link in chain), split)]
    spec = flows.spec(split)
    assert spec is not None
    editing.move(split, places[0])
    for link, place in zip(chain, places[1:], strict=True):
        editing.move(link.node, place)
    editing.rewire((split, port), editing.text(chain[-1].node, chain[-1].leave))
    editing.connect(split, parts.table_inputs(spec)[0], source)
    editing.connect(first, chain[0].enter, editing.text(split, port))
    for other in parts.table_outputs(spec):
        if other != port and any(wire.output == other for wire in flows.wires_from.get(split, ())):
            _repeat(editing, flows, chain, (split, other))
    return editing.done("move_behind_split")


def _chain(flows: Flows, first: str, split: str) -> list[Link] | None:
    found: list[Link] = []
    key = first
    while key != split:
        spec = flows.spec(key)
        if spec is None or len(found) == MOST_NODES or not _can_be_repeated(flows, key, spec):
            return None
        outputs = parts.table_outputs(spec)
        towards = [wire for wire in flows.wires_towards(key, split) if wire.output in outputs]
        if len(towards) != 1 or len([w for w in flows.wires_from[key] if w.output == towards[0].output]) != 1:
            return None
        wire = towards[0]
        found.append(Link(key, spec, parts.table_inputs(spec)[0], wire.output or outputs[0]))
        target = flows.spec(wire.target)
        if target is None or wire.input != parts.table_inputs(target)[0]:
            return None
        key = wire.target
    return found


def _can_be_repeated(flows: Flows, key: str, spec: ModuleSpec) -> bool:
    tables = parts.table_inputs(spec)
    inputs = flows.graph.nodes[key].inputs
    if len(inputs.get(tables[0], ())) != 1 or not isinstance(flows.graph.document.nodes[key].inputs[tables[0]], str):
        return False
    if (
        spec.id in parts.AGGREGATORS
        or parts.is_script(spec)
        or parts.appends(spec)
        or parts.trains(spec)
        or parts.takes_model(spec)
        or spec.splits
    ):
        return False
    if any(share(flows.into[key][tables[0]].rows, flows.into[key][other].rows) for other in tables[1:]):
        return False
    learnt = spec.learnt(flows.values[key])
    return learnt != "values" or parts.transform_output(spec) is not None


def _divides_alike(scene: Scene, chain: list[Link], split: str) -> bool:
    """Whether the split puts rows on the same kind of sides before the line as after it."""
    spec = scene.flows.spec(split)
    assert spec is not None
    values = scene.flows.values[split]
    before = scene.table_into(chain[0].node, chain[0].enter)
    for parameter in spec.parameters:
        value = values[parameter.name]
        if value in (None, "") or not parameter.is_active(values):
            continue
        if parameter.kind in ("text", "script"):
            return False
        if parameter.kind in ("column", "columns") and (before is None or not _has(before, value, parameter)):
            return False
    return True


def _has(table: TableSchema, value: JsonValue, parameter: Parameter) -> bool:
    try:
        return bool(resolve(value, table, parameter=parameter.name, port=parameter.port or ""))
    except ModuleError:
        return False


def _repeat(editing: Editing, flows: Flows, chain: list[Link], output: tuple[str, str]) -> None:
    """Do to the rows of another side what the line does to those of the training."""
    text = editing.text(*output)
    added: list[str] = []
    for link in chain:
        node = _counterpart(editing, flows, link, text)
        if node is not None:
            added.append(node)
            text = editing.text(node, _leave(editing, node, link))
    if added:
        editing.rewire(output, text, but=added)


def _counterpart(editing: Editing, flows: Flows, link: Link, rows: str) -> str | None:
    learnt = link.spec.learnt(flows.values[link.node])
    if learnt == "rows":
        return None  # only training rows are made up
    near = beside(editing.place(link.node))
    transform = parts.transform_output(link.spec)
    if transform is None and learnt != "columns":
        twin = flows.graph.nodes[link.node].node
        node = editing.add(twin.module or "", f"{link.node}_test", near, twin.params)
        for port, wires in twin.inputs.items():
            editing.connect(node, port, rows if port == link.enter else wires)
        return node
    if transform is None:
        keep = editing.add(KEEP_COLUMNS, f"{link.node}_columns", near)
        editing.connect(keep, "dataset_with_desired_columns", editing.text(link.node, link.leave))
        replayed = editing.text(keep, "columns_selection_transformation")
    else:
        replayed = editing.text(link.node, transform)
    node = editing.add(APPLY, f"apply_{link.node}", near)
    editing.connect(node, "transformation", replayed)
    editing.connect(node, "dataset", rows)
    return node


def _leave(editing: Editing, node: str, link: Link) -> str:
    return "transformed_dataset" if editing.document.nodes[node].module == APPLY else link.leave

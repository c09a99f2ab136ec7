"""Prepare test rows with what was learnt from the training rows, not with what they teach themselves."""

from designer.graph.advice import parts
from designer.graph.advice.flow import Fit, Flows, Judgement
from designer.graph.advice.repair import Repair
from designer.graph.advice.repairs.editing import Editing
from designer.graph.advice.repairs.move_behind_split import APPLY


def replay_training(flows: Flows, fit: Fit, judgement: Judgement) -> Repair | None:
    """Put Apply Transformation in the place of a node whose twin has learnt from the training rows."""
    spec = flows.spec(fit.node)
    twins = [
        other.node
        for other in sorted(judgement.training.flow.fits, key=lambda one: one.node)
        if spec is not None and (found := flows.spec(other.node)) is not None and found.id == spec.id
    ]
    transform = parts.transform_output(spec) if spec else None
    editing = Editing(flows)
    if spec is None or transform is None or len(twins) != 1 or not editing.can_add(APPLY):
        return None
    used = {wire.output for wire in flows.wires_from.get(fit.node, ())}
    rows = editing.document.nodes[fit.node].inputs.get(parts.table_inputs(spec)[0])
    if len(used) != 1 or transform in used or fit.node in flows.graph.upstream_closure(twins):
        return None
    node = editing.add(APPLY, f"apply_{twins[0]}", editing.place(fit.node))
    editing.connect(node, "transformation", editing.text(twins[0], transform))
    editing.connect(node, "dataset", rows)
    editing.rewire((fit.node, next(iter(used)) or ""), editing.text(node, "transformed_dataset"))
    editing.remove(fit.node)
    return editing.done("replay_training")


def leave_out(flows: Flows, node: str) -> Repair | None:
    """Take a node out of a line of rows: what it fed is fed by what feeds it."""
    spec = flows.spec(node)
    used = {wire.output for wire in flows.wires_from.get(node, ())}
    editing = Editing(flows)
    if spec is None or len(used) != 1:
        return None
    rows = editing.document.nodes[node].inputs.get(parts.table_inputs(spec)[0])
    if not isinstance(rows, str):
        return None
    editing.rewire((node, next(iter(used)) or ""), rows)
    editing.remove(node)
    return editing.done("leave_out")

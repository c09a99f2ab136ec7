"""Change what goes into a split, or how it divides."""

from collections.abc import Sequence

from pydantic import JsonValue

from designer.graph.advice import parts
from designer.graph.advice.flow import Flows
from designer.graph.advice.repair import Repair
from designer.graph.advice.repairs.editing import Editing, between
from designer.graph.advice.repairs.exclude_column import all_but
from designer.graph.advice.repairs.sides import training_port
from designer.graph.document import parameter_reference

REMOVE_DUPLICATES = "remove_duplicate_rows"
SPLIT, SPLIT_BY_TIME, SORT = "split_data", "split_by_time", "sort_rows"
SHARE = "fraction_of_rows"


def drop_duplicates(flows: Flows, split: str, without: Sequence[str]) -> Repair | None:
    """Keep one of equal rows before the split; some columns do not count."""
    spec = flows.spec(split)
    port = parts.table_inputs(spec)[0] if spec else ""
    editing = Editing(flows)
    source = editing.document.nodes[split].inputs.get(port)
    if not isinstance(source, str) or not editing.can_add(REMOVE_DUPLICATES):
        return None
    params: dict[str, JsonValue] = {"columns": all_but(without)} if without else {}
    place = between(editing.place(source.partition(".")[0]), editing.place(split))
    node = editing.add(REMOVE_DUPLICATES, "without_duplicates", place, params)
    editing.connect(node, "dataset", source)
    editing.connect(split, port, node)
    return editing.done("drop_duplicates")


def split_by_time(flows: Flows, split: str, column: str) -> Repair | None:
    """Put Split by Time in the place of a split by chance, with the earlier rows on the side that trains."""
    spec = flows.spec(split)
    training = training_port(flows, split)
    editing = Editing(flows)
    node = editing.document.nodes[split]
    share = flows.values[split].get(SHARE)
    if spec is None or spec.id != SPLIT or training is None or not editing.can_add(SPLIT_BY_TIME):
        return None
    earlier, later = parts.table_outputs(spec)
    value: JsonValue = node.params.get(SHARE, share)
    if training == later:
        if not isinstance(share, float | int) or parameter_reference(value) is not None:
            return None
        value = round(1 - share, 10)
    new = editing.add(SPLIT_BY_TIME, SPLIT_BY_TIME, editing.place(split), {"time_column": column, SHARE: value})
    editing.connect(new, "dataset", node.inputs[parts.table_inputs(spec)[0]])
    editing.rewire((split, training), f"{new}.results_dataset1")
    editing.rewire((split, later if training == earlier else earlier), f"{new}.results_dataset2")
    place = editing.document.layout.get(split)
    editing.remove(split)
    editing.move(new, place)
    return editing.done("split_by_time")


def split_in_order(flows: Flows, split: str, column: str) -> Repair | None:
    """Sort the rows by a column before the split and switch chance off, so that the first rows are for training."""
    spec = flows.spec(split)
    editing = Editing(flows)
    if spec is None or spec.id != SPLIT or not editing.can_add(SORT):
        return None
    if training_port(flows, split) != parts.table_outputs(spec)[0]:
        return None
    port = parts.table_inputs(spec)[0]
    source = editing.document.nodes[split].inputs[port]
    place = between(editing.place(flows.graph.nodes[split].inputs[port][0].node), editing.place(split))
    node = editing.add(SORT, "in_time", place, {"columns": [column]})
    editing.connect(node, "dataset", source)
    editing.connect(split, port, node)
    editing.set(split, "randomized_split", False)
    return editing.done("split_in_order")

"""Keep a column from what a model is trained on."""

from collections.abc import Sequence
from typing import Any

from pydantic import JsonValue

from designer.graph.advice.flow import Flows
from designer.graph.advice.repair import Repair
from designer.graph.advice.repairs.editing import Editing, between

SELECT = "select_columns_in_dataset"
COLUMNS = "columns"


def exclude_column(flows: Flows, node: str, port: str, column: str) -> Repair | None:
    """Exclude a column at the wire into an input: in the selection that feeds only this input, or in a new one."""
    editing = Editing(flows)
    source = editing.document.nodes[node].inputs.get(port)
    if not isinstance(source, str) or not editing.can_add(SELECT):
        return None
    above = source.partition(".")[0]
    wider = _excluding(editing.document.nodes[above].params.get(COLUMNS), column)
    spec = flows.spec(above)
    if spec is not None and spec.id == SELECT and len(flows.wires_from[above]) == 1 and wider is not None:
        editing.set(above, COLUMNS, wider)
        return editing.done("exclude_column")
    place = between(editing.place(above), editing.place(node))
    selection = editing.add(SELECT, f"without_{column}", place, {COLUMNS: all_but([column])})
    editing.connect(selection, "dataset", source)
    editing.connect(node, port, selection)
    return editing.done("exclude_column")


def all_but(names: Sequence[str]) -> JsonValue:
    """The selection of all columns but some."""
    rule: JsonValue = {"op": "exclude", "by": "names", "values": list(names)}
    return {"base": "all", "rules": [rule]}


def _excluding(selection: Any, column: str) -> JsonValue:
    """A selection of all but some names with one more of them; None for a selection of another kind."""
    if not isinstance(selection, dict) or selection.get("base") != "all":
        return None
    rules = selection.get("rules", [])
    if not all(rule.get("op") == "exclude" and rule.get("by") == "names" for rule in rules):
        return None
    names = [name for rule in rules for name in rule["values"]]
    return all_but([*names, column])

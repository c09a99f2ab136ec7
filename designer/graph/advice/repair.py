"""A repair as a list of small changes, which the page makes in one step that can be undone."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from designer.graph.document import Document, Node, Position

Wires = str | list[str] | None
"""What an input holds in the document; None where nothing is connected."""

RepairKind = Literal[
    "move_behind_split",
    "replay_training",
    "leave_out",
    "exclude_column",
    "drop_duplicates",
    "split_by_time",
    "split_in_order",
    "score_other_side",
    "split_rows",
    "cross_validate",
]


class Frozen(BaseModel):
    """Immutable data that survives JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AddNode(Frozen):
    """Put a module on the canvas, without wires."""

    kind: Literal["add_node"] = "add_node"
    node: str
    module: str
    params: dict[str, JsonValue] = {}
    place: Position


class RemoveNode(Frozen):
    """Take away a node that feeds nothing any more."""

    kind: Literal["remove_node"] = "remove_node"
    node: str


class MoveNode(Frozen):
    """Move a node on the canvas."""

    kind: Literal["move_node"] = "move_node"
    node: str
    place: Position


class SetInput(Frozen):
    """Connect an input anew; `before` is what it must hold for the change to make sense."""

    kind: Literal["set_input"] = "set_input"
    node: str
    input: str
    before: Wires
    after: Wires


class SetParameter(Frozen):
    """Give a parameter another value."""

    kind: Literal["set_parameter"] = "set_parameter"
    node: str
    name: str
    value: JsonValue


Change = Annotated[AddNode | RemoveNode | MoveNode | SetInput | SetParameter, Field(discriminator="kind")]


class Repair(Frozen):
    """What to do about an advice, as one edit."""

    kind: RepairKind
    changes: tuple[Change, ...]


class OutOfDate(Exception):
    """The document is no longer the one that a repair was made for."""


def apply(document: Document, changes: Sequence[Change]) -> Document:
    """The document after some changes; raises OutOfDate where it is not as they expect it."""
    nodes = dict(document.nodes)
    layout = dict(document.layout)
    for change in changes:
        if isinstance(change, AddNode) == (change.node in nodes):
            raise OutOfDate(f"node '{change.node}'")
        match change:
            case AddNode():
                nodes[change.node] = Node(module=change.module, params=change.params)
                layout[change.node] = change.place
            case RemoveNode():
                del nodes[change.node]
                layout.pop(change.node, None)
            case MoveNode():
                layout[change.node] = change.place
            case SetInput():
                node = nodes[change.node]
                if node.inputs.get(change.input) != change.before:
                    raise OutOfDate(f"input '{change.input}' of node '{change.node}'")
                inputs = {name: wires for name, wires in node.inputs.items() if name != change.input}
                if change.after is not None:
                    inputs[change.input] = change.after
                nodes[change.node] = node.model_copy(update={"inputs": inputs})
            case SetParameter():
                node = nodes[change.node]
                params = {**node.params, change.name: change.value}
                nodes[change.node] = node.model_copy(update={"params": params})
    return document.model_copy(update={"nodes": nodes, "layout": layout})

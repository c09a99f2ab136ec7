"""Gather the changes of a repair, each seen on the document that those before it have left."""

import re
from collections.abc import Collection, Mapping

from pydantic import JsonValue

from designer.graph.advice.flow import Flows
from designer.graph.advice.repair import (
    AddNode,
    Change,
    MoveNode,
    RemoveNode,
    Repair,
    RepairKind,
    SetInput,
    SetParameter,
    Wires,
    apply,
)
from designer.graph.document import Document, Position, split_version

NODE_WIDTH, NODE_HEIGHT, GAP = 220, 90, 40
LONGEST_BASE = 58


class Editing:
    """A document while it is being repaired."""

    def __init__(self, flows: Flows) -> None:
        self._flows = flows
        self._changes: list[Change] = []
        self.document: Document = flows.graph.document

    def done(self, kind: RepairKind) -> Repair:
        """The repair."""
        return Repair(kind=kind, changes=tuple(self._changes))

    def can_add(self, *modules: str) -> bool:
        """Whether this installation has the modules that a repair puts in."""
        return all(self._flows.graph.catalog.find(module) is not None for module in modules)

    def add(self, module: str, name: str, near: Position, params: Mapping[str, JsonValue] | None = None) -> str:
        """Put a module at the nearest free place to the right; returns its id."""
        node = self._free_id(name)
        self._make(AddNode(node=node, module=module, params=dict(params or {}), place=self._free_place(near)))
        return node

    def remove(self, node: str) -> None:
        """Take a node away."""
        self._make(RemoveNode(node=node))

    def move(self, node: str, place: Position | None) -> None:
        """Move a node, where its place is known."""
        if place is not None and self.document.layout.get(node) not in (None, place):
            self._make(MoveNode(node=node, place=place))

    def set(self, node: str, name: str, value: JsonValue) -> None:
        """Set a parameter."""
        self._make(SetParameter(node=node, name=name, value=value))

    def connect(self, node: str, port: str, wires: Wires) -> None:
        """Give an input another source, or none."""
        before = self.document.nodes[node].inputs.get(port)
        if before != wires:
            self._make(SetInput(node=node, input=port, before=before, after=wires))

    def rewire(self, old: tuple[str, str], new: str, *, but: Collection[str] = ()) -> None:
        """Let another output feed all that an output feeds, except some nodes."""
        for key in sorted(self.document.nodes):
            if key in but:
                continue
            for port, wires in sorted(self.document.nodes[key].inputs.items()):
                if isinstance(wires, list):
                    self.connect(key, port, [new if self._is(old, text) else text for text in wires])
                elif self._is(old, wires):
                    self.connect(key, port, new)

    def text(self, node: str, port: str) -> str:
        """How the document writes an output."""
        return node if len(self._outputs(node)) == 1 else f"{node}.{port}"

    def place(self, node: str) -> Position:
        """Where a node is; the origin where nobody knows."""
        return self.document.layout.get(node, (0.0, 0.0))

    def _is(self, output: tuple[str, str], text: str) -> bool:
        node, _, port = text.partition(".")
        return node == output[0] and (port or next(iter(self._outputs(node)), "")) == output[1]

    def _outputs(self, node: str) -> Collection[str]:
        known = self._flows.graph.nodes.get(node)
        if known is not None:
            return known.outputs
        added = self._flows.graph.catalog.find(*split_version(self.document.nodes[node].module or ""))
        return [port.name for port in added.spec.outputs] if added else []

    def _make(self, change: Change) -> None:
        self.document = apply(self.document, [change])
        self._changes.append(change)

    def _free_id(self, name: str) -> str:
        base = re.sub(r"^[^A-Za-z]+", "", re.sub(r"[^A-Za-z0-9_-]+", "_", name)).strip("_")[:LONGEST_BASE] or "node"
        taken = self.document.nodes
        numbers = (f"{base}_{number}" for number in range(2, len(taken) + 3))
        return base if base not in taken else next(one for one in numbers if one not in taken)

    def _free_place(self, near: Position) -> Position:
        x, y = near
        while any(
            abs(x - other_x) < NODE_WIDTH and abs(y - other_y) < NODE_HEIGHT
            for other_x, other_y in self.document.layout.values()
        ):
            x += NODE_WIDTH + GAP
        return (x, y)


def beside(place: Position) -> Position:
    """To the right of a node."""
    return (place[0] + NODE_WIDTH + GAP, place[1])


def between(one: Position, other: Position) -> Position:
    """Halfway, on the grid of the canvas."""
    return (round((one[0] + other[0]) / 20) * 10.0, round((one[1] + other[1]) / 20) * 10.0)

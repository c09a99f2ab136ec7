"""What is sound and runs, and yet may fool its author: said once, at a wire, and never in the way of a run."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, JsonValue

from designer.graph.advice.repair import Frozen, Repair
from designer.graph.document import Document

Code = Literal[
    "fitted_before_split",
    "resampled_before_split",
    "fitted_before_folds",
    "fitted_on_test",
    "resampled_test",
    "scored_on_training",
    "rows_on_both_sides",
    "tuned_on_test",
    "tuned_on_training",
    "refined_by_training",
    "random_times",
    "label_in_features",
    "label_determined",
    "same_rows",
    "same_group",
]


class Advice(Frozen):
    """A doubt about a wire, which is told by the node and the input that it ends in.

    `nodes` and `values` are what a text in another language needs: the nodes that take part, by their part, and names
    and numbers. `dismissed` is the note of an author who lets it stand, else None.
    """

    code: Code
    node: str
    key: str
    message: str
    hint: str
    column: str | None = None
    nodes: dict[str, str] = Field(default_factory=dict)
    values: dict[str, JsonValue] = Field(default_factory=dict)
    repair: Repair | None = None
    dismissed: str | None = None

    @property
    def input(self) -> str:
        """The input that the wire ends in."""
        return self.key.removeprefix("inputs.")


def doubt(
    code: Code,
    node: str,
    port: str,
    said: str,
    hint: str,
    *,
    column: str | None = None,
    nodes: Mapping[str, str] | None = None,
    values: Mapping[str, JsonValue] | None = None,
    repair: Repair | None = None,
) -> Advice:
    """An advice about the wire into an input of a node; `said` goes on after the name of the node."""
    return Advice(
        code=code,
        node=node,
        key=f"inputs.{port}",
        message=f"Node '{node}': {said}",
        hint=hint,
        column=column,
        nodes=dict(nodes or {}),
        values=dict(values or {}),
        repair=repair,
    )


def with_dismissals(advice: list[Advice], document: Document) -> list[Advice]:
    """The same, each with the note that the document has for it."""
    return [one.model_copy(update={"dismissed": _note(one, document)}) for one in advice]


def _note(one: Advice, document: Document) -> str | None:
    for item in document.nodes[one.node].dismissed:
        if (item.advice, item.input, item.column) == (one.code, one.input, one.column):
            return item.note
    return None

"""What runs have found in data, kept by the lineage of the node that found it."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError

from designer.graph.graph import Graph
from designer.graph.lineage import lineages


class Found(BaseModel):
    """Immutable data out of a run."""

    model_config = ConfigDict(frozen=True)


class Determined(Found):
    """Columns of which each tells another column alone: by equal values, by its order, or by a monotone line."""

    fact: Literal["determined"]
    column: str
    by: tuple[str, ...]
    how: Literal["values", "order", "line"]


class RepeatedRows(Found):
    """So many of the held-out rows that were looked at stand on the other side too, but for the columns `without`."""

    fact: Literal["repeated_rows"]
    rows: int
    of: int
    without: tuple[str, ...]


class SharedGroups(Found):
    """A column names things with several rows each, and so many held-out rows belong to one of the other side."""

    fact: Literal["shared_groups"]
    column: str
    rows: int
    of: int


class Times(Found):
    """A column of text holds dates; `sortable` where their order is that of the text."""

    fact: Literal["times"]
    column: str
    sortable: bool


Fact = Annotated[Determined | RepeatedRows | SharedGroups | Times, Field(discriminator="fact")]
_FACT: TypeAdapter[Fact] = TypeAdapter(Fact)

Facts = Mapping[str, tuple[Fact, ...]]
"""By lineage."""

NO_FACTS: Facts = {}


def facts_by_lineage(graph: Graph, rows_by_node: Mapping[str, Iterable[JsonValue]]) -> Facts:
    """Facts of a run with this graph; rows of another shape, such as those of an older version, are left out."""
    lineage = lineages(graph)
    return {lineage[node]: tuple(_read(rows)) for node, rows in rows_by_node.items() if node in lineage}


def _read(rows: Iterable[JsonValue]) -> Iterable[Fact]:
    for row in rows:
        try:
            yield _FACT.validate_python(row)
        except ValidationError:
            continue

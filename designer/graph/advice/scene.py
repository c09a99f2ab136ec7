"""What a rule looks at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from designer.graph.advice.advice import Advice
from designer.graph.advice.facts import Fact, Facts
from designer.graph.advice.flow import Flows
from designer.graph.graph import Graph
from designer.graph.schemas import Schemas
from modules.kit import TableSchema


@dataclass(frozen=True, slots=True)
class Scene:
    """A graph, where its rows go, which columns there are, and what runs have found in data."""

    flows: Flows
    schemas: Schemas
    facts: Facts

    @property
    def graph(self) -> Graph:
        """The graph that advice is given for."""
        return self.flows.graph

    def facts_of(self, node: str) -> tuple[Fact, ...]:
        """What a run has found in the outputs of a node that was made as it is now."""
        return self.facts.get(self.flows.lineage.get(node, ""), ())

    def table_into(self, node: str, port: str) -> TableSchema | None:
        """The columns that arrive at an input; None where they are not known."""
        sources = self.graph.nodes[node].inputs.get(port, ())
        found = [self.schemas.get(s.node, {}).get(s.port) if s.port else None for s in sources]
        return found[0] if len(found) == 1 and isinstance(found[0], TableSchema) else None


Rule = Callable[[Scene], Iterator[Advice]]

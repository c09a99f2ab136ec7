"""A document whose names are looked up: modules, datasets, ports and the order of nodes.

Building never fails: what cannot be looked up is None here and a problem in
:mod:`designer.graph.checks`, so that an unfinished draft can be examined like a finished one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heappop, heappush

from designer.graph.document import Document, Node, split_version
from modules.kit import Catalog, Definition, InputPort, TableSchema

DATASET_PORT = "dataset"


@dataclass(frozen=True, slots=True)
class DatasetEntry:
    """A registered dataset as the graph needs to know it; ``digest`` is that of its artifact."""

    name: str
    version: int
    digest: str
    schema: TableSchema


@dataclass(frozen=True, slots=True)
class Source:
    """An output that a wire starts from; ``port`` is None where it cannot be told."""

    node: str
    port: str | None
    text: str


@dataclass(frozen=True)
class GraphNode:
    """A node with its module or dataset looked up; both are None where the name is unknown."""

    id: str
    node: Node
    definition: Definition | None
    dataset: DatasetEntry | None
    inputs: Mapping[str, tuple[Source, ...]]

    @property
    def outputs(self) -> dict[str, str]:
        """Type of each output by name, in order."""
        if self.definition is not None:
            return {port.name: port.type for port in self.definition.spec.outputs}
        return {DATASET_PORT: "Table"} if self.node.dataset is not None else {}

    def input_port(self, name: str) -> InputPort | None:
        return self.definition.spec.input(name) if self.definition else None


@dataclass(frozen=True)
class Graph:
    """All nodes by id, and the datasets and modules that they were looked up in."""

    document: Document
    nodes: Mapping[str, GraphNode]
    catalog: Catalog
    datasets: Mapping[str, DatasetEntry]

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Node ids so that each stands after all that feed it, ties by id; without those in a cycle."""
        return topological_order({key: self.upstream_of(key) for key in self.nodes})

    @cached_property
    def in_cycle(self) -> tuple[str, ...]:
        """Nodes that have no place in the order, because they wait for each other."""
        placed = frozenset(self.order)
        return tuple(sorted(key for key in self.nodes if key not in placed))

    def upstream_of(self, node_id: str) -> frozenset[str]:
        """Nodes that feed this one directly."""
        sources = self.nodes[node_id].inputs.values()
        return frozenset(s.node for wires in sources for s in wires if s.node in self.nodes)

    @cached_property
    def downstream(self) -> Mapping[str, frozenset[str]]:
        """Nodes that each node feeds directly."""
        fed: dict[str, set[str]] = {key: set() for key in self.nodes}
        for key in self.nodes:
            for source in self.upstream_of(key):
                fed[source].add(key)
        return {key: frozenset(followers) for key, followers in fed.items()}

    def upstream_closure(self, node_ids: Iterable[str]) -> frozenset[str]:
        """These nodes and all that feeds them."""
        return reached(node_ids, self.upstream_of)

    def downstream_closure(self, node_ids: Iterable[str]) -> frozenset[str]:
        """These nodes and all that they feed."""
        return reached(node_ids, self.downstream.__getitem__)


def build(document: Document, catalog: Catalog, datasets: Mapping[str, DatasetEntry]) -> Graph:
    """Look up all that a document names."""
    looked_up = {key: _look_up(node, catalog, datasets) for key, node in document.nodes.items()}
    bare = {key: GraphNode(key, node, *looked_up[key], inputs={}) for key, node in document.nodes.items()}
    nodes = {
        key: GraphNode(
            key,
            node,
            *looked_up[key],
            inputs={
                port: tuple(_source_of(text, bare) for text in (wires if isinstance(wires, list) else [wires]))
                for port, wires in node.inputs.items()
            },
        )
        for key, node in document.nodes.items()
    }
    return Graph(document, nodes, catalog, datasets)


def reached(start: Iterable[str], next_of: Callable[[str], Iterable[str]]) -> frozenset[str]:
    """What can be reached from some nodes, those included."""
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting.extend(next_of(key))
    return frozenset(found)


def topological_order(upstream: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """Kahn's algorithm with the smallest id first; leaves out what is in or after a cycle."""
    waiting = {key: len(sources) for key, sources in upstream.items()}
    downstream: defaultdict[str, list[str]] = defaultdict(list)
    for key, sources in upstream.items():
        for source in sources:
            downstream[source].append(key)
    free = [key for key, count in waiting.items() if count == 0]
    heapify(free)
    placed: list[str] = []
    while free:
        key = heappop(free)
        placed.append(key)
        for follower in downstream[key]:
            waiting[follower] -= 1
            if waiting[follower] == 0:
                heappush(free, follower)
    return tuple(placed)


def _look_up(
    node: Node, catalog: Catalog, datasets: Mapping[str, DatasetEntry]
) -> tuple[Definition | None, DatasetEntry | None]:
    if node.module is not None:
        return catalog.find(*split_version(node.module)), None
    return None, find_dataset(node.dataset or "", datasets)


def find_dataset(reference: str, datasets: Mapping[str, DatasetEntry]) -> DatasetEntry | None:
    """Find a dataset by `name` or `name@3`; the mapping holds the newest by name and may hold others as `name@3`."""
    name, version = split_version(reference)
    newest = datasets.get(name)
    if version is not None and newest is not None and newest.version == version:
        return newest
    return datasets.get(reference)


def _source_of(text: str, nodes: Mapping[str, GraphNode]) -> Source:
    node_id, dot, port = text.partition(".")
    if dot:
        return Source(node_id, port, text)
    outputs = list(nodes[node_id].outputs) if node_id in nodes else []
    return Source(node_id, outputs[0] if len(outputs) == 1 else None, text)

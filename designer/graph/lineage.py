"""What a node's result is made from, as a text: equal lineages stand for equal results, whatever nodes are called."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from designer.graph.checks import complete_values
from designer.graph.graph import Graph, GraphNode
from designer.graph.values import normal_value


def lineages(graph: Graph) -> dict[str, str]:
    """The lineage of each node that is in no cycle.

    Pipeline parameters count with their defaults. The version of a dataset is part of it, the code of a module is not.
    """
    found: dict[str, str] = {}
    for key in graph.order:
        found[key] = _lineage(graph, graph.nodes[key], found)
    return found


def _lineage(graph: Graph, item: GraphNode, above: Mapping[str, str]) -> str:
    if item.node.dataset is not None:
        made_from: object = [item.node.dataset.partition("@")[0], item.dataset.digest if item.dataset else None]
    else:
        spec = item.definition.spec if item.definition else None
        made_from = [
            [spec.id, spec.version] if spec else item.node.module,
            _values(graph, item) if spec else item.node.params,
            {
                port: [[above.get(source.node), source.port] for source in sources]
                for port, sources in item.inputs.items()
            },
        ]
    text = json.dumps(made_from, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _values(graph: Graph, item: GraphNode) -> dict[str, Any]:
    assert item.definition is not None
    values = complete_values(graph, item)
    return {p.name: normal_value(p, values[p.name]) for p in item.definition.spec.parameters}

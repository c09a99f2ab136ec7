"""All that the editor asks of a document in one go: what is wrong, and which columns there are."""

from collections.abc import Mapping
from dataclasses import dataclass

from designer.errors import Problem
from designer.graph.checks import check
from designer.graph.document import Document
from designer.graph.graph import DatasetEntry, Graph, build
from designer.graph.schemas import Schemas, infer
from modules.kit import Catalog


@dataclass(frozen=True)
class Examination:
    """Problems and schemas of a document, finished or not."""

    graph: Graph
    problems: list[Problem]
    schemas: Schemas


def examine(document: Document, catalog: Catalog, datasets: Mapping[str, DatasetEntry]) -> Examination:
    """Check a document and tell the columns of its ports; never raises for what a user wrote."""
    graph = build(document, catalog, datasets)
    inference = infer(graph)
    return Examination(graph, [*check(graph), *inference.problems], inference.schemas)

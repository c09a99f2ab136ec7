"""All that the editor asks of a document in one go: what is wrong, and which columns there are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pydantic import JsonValue

from designer.errors import InvalidDocument, Problem
from designer.graph.advice import advise
from designer.graph.advice.advice import Advice
from designer.graph.advice.facts import NO_FACTS, Facts
from designer.graph.checks import check
from designer.graph.document import Document
from designer.graph.graph import DatasetEntry, Graph, build
from designer.graph.reading import SourceFormat, read_leniently, with_lines
from designer.graph.schemas import Memory, PortSchema, Schemas, infer, no_memory
from modules.kit import Catalog, TableSchema
from modules.kit.ports import json_of


@dataclass(frozen=True)
class Examination:
    """Problems and schemas of a document, finished or not.

    `facts` are what earlier runs of it have found in data; `seen_in` has the number of the run by which the schema of
    an output is known, by node and port, where it is.
    """

    graph: Graph
    problems: list[Problem]
    schemas: Schemas
    facts: Facts = field(default_factory=dict)
    seen_in: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @cached_property
    def advice(self) -> list[Advice]:
        """What is sound and yet may fool the author."""
        return advise(self.graph, self.schemas, self.facts)

    @property
    def has_errors(self) -> bool:
        """Whether the document cannot run as a whole."""
        return any(problem.severity == "error" for problem in self.problems)

    def to_json(self) -> dict[str, JsonValue]:
        """Write what the editor needs: problems, advice, and the schema of each output by node and port."""
        return {
            "problems": [problem.model_dump(mode="json") for problem in self.problems],
            "advice": [advice.model_dump(mode="json") for advice in self.advice],
            "schemas": {
                node: {port: schema_to_json(schema, self.seen_in.get((node, port))) for port, schema in ports.items()}
                for node, ports in self.schemas.items()
            },
        }


def schema_to_json(schema: PortSchema, seen_in: int | None = None) -> JsonValue:
    """Write the schema of a port, with the number of the run by which it is known; unknown is null."""
    seen: dict[str, JsonValue] = {} if seen_in is None else {"seen_in": seen_in}
    match schema:
        case None:
            return None
        case TableSchema():
            return {"kind": "table", "columns": list(schema.to_json()), **seen}
        case _:
            return {
                **seen,
                "kind": "model",
                "task": schema.task,
                "label": schema.label,
                "features": None if schema.features is None else list(schema.features),
                "classes": None if schema.classes is None else json_of(schema.classes),
            }


def examine(
    document: Document,
    catalog: Catalog,
    datasets: Mapping[str, DatasetEntry],
    *,
    facts: Facts = NO_FACTS,
    memory: Memory = no_memory,
) -> Examination:
    """Check a document and tell the columns of its ports; never raises for what a user wrote."""
    graph = build(document, catalog, datasets)
    inference = infer(graph, memory)
    problems = [*check(graph), *inference.problems]
    return Examination(graph, problems, inference.schemas, facts, inference.seen_in)


def read_and_examine(
    text: str | bytes,
    catalog: Catalog,
    datasets: Mapping[str, DatasetEntry],
    *,
    source_format: SourceFormat | None = None,
) -> Examination:
    """Read a text and examine it, with the line of each problem; raises InvalidDocument with all errors at once.

    Parts that cannot be read are left out for the examination, so that a misspelt key does not hide an unknown module.
    """
    reading = read_leniently(text, source_format=source_format)
    if reading.document is None:
        raise InvalidDocument(reading.problems)
    found = examine(reading.document, catalog, datasets)
    unread = {(problem.node, problem.key) for problem in reading.problems}
    told = [problem for problem in found.problems if (problem.node, problem.key) not in unread]
    problems = [*reading.problems, *with_lines(told, reading.source)]
    examination = Examination(found.graph, problems, found.schemas)
    if examination.has_errors:
        raise InvalidDocument(problems)
    return examination

"""Pipelines in a short notation, examined with the modules of the library.

A line is `node = module port:source … | parameters`, or `node = dataset`.
"""

from functools import cache

import yaml

from designer.graph.advice import Advice
from designer.graph.advice.facts import NO_FACTS, Fact, Facts, facts_by_lineage
from designer.graph.document import Document, Node
from designer.graph.examination import Examination, examine
from designer.graph.graph import DatasetEntry, build
from modules import catalog
from modules.kit import Catalog, ColumnSchema, TableSchema

PEOPLE = TableSchema(
    (
        ColumnSchema("age", "Int64"),
        ColumnSchema("city", "String"),
        ColumnSchema("text", "String"),
        ColumnSchema("salary", "Float64"),
        ColumnSchema("salary_of_parents", "Float64"),
        ColumnSchema("left", "String", categorical=True),
    )
)
DATED = PEOPLE.with_columns(ColumnSchema("day", "Date"))
BORN = PEOPLE.with_columns(ColumnSchema("birth_date", "Date"))
CITIES = TableSchema((ColumnSchema("city", "String"), ColumnSchema("rents", "Float64")))

DATASETS = {
    name: DatasetEntry(name, 1, letter * 64, schema)
    for name, letter, schema in (
        ("people", "a", PEOPLE),
        ("newcomers", "b", PEOPLE),
        ("dated", "c", DATED),
        ("born", "d", BORN),
        ("cities", "e", CITIES),
    )
}


@cache
def library() -> Catalog:
    return catalog.load()


def document(text: str) -> Document:
    """Read the short notation; later lines replace earlier ones of the same name."""
    return Document(nodes=dict(_node(line) for line in text.splitlines() if line.strip()))


def _node(line: str) -> tuple[str, Node]:
    name, _, rest = line.partition("=")
    wired, _, params = rest.partition("|")
    module, *wires = wired.split()
    if module in DATASETS:
        return name.strip(), Node(dataset=module)
    inputs: dict[str, str | list[str]] = {}
    for wire in wires:
        port, _, source = wire.partition(":")
        inputs[port] = source
    return name.strip(), Node(module=module, inputs=inputs, params=yaml.safe_load("{" + params + "}"))


def examined(text: str | Document, facts: Facts = NO_FACTS) -> Examination:
    """The examination of a pipeline."""
    return examine(document(text) if isinstance(text, str) else text, library(), DATASETS, facts=facts)


def advice(text: str | Document, facts: Facts = NO_FACTS) -> list[Advice]:
    """What is doubted."""
    return examined(text, facts).advice


def places(text: str | Document, facts: Facts = NO_FACTS) -> set[str]:
    """Code and wire of each advice, as `code node.input`, with the column where it is about one."""
    return {
        f"{one.code} {one.node}.{one.input}" + (f" {one.column}" if one.column else "") for one in advice(text, facts)
    }


JUDGED = """
learner = two_class_logistic_regression
train = train_model untrained_model:learner dataset:{train} | label_column: left
score = score_model trained_model:train dataset:{test}
evaluate = evaluate_model scored_dataset:score
"""


def judged(train: str = "split.results_dataset1", test: str = "split.results_dataset2") -> str:
    """The end of a pipeline: training, scoring and figures."""
    return JUDGED.format(train=train, test=test)


def whole(text: str, **sides: str) -> str:
    """A pipeline over people, with its end."""
    return f"people = people\n{text}\n{judged(**sides)}"


BY_REGRESSION = """
learner = linear_regression
train = train_model untrained_model:learner dataset:split.results_dataset1 | label_column: salary
score = score_model trained_model:train dataset:split.results_dataset2
evaluate = evaluate_model scored_dataset:score
"""


def found_by(text: str, node: str, *facts: Fact) -> Facts:
    """Facts that a run of a pipeline has found at a node."""
    graph = build(document(text), library(), DATASETS)
    return facts_by_lineage(graph, {node: [fact.model_dump(mode="json") for fact in facts]})

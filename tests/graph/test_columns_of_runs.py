"""Columns that nothing tells before a run, as earlier runs have seen them."""

from designer.graph.examination import Examination, examine
from designer.graph.graph import DatasetEntry, build
from designer.graph.lineage import lineages
from designer.graph.plan import compile_plan
from designer.graph.reading import read
from designer.graph.schemas import Memory, Seen, no_memory
from modules.kit import ColumnSchema, TableSchema
from tests.graph.advised import library

CARS = DatasetEntry("cars", 1, "d1", TableSchema((ColumnSchema("make", "String"), ColumnSchema("price", "Float64"))))
WIDE = TableSchema((ColumnSchema("audi", "Float64"), ColumnSchema("bmw", "Float64")))


def text(keep: object, figure: str = "mean") -> dict[str, object]:
    pivot = {"row_columns": [], "pivot_column": "make", "value_columns": ["price"], "figure": figure}
    return {
        "format": "designer/pipeline@1",
        "nodes": {
            "cars": {"dataset": "cars"},
            "wide": {"module": "pivot_data", "inputs": {"dataset": "cars"}, "params": pivot},
            "keep": {
                "module": "select_columns_in_dataset",
                "inputs": {"dataset": "wide"},
                "params": {"columns": keep},
            },
        },
    }


def remembered(document: dict[str, object]) -> Memory:
    """What a run of a document has given at the node `wide`."""
    lineage = lineages(build(read(document), library(), {"cars": CARS}))["wide"]
    return lambda asked: Seen(7, {"results_dataset": WIDE}) if asked == lineage else None


def look(document: dict[str, object], memory: Memory = no_memory) -> Examination:
    return examine(read(document), library(), {"cars": CARS}, memory=memory)


def columns(found: Examination, node: str) -> list[str] | None:
    schema = found.schemas[node]["results_dataset"]
    return schema.names if isinstance(schema, TableSchema) else None


def test_nothing_is_known_before_a_run_and_that_is_no_problem() -> None:
    found = look(text(["bmw"]))
    assert (columns(found, "wide"), columns(found, "keep"), found.problems) == (None, None, [])


def test_columns_of_a_run_stand_at_the_node_and_flow_on() -> None:
    document = text(["bmw"])
    found = look(document, remembered(document))
    assert (columns(found, "wide"), columns(found, "keep")) == (["audi", "bmw"], ["bmw"])
    shown = found.to_json()["schemas"]
    assert isinstance(shown, dict)
    assert shown["wide"]["results_dataset"]["seen_in"] == shown["keep"]["results_dataset"]["seen_in"] == 7
    assert "seen_in" not in shown["cars"]["dataset"]


def test_another_recipe_is_not_remembered() -> None:
    found = look(text(["bmw"], figure="sum"), remembered(text(["bmw"])))
    assert (columns(found, "wide"), found.seen_in) == (None, {})


def test_a_column_that_a_run_had_not_is_a_doubt_and_hinders_no_run() -> None:
    document = text(["opel"])
    found = look(document, remembered(document))
    assert [(p.node, p.code, p.severity) for p in found.problems] == [("keep", "unknown_column", "warning")]
    assert not found.has_errors
    assert [step.node for step in compile_plan(found.graph).steps] == ["cars", "wide", "keep"]

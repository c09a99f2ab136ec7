"""Columns before a run: from the data's schema through every module, unknown where nothing can be told."""

import time

import pytest

from designer.graph.examination import Examination, examine, schema_to_json
from designer.graph.graph import DatasetEntry
from designer.graph.reading import read
from modules.kit import Catalog, ColumnSchema, ModelSchema, TableSchema

BUDGET_SECONDS = 0.3
"""The editor asks on every save; more would be felt."""


@pytest.fixture
def look(catalog: Catalog, datasets: dict[str, DatasetEntry]):  # type: ignore[no-untyped-def]  # a fixture that is a function
    def examine_nodes(**nodes: object) -> Examination:
        return examine(read({"format": "designer/pipeline@1", "nodes": nodes}), catalog, datasets)

    return examine_nodes


def names(found: Examination, node: str, port: str) -> list[str] | None:
    schema = found.schemas[node][port]
    return schema.names if isinstance(schema, TableSchema) else None


def test_columns_flow_through_a_lazy_module_without_its_help(look) -> None:  # type: ignore[no-untyped-def]  # a fixture that is a function
    found = look(
        cars={"dataset": "cars"},
        keep={"module": "keep_columns", "inputs": {"dataset": "cars"}, "params": {"columns": "price"}},
    )
    assert names(found, "keep", "results_dataset") == ["price"]


def test_nothing_is_known_below_a_wrong_selection_and_one_problem_is_told(look) -> None:  # type: ignore[no-untyped-def]  # a fixture that is a function
    found = look(
        cars={"dataset": "cars"},
        keep={"module": "keep_columns", "inputs": {"dataset": "cars"}, "params": {"columns": "prize"}},
        more={"module": "keep_columns", "inputs": {"dataset": "keep"}, "params": {"columns": "prize"}},
    )
    assert [(p.node, p.key, p.code) for p in found.problems] == [("keep", "params.columns", "unknown_column")]
    assert names(found, "more", "results_dataset") is None


def test_an_unconnected_port_leaves_the_rest_known(look) -> None:  # type: ignore[no-untyped-def]  # a fixture that is a function
    found = look(learner={"module": "line"}, train={"module": "fit", "inputs": {"untrained_model": "learner"}})
    assert found.schemas["learner"]["untrained_model"] == ModelSchema("regression")
    assert {p.key for p in found.problems} == {"inputs.dataset", "params.label"}


def test_a_cycle_has_no_schema_and_does_no_harm(look) -> None:  # type: ignore[no-untyped-def]  # a fixture that is a function
    found = look(
        a={"module": "keep_columns", "inputs": {"dataset": "b"}},
        b={"module": "keep_columns", "inputs": {"dataset": "a"}},
        cars={"dataset": "cars"},
    )
    assert names(found, "cars", "dataset") == ["make", "price"]
    assert {p.code for p in found.problems} == {"cycle"}


def test_a_schema_is_json_for_the_page() -> None:
    table = TableSchema((ColumnSchema("make", "String", "label", categorical=True),))
    assert schema_to_json(table) == {
        "kind": "table",
        "columns": [{"name": "make", "dtype": "String", "role": "label", "categorical": True}],
    }
    assert schema_to_json(ModelSchema("two_class", "income", ("age",), (0, 1))) == {
        "kind": "model",
        "task": "two_class",
        "label": "income",
        "features": ["age"],
        "classes": [0, 1],
    }
    assert schema_to_json(None) is None


def test_a_hundred_nodes_are_known_within_the_budget(look) -> None:  # type: ignore[no-untyped-def]  # a fixture that is a function
    nodes: dict[str, object] = {"n0": {"dataset": "cars"}}
    for index in range(1, 100):
        source = f"n{index - 1}.left" if index % 2 == 0 else f"n{index - 1}"
        module = "halve" if index % 2 else "keep_columns"
        nodes[f"n{index}"] = {"module": module, "inputs": {"dataset": source}}
    look(**nodes)
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        found = look(**nodes)
        seconds.append(time.perf_counter() - started)
    assert found.problems == []
    assert names(found, "n99", "right") == ["make", "price"]
    assert min(seconds) < BUDGET_SECONDS

"""What is wrong with a graph is said with node, key and a way to mend it."""

import pytest

from designer.graph.examination import examine
from designer.graph.graph import DatasetEntry
from designer.graph.reading import read
from modules.kit import Catalog, ModelSchema, TableSchema

GOOD = {
    "cars": {"dataset": "cars"},
    "split": {"module": "halve", "inputs": {"dataset": "cars"}},
    "learner": {"module": "line"},
    "train": {
        "module": "fit",
        "inputs": {"untrained_model": "learner", "dataset": "split.left"},
        "params": {"label": "price"},
    },
}


class Bench:
    def __init__(self, catalog: Catalog, datasets: dict[str, DatasetEntry]) -> None:
        self.catalog, self.datasets = catalog, datasets

    def examine(self, **changed: object):  # type: ignore[no-untyped-def]  # returns what the function of that name does
        document = read({"format": "designer/pipeline@1", "nodes": {**GOOD, **changed}})
        return examine(document, self.catalog, self.datasets)

    def messages(self, **changed: object) -> list[str]:
        return [problem.message for problem in self.examine(**changed).problems]


@pytest.fixture
def bench(catalog: Catalog, datasets: dict[str, DatasetEntry]) -> Bench:
    return Bench(catalog, datasets)


def test_a_good_graph_has_no_problem_and_known_schemas(bench: Bench) -> None:
    found = bench.examine()
    assert found.problems == []
    left = found.schemas["split"]["left"]
    assert isinstance(left, TableSchema)
    assert left.names == ["make", "price"]
    assert found.schemas["train"]["trained_model"] == ModelSchema("regression", "price")


@pytest.mark.parametrize(
    ("node", "said"),
    [
        ({"module": "halv"}, "module 'halv' is unknown; did you mean 'halve'?"),
        ({"module": "halve@7"}, "version 7 of 'halve' is unknown; there is [1]"),
        ({"dataset": "car"}, "dataset 'car' is unknown; did you mean 'cars'?"),
        ({"module": "halve"}, "input 'dataset' is not connected"),
        ({"module": "halve", "inputs": {"data": "cars"}}, "input 'data' is unknown"),
        ({"module": "halve", "inputs": {"dataset": "carz"}}, "names the node 'carz'"),
        ({"module": "halve", "inputs": {"dataset": "split"}}, "has the outputs left, right"),
        ({"module": "halve", "inputs": {"dataset": "split.lef"}}, "did you mean 'left'?"),
        ({"module": "halve", "inputs": {"dataset": "learner"}}, "takes a Table and 'learner.untrained_model' gives"),
        ({"module": "halve", "inputs": {"dataset": ["cars", "cars"]}}, "takes one wire and has 2"),
        ({"module": "halve", "inputs": {"dataset": "x"}}, "waits for itself"),
        ({"module": "halve", "inputs": {"dataset": "cars"}, "params": {"shar": 1}}, "did you mean 'share'?"),
        ({"module": "halve", "inputs": {"dataset": "cars"}, "params": {"share": 2.0}}, "takes at most 1; found 2.0"),
        ({"module": "halve", "inputs": {"dataset": "cars"}, "params": {"mode": "tail"}}, "takes one of share, head"),
        (
            {"module": "keep_columns", "inputs": {"dataset": "cars"}, "params": {"columns": ["prize"]}},
            "column `prize` not found in `cars.dataset`; did you mean `price`?",
        ),
        (
            {"module": "keep_columns", "inputs": {"dataset": "cars"}, "params": {"columns": {"$parameter": "p"}}},
            "pipeline parameter 'p' is unknown",
        ),
    ],
)
def test_each_mistake_is_named(bench: Bench, node: object, said: str) -> None:
    assert [message for message in bench.messages(x=node) if said in message]


def test_a_mistake_names_its_node_and_key(bench: Bench) -> None:
    node = {"module": "halve", "inputs": {"dataset": "cars"}, "params": {"share": 2}}
    [problem] = bench.examine(x=node).problems
    assert (problem.node, problem.key, problem.code) == ("x", "params.share", "wrong_value")


def test_an_unknown_module_leaves_the_schema_below_unknown(bench: Bench) -> None:
    found = bench.examine(x={"module": "nix"}, y={"module": "halve", "inputs": {"dataset": "x.out"}})
    assert found.schemas["y"] == {"left": None, "right": None}
    assert len(found.problems) == 1


def test_a_hidden_parameter_is_not_checked(bench: Bench) -> None:
    node = {"module": "halve", "inputs": {"dataset": "cars"}, "params": {"mode": "head", "share": 7}}
    assert bench.messages(x=node) == []


def test_several_wires_may_end_in_an_input_that_takes_a_list(bench: Bench) -> None:
    found = bench.examine(x={"module": "stack", "inputs": {"tables": ["cars", "split.left"]}})
    assert found.problems == []
    assert isinstance(found.schemas["x"]["results_dataset"], TableSchema)

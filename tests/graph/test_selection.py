"""Which part of a graph runs: to here, from here, selected, everything again."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.errors import InvalidDocument
from designer.graph.graph import DatasetEntry, Graph, build
from designer.graph.plan import Plan, compile_plan, compile_what_can_run
from designer.graph.reading import read
from modules.kit import Catalog

HALVED = {"module": "halve", "inputs": {"dataset": "cars"}, "params": {"seed": 1}}
KEPT = {"module": "keep_columns"}
# cars → parts → left → last, and parts → right; other stands apart.
NODES: dict[str, Any] = {
    "cars": {"dataset": "cars"},
    "parts": HALVED,
    "left": {**KEPT, "inputs": {"dataset": "parts.left"}},
    "right": {**KEPT, "inputs": {"dataset": "parts.right"}},
    "last": {**KEPT, "inputs": {"dataset": "left"}},
    "other": {**KEPT, "inputs": {"dataset": "cars"}},
}


@pytest.fixture
def graph(catalog: Catalog, datasets: dict[str, DatasetEntry]) -> Graph:
    return graph_of(NODES, catalog, datasets)


def graph_of(nodes: dict[str, Any], catalog: Catalog, datasets: dict[str, DatasetEntry]) -> Graph:
    return build(read({"format": "designer/pipeline@1", "nodes": nodes}), catalog, datasets)


def nodes_of(plan: Plan) -> set[str]:
    return {step.node for step in plan.steps}


def forced_in(plan: Plan) -> set[str]:
    return {step.node for step in plan.steps if step.force}


def test_everything_runs_and_nothing_is_forced(graph: Graph) -> None:
    plan = compile_plan(graph)
    assert (nodes_of(plan), forced_in(plan)) == (set(NODES), set())


def test_run_to_here_keeps_what_feeds_the_node(graph: Graph) -> None:
    plan = compile_plan(graph, targets=["left"])
    assert (nodes_of(plan), forced_in(plan)) == ({"cars", "parts", "left"}, set())


def test_run_from_here_runs_what_is_below_again_and_keeps_what_that_needs(graph: Graph) -> None:
    plan = compile_plan(graph, starts=["left"])
    assert (nodes_of(plan), forced_in(plan)) == ({"cars", "parts", "left", "last"}, {"left", "last"})


def test_run_selected_runs_those_again_with_what_is_above(graph: Graph) -> None:
    plan = compile_plan(graph, targets=["left", "right"], force=["left", "right"])
    assert (nodes_of(plan), forced_in(plan)) == ({"cars", "parts", "left", "right"}, {"left", "right"})


def test_force_all_runs_everything_that_takes_part_again(graph: Graph) -> None:
    plan = compile_plan(graph, targets=["right"], force=True)
    assert forced_in(plan) == nodes_of(plan) == {"cars", "parts", "right"}


def test_from_one_node_to_another_runs_what_lies_between_again(graph: Graph) -> None:
    plan = compile_plan(graph, targets=["last"], starts=["parts"])
    assert (nodes_of(plan), forced_in(plan)) == ({"cars", "parts", "left", "last"}, {"parts", "left", "last"})


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"targets": ["lift"]}, "Target 'lift' is not a node; did you mean 'left'"),
        ({"starts": ["lift"]}, "Start 'lift' is not a node; did you mean 'left'"),
        ({"force": ["lift"]}, "Node 'lift' is not a node; did you mean 'left'"),
        ({"targets": ["left"], "starts": ["right"]}, "Start 'right' feeds none of the targets"),
    ],
)
def test_a_selection_that_means_nothing_is_refused(graph: Graph, wish: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidDocument, match=said):
        compile_plan(graph, **wish)


def test_a_disabled_node_cannot_be_selected_and_is_left_out(
    catalog: Catalog, datasets: dict[str, DatasetEntry]
) -> None:
    graph = graph_of({**NODES, "last": {**NODES["last"], "disabled": True}}, catalog, datasets)
    assert nodes_of(compile_plan(graph, starts=["left"])) == {"cars", "parts", "left"}
    with pytest.raises(InvalidDocument, match="Start 'last' is disabled"):
        compile_plan(graph, starts=["last"])


def test_what_cannot_run_yet_is_left_out_with_all_below_it(catalog: Catalog, datasets: dict[str, DatasetEntry]) -> None:
    graph = graph_of({**NODES, "left": KEPT}, catalog, datasets)
    plan, blocked = compile_what_can_run(graph)
    assert nodes_of(plan) == {"cars", "parts", "right", "other"}
    assert [problem.code for problem in blocked["left"]] == ["missing_input"]
    assert blocked["last"] == []


@given(st.data())
def test_a_part_is_closed_upwards_and_forces_only_itself(
    catalog: Catalog, datasets: dict[str, DatasetEntry], data: st.DataObject
) -> None:
    graph = graph_of(NODES, catalog, datasets)
    some = st.lists(st.sampled_from(sorted(NODES)), max_size=3, unique=True)
    starts, force = data.draw(some), data.draw(st.booleans() | some)
    try:
        plan = compile_plan(graph, None, data.draw(st.none() | some), starts=starts, force=force)
    except InvalidDocument as error:
        assert {problem.code for problem in error.problems} == {"unrelated_start"}
        return
    assert all(step.upstream <= nodes_of(plan) for step in plan.steps)
    below = graph.downstream_closure(starts) & nodes_of(plan)
    assert below <= forced_in(plan) <= nodes_of(plan)
    assert force is not True or forced_in(plan) == nodes_of(plan)

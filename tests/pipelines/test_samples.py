"""Every sample pipeline reads, checks, compiles and runs, step by step, on the engine."""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest

from designer.engine.recipe import recipe_of
from designer.graph.examination import examine
from designer.graph.graph import DatasetEntry
from designer.graph.plan import compile_plan
from designer.graph.reading import read
from designer.graph.writing import write
from designer.store.artifacts import Store
from modules import catalog
from modules.kit import TableSchema
from tests.pipelines.running import PIPELINES, Ran

pytestmark = pytest.mark.filterwarnings("ignore")

WIDTH, HEIGHT = 220, 105
"""The width of a node, and its height with two lines of title and of comment."""
LONGEST_COMMENT = 64  # what two lines of a node hold

samples = pytest.mark.parametrize("path", PIPELINES, ids=lambda path: path.stem)


@samples
def test_a_sample_has_no_problem_and_stands_as_it_would_be_written(
    path: Path, datasets: dict[str, DatasetEntry]
) -> None:
    document = read(path.read_bytes())
    assert examine(document, catalog.load(), datasets).problems == []
    assert write(document, catalog=catalog.load()) == path.read_text("utf-8")


@samples
def test_a_sample_says_what_it_is(path: Path) -> None:
    document = read(path.read_bytes())
    assert document.name
    assert document.description.endswith(".")
    assert "task" in document.tags


@samples
def test_the_nodes_of_a_sample_stand_apart_and_their_comments_fit(path: Path) -> None:
    document = read(path.read_bytes())
    assert set(document.layout) == set(document.nodes)
    close = [
        pair
        for pair in combinations(document.layout, 2)
        if abs(document.layout[pair[0]][0] - document.layout[pair[1]][0]) < WIDTH
        and abs(document.layout[pair[0]][1] - document.layout[pair[1]][1]) < HEIGHT
    ]
    assert close == []
    assert [node.comment for node in document.nodes.values() if len(node.comment) > LONGEST_COMMENT] == []


@samples
def test_a_sample_runs_and_gives_the_columns_that_were_foretold(
    path: Path, store: Store, ran: Callable[[Path], Ran]
) -> None:
    found = ran(path)
    for node, ports in found.examination.schemas.items():
        for port, schema in ports.items():
            if isinstance(schema, TableSchema):
                real = TableSchema.of(store.load_table(found.outputs[node][port].digest))
                assert [(c.name, c.role) for c in real.columns] == [(c.name, c.role) for c in schema.columns]


def test_the_same_steps_on_the_same_data_have_the_same_recipes(datasets: dict[str, DatasetEntry]) -> None:
    document = read(PIPELINES[0].read_bytes())
    plans = [compile_plan(examine(document, catalog.load(), datasets).graph) for _ in range(2)]
    split = [plan.step("split") for plan in plans]
    keys = [recipe.key for step in split if (recipe := recipe_of(step, {"dataset": ("a" * 64,)}))]
    assert len(keys) == 2
    assert keys[0] == keys[1]

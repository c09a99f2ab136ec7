"""Every sample pipeline reads, checks, compiles and runs, step by step, on the engine."""

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
from tests.pipelines.running import run

SAMPLES = Path(__file__).parents[2] / "samples"
PIPELINES = sorted((SAMPLES / "pipelines").glob("*.yaml"))


@pytest.mark.parametrize("path", PIPELINES, ids=lambda path: path.stem)
def test_a_sample_has_no_problem_and_is_written_as_it_stands(path: Path, datasets: dict[str, DatasetEntry]) -> None:
    document = read(path.read_bytes())
    found = examine(document, catalog.load(), datasets)
    assert found.problems == []
    assert read(write(document)) == document


@pytest.mark.parametrize("path", PIPELINES, ids=lambda path: path.stem)
def test_a_sample_runs_and_gives_the_columns_that_were_foretold(
    path: Path, store: Store, datasets: dict[str, DatasetEntry]
) -> None:
    found = examine(read(path.read_bytes()), catalog.load(), datasets)
    outputs = run(compile_plan(found.graph), store)
    for node, ports in found.schemas.items():
        for port, schema in ports.items():
            if isinstance(schema, TableSchema):
                real = TableSchema.of(store.load_table(outputs[node][port].digest))
                assert [(c.name, c.role) for c in real.columns] == [(c.name, c.role) for c in schema.columns]


def test_the_same_steps_on_the_same_data_have_the_same_recipes(datasets: dict[str, DatasetEntry]) -> None:
    document = read(PIPELINES[0].read_bytes())
    plans = [compile_plan(examine(document, catalog.load(), datasets).graph) for _ in range(2)]
    split = [plan.step("split") for plan in plans]
    keys = [recipe.key for step in split if (recipe := recipe_of(step, {"dataset": ("a" * 64,)}))]
    assert len(keys) == 2
    assert keys[0] == keys[1]

"""Every sample pipeline reads, checks, compiles and runs, step by step, on the engine."""

from pathlib import Path

import polars as pl
import pytest

from designer.engine.execution import execute
from designer.engine.recipe import recipe_of
from designer.engine.schedule import ready
from designer.engine.step import Done, StepRequest, StoredOutput
from designer.graph.examination import examine
from designer.graph.graph import DatasetEntry
from designer.graph.plan import Plan, compile_plan
from designer.graph.reading import read
from designer.graph.writing import write
from designer.store.artifacts import Store
from modules import catalog
from modules.kit import Context, Table, TableSchema

SAMPLES = Path(__file__).parents[2] / "samples"
PIPELINES = sorted((SAMPLES / "pipelines").glob("*.yaml"))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store.in_folder(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def datasets(store: Store) -> dict[str, DatasetEntry]:
    found = {}
    for path in (SAMPLES / "data").glob("*.csv"):
        table = Table(pl.scan_csv(path))
        digest = store.save(table, "Table").digest
        found[path.stem] = DatasetEntry(path.stem, 1, digest, TableSchema.of(table))
    return found


def run(plan: Plan, store: Store) -> dict[str, dict[str, StoredOutput]]:
    outputs: dict[str, dict[str, StoredOutput]] = {}
    statuses: dict[str, str] = {}
    while now := ready(plan, statuses).run:
        for node in now:
            step = plan.step(node)
            if step.dataset is not None:
                digest = step.dataset.digest
                meta = dict(store.artifact(digest).meta)
                outputs[node] = {"dataset": StoredOutput(digest=digest, type="Table", meta=meta)}
            else:
                inputs = {p: tuple(outputs[w.node][w.port].digest for w in wires) for p, wires in step.inputs.items()}
                outcome = execute(StepRequest(step=step, inputs=inputs), store, Context())
                assert isinstance(outcome, Done), outcome
                outputs[node] = outcome.outputs
            statuses[node] = "completed"
    return outputs


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

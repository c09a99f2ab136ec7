"""Every module has an example of its own, which runs on the engine."""

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from designer.docs.examples import FOLDER, example, example_ids
from designer.engine.execution import execute
from designer.engine.sandbox import Limits, ScriptSandbox
from designer.engine.schedule import ready
from designer.engine.step import Done, Failed, StepRequest
from designer.graph.examination import examine
from designer.graph.graph import DATASET_PORT, DatasetEntry
from designer.graph.plan import compile_plan
from designer.graph.writing import write
from designer.store.artifacts import Store
from modules import catalog
from modules.kit import Context, Table, TableSchema

pytestmark = pytest.mark.filterwarnings("ignore")
"""A module's warnings are lines in the log of its step, for people to read."""

DATA = Path(__file__).parents[2] / "samples" / "data"
OUTSIDE_OUR_POWER = {"execute_r_script": lambda: shutil.which("Rscript") is not None}
"""Examples that need what a machine may lack."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store.in_folder(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def datasets(store: Store) -> dict[str, DatasetEntry]:
    found = {}
    for facts in DATA.glob("*.json"):
        path = DATA / json.loads(facts.read_text("utf-8"))["file"]
        table = Table(pl.scan_csv(path) if path.suffix == ".csv" else pl.scan_parquet(path))
        found[path.stem] = DatasetEntry(path.stem, 1, store.save(table, "Table").digest, TableSchema.of(table))
    return found


@pytest.fixture
def values(tmp_path: Path) -> dict[str, dict[str, str]]:
    """What a person gives the examples that cannot bring it along."""
    table = tmp_path / "cars.csv"
    table.write_text("name,price\na,1\nb,2\n", "utf-8")
    archive = tmp_path / "scripts.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("tools.py", "WORD = 'bundled'\n")
    return {"import_data": {"file": str(table)}, "import_file": {"file": str(archive)}}


def test_every_module_has_an_example_and_every_example_a_module() -> None:
    assert example_ids() == catalog.load().ids


@pytest.mark.parametrize("module", example_ids())
def test_an_example_stands_as_it_would_be_written(module: str) -> None:
    document = example(module)
    assert document is not None
    assert write(document, catalog=catalog.load()) == (FOLDER / f"{module}.yaml").read_text("utf-8")
    assert document.name
    assert document.description.endswith(".")
    assert set(document.layout) == set(document.nodes)


@pytest.mark.parametrize("module", example_ids())
def test_an_example_runs(
    module: str, store: Store, datasets: dict[str, DatasetEntry], values: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    if not OUTSIDE_OUR_POWER.get(module, lambda: True)():
        pytest.skip("needs what this machine has not")
    document = example(module)
    assert document is not None
    examination = examine(document, catalog.load(), datasets)
    assert examination.problems == []
    plan = compile_plan(examination.graph, values.get(module, {}))
    assert module in [step.module for step in plan.steps]
    digests: dict[tuple[str, str], str] = {}
    statuses: dict[str, str] = {}
    failures: list[Any] = []
    while now := ready(plan, statuses).run:
        for node in now:
            step = plan.step(node)
            if step.dataset is not None:
                digests[node, DATASET_PORT] = step.dataset.digest
            else:
                inputs = {p: tuple(digests[w.node, w.port] for w in wires) for p, wires in step.inputs.items()}
                sandbox = ScriptSandbox(Limits(wall_seconds=60), lambda _: None)
                outcome = execute(StepRequest(step=step, inputs=inputs), store, Context(tmp_path, sandbox))
                if isinstance(outcome, Failed):
                    failures.append((node, outcome.failure.message))
                assert isinstance(outcome, Done), failures
                digests |= {(node, port): output.digest for port, output in outcome.outputs.items()}
            statuses[node] = "completed"

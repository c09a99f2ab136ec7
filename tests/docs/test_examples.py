"""Every module has an example of its own, which runs on the engine, and as plain Python elsewhere."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from designer.docs.examples import FOLDER, example, example_ids
from designer.engine.step import Done, Failed
from designer.graph.graph import DatasetEntry
from designer.graph.writing import write
from designer.store.artifacts import Store
from modules import catalog
from tests.docs.running import compiled, node_of, run, shipped
from tests.exporting.programs import Interpreter, assert_same_outputs, interpreter, write_program

pytestmark = pytest.mark.filterwarnings("ignore")
"""A module's warnings are lines in the log of its step, for people to read."""

NEEDS: Mapping[str, Callable[[], bool]] = {"execute_r_script": lambda: shutil.which("Rscript") is not None}
"""Examples that need what a machine may lack."""
NOT_AS_A_PROGRAM: Mapping[str, str] = {
    "execute_r_script": "a program in Python does not run R",
}
"""Examples whose exported program is not compared with the engine, and why."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store.in_folder(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def datasets(store: Store) -> dict[str, DatasetEntry]:
    return shipped(store)


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Interpreter]:
    with interpreter(tmp_path_factory.mktemp("elsewhere")) as running:
        yield running


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
def test_an_example_runs_and_gives_the_same_as_a_program_elsewhere(
    module: str, store: Store, datasets: dict[str, DatasetEntry], elsewhere: Interpreter, tmp_path: Path
) -> None:
    if not NEEDS.get(module, lambda: True)():
        pytest.skip("needs what this machine has not")
    graph, plan = compiled(module, datasets, tmp_path)
    assert node_of(module, plan)
    outcomes = run(plan, store, tmp_path)
    assert [outcome.failure.message for outcome in outcomes.values() if isinstance(outcome, Failed)] == []
    if module in NOT_AS_A_PROGRAM:
        return
    path, program = write_program(graph, plan, store, tmp_path)
    given = elsewhere.run(path, [step.variable for step in program.steps], tmp_path)
    assert "error" not in given, given["error"]["said"]
    engine = {
        node: {port: store.load(output.digest) for port, output in outcome.outputs.items()}
        for node, outcome in outcomes.items()
        if isinstance(outcome, Done)
    }
    assert_same_outputs(program, plan, engine, given["values"])

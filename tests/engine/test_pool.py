"""Step processes: warm, limited, replaced when they die."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from designer.engine.pool import StepPool
from designer.engine.step import Done, Failed, StepRequest
from designer.graph.plan import Output, Step, Wire
from designer.store.artifacts import Store
from modules.kit import Table

SPLIT = {
    "splitting_mode": "split_rows",
    "fraction_of_rows": 0.5,
    "randomized_split": True,
    "seed": 0,
    "stratification_key_column": None,
    "regular_expression": "",
    "relational_expression": "",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def pool(folder: Path) -> Iterator[StepPool]:
    pool = StepPool(1, folder)
    yield pool
    pool.close()


def split_request(folder: Path, rows: int = 10, **params: object) -> StepRequest:
    digest = Store.in_folder(folder).save(Table(pl.LazyFrame({"a": range(rows)})), "Table").digest
    step = Step(
        node="split",
        kind="module",
        module="split_data",
        entry="modules.data_transformation.split_data:split_data",
        params={**SPLIT, **params},  # type: ignore[arg-type]
        inputs={"dataset": (Wire(node="x", port="y"),)},
        outputs=(Output(name="results_dataset1", type="Table"),),
    )
    return StepRequest(step=step, inputs={"dataset": (digest,)})


def test_a_step_runs_and_its_outputs_are_stored(pool: StepPool, folder: Path) -> None:
    outcome = pool.run("r", split_request(folder))
    assert isinstance(outcome, Done)
    assert outcome.outputs["results_dataset1"].meta["rows"] == 5


def test_a_coded_error_names_code_and_port(pool: StepPool, folder: Path) -> None:
    outcome = pool.run("r", split_request(folder, rows=1))
    assert isinstance(outcome, Failed)
    assert (outcome.failure.code, outcome.failure.port) == ("0021", "dataset")


def test_an_unknown_column_is_found_with_the_real_table(pool: StepPool, folder: Path) -> None:
    outcome = pool.run("r", split_request(folder, stratification_key_column="b"))
    assert isinstance(outcome, Failed)
    assert (outcome.failure.code, outcome.failure.column) == ("0001", "b")


def test_a_killed_process_is_replaced(pool: StepPool, folder: Path) -> None:
    process = pool._idle.queue[0]
    process.kill()
    assert isinstance(pool.run("r", split_request(folder)), Done)


def test_a_running_step_can_be_cancelled(pool: StepPool, folder: Path) -> None:
    request = StepRequest(step=Step(node="slow", kind="module", entry="time:sleep"))
    slow = request.model_copy(
        update={"step": request.step.model_copy(update={"entry": "tests.engine.slow:sleep_long"})}
    )
    outcomes: list[object] = []
    thread = threading.Thread(target=lambda: outcomes.append(pool.run("r", slow)))
    thread.start()
    deadline = time.monotonic() + 30
    while not pool.cancel("r", "slow"):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    thread.join(30)
    assert outcomes == [None]
    assert isinstance(pool.run("r", split_request(folder)), Done)


def test_a_step_that_takes_too_long_is_ended(pool: StepPool) -> None:
    step = Step(node="slow", kind="module", entry="tests.engine.slow:sleep_long", timeout_seconds=1)
    outcome = pool.run("r", StepRequest(step=step))
    assert isinstance(outcome, Failed)
    assert outcome.failure.message == "The step did not end within 1 s"

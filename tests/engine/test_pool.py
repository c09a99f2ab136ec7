"""Step processes: warm, limited, replaced when they die."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import psutil
import pytest

from designer.engine.pool import StepPool
from designer.engine.step import Done, Failed, Failure, StepRequest, UploadedFile
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
MEMORY_LIMIT_BYTES = 1_500_000_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="module")
def pool(folder: Path, scratch: Path) -> Iterator[StepPool]:
    pool = StepPool(1, folder, scratch=scratch, memory_limit_bytes=MEMORY_LIMIT_BYTES, warm_up=())
    yield pool
    pool.close()


def request_of(name: str, timeout_seconds: int | None = None, **params: object) -> StepRequest:
    entry = f"tests.engine.steps:{name}"
    step = Step(
        node=name,
        kind="module",
        module=name,
        entry=entry,
        params=params,  # type: ignore[arg-type]  # any parameters
        timeout_seconds=timeout_seconds,
    )
    return StepRequest(step=step)


def split_request(folder: Path, rows: int = 10, **params: object) -> StepRequest:
    digest = Store.in_folder(folder).save(Table(pl.LazyFrame({"a": range(rows)})), "Table").digest
    step = Step(
        node="split",
        kind="module",
        module="split_data",
        entry="modules.data_transformation.split_data:split_data",
        params={**SPLIT, **params},  # type: ignore[arg-type]  # any parameters
        inputs={"dataset": (Wire(node="x", port="y"),)},
        outputs=(Output(name="results_dataset1", type="Table"),),
    )
    return StepRequest(step=step, inputs={"dataset": (digest,)})


def failure_of(pool: StepPool, request: StepRequest) -> Failure:
    outcome = pool.run("r", request)
    assert isinstance(outcome, Failed)
    return outcome.failure


def rows_of(folder: Path, outcome: object) -> list[dict[str, object]]:
    assert isinstance(outcome, Done), outcome
    return Store.in_folder(folder).load_table(outcome.outputs["output"].digest).frame.collect().to_dicts()


def test_a_step_runs_and_its_outputs_are_stored(pool: StepPool, folder: Path) -> None:
    outcome = pool.run("r", split_request(folder))
    assert isinstance(outcome, Done)
    assert outcome.outputs["results_dataset1"].meta["rows"] == 5


def test_a_coded_error_names_code_and_port(pool: StepPool, folder: Path) -> None:
    failure = failure_of(pool, split_request(folder, rows=1))
    assert (failure.code, failure.port) == ("0021", "dataset")


def test_an_unknown_column_is_found_with_the_real_table(pool: StepPool, folder: Path) -> None:
    failure = failure_of(pool, split_request(folder, stratification_key_column="b"))
    assert (failure.code, failure.column) == ("0001", "b")


def test_an_error_without_a_code_keeps_the_frames_of_the_module_alone(pool: StepPool) -> None:
    failure = failure_of(pool, request_of("stumble"))
    assert (failure.code, failure.message) == ("1000", "KeyError: 'prize'")
    assert failure.traceback is not None
    assert 'File "tests/engine/steps.py"' in failure.traceback
    assert "designer/engine/" not in failure.traceback


def test_all_that_a_step_says_is_heard(pool: StepPool) -> None:
    heard: list[str] = []
    fractions: list[float] = []
    outcome = pool.run("r", request_of("talk"), on_log=heard.append, on_progress=fractions.append)
    text = "".join(heard)
    for said in ("printed\n", "to the error stream\n", "logged\n", "UserWarning: take care\n", "native\n"):
        assert said in text
    assert fractions == [0.5]
    assert isinstance(outcome, Done)
    assert outcome.metrics == {"rows": 3.0, "unknown": None}
    assert outcome.tables == {"sizes": [{"cluster": 0, "size": 4}]}


def test_a_warning_is_told_in_every_step(pool: StepPool) -> None:
    heard: list[str] = []
    pool.run("r", request_of("talk"), on_log=heard.append)
    assert "take care" in "".join(heard)


def test_an_upload_is_found_under_its_own_name(pool: StepPool, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("a,b\n")
    digest = Store.in_folder(folder).blobs.add(tmp_path / "x")
    files = {"7": UploadedFile(name="cars.csv", digest=digest)}
    request = request_of("read_upload", path="7").model_copy(update={"files": files})
    assert rows_of(folder, pool.run("r", request)) == [{"name": "cars.csv", "text": "a,b\n"}]


def test_an_unknown_upload_is_a_coded_error(pool: StepPool) -> None:
    assert failure_of(pool, request_of("read_upload", path="8")).code == "0048"


def test_a_script_runs_in_the_sandbox_and_is_heard(pool: StepPool, folder: Path) -> None:
    heard: list[str] = []
    script = "import pandas as pd\nprint('hello')\ndef azureml_main(a): return pd.DataFrame({'n': [1]})"
    outcome = pool.run("r", request_of("run_script", script=script), on_log=heard.append)
    assert rows_of(folder, outcome) == [{"n": 1}]
    assert "".join(heard) == "hello\n"


def test_a_failed_script_names_parameter_and_line(pool: StepPool) -> None:
    failure = failure_of(pool, request_of("run_script", script="1 / 0"))
    assert (failure.code, failure.parameter) == ("0085", "script")
    assert failure.message == "The script failed in line 1: ZeroDivisionError: division by zero"


def test_nothing_temporary_is_left(pool: StepPool, scratch: Path) -> None:
    pool.run("r", request_of("run_script", script="1 / 0"))
    assert {
        file for place in scratch.iterdir() for file in place.iterdir() if not file.name.startswith("warm-")
    } == set()


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("leave", "1000", "The step ended its process (exit code 3)"),
        ("crash", "1000", "The step ended its process (signal SIGSEGV)"),
        ("take_much_at_once", "0138", "MB of memory and asked for more than it may use: Unable to allocate 50.0 GiB"),
        ("take_more_and_more", "0138", "MB of memory"),
        ("be_killed", "1000", "The process of the step was killed from outside; it had reached"),
    ],
)
def test_a_step_that_dies_says_how_and_the_next_one_runs(
    pool: StepPool, folder: Path, name: str, code: str, said: str
) -> None:
    failure = failure_of(pool, request_of(name))
    assert failure.code == code
    assert said in failure.message
    assert isinstance(pool.run("r", split_request(folder)), Done)


def test_a_step_beyond_the_limit_of_its_node_says_what_it_reached_and_what_is_allowed(pool: StepPool) -> None:
    request = request_of("take_more_and_more")
    step = request.step.model_copy(update={"memory_limit_mb": 700})
    failure = failure_of(pool, request.model_copy(update={"step": step}))
    found = re.fullmatch(r"The step reached ([\d,]+) MB of memory; 700 MB are allowed", failure.message)
    assert found, failure.message
    assert failure.code == "0138"
    assert 700 < int(found[1].replace(",", "")) < 2000


def test_what_is_no_longer_in_the_store_is_named(pool: StepPool) -> None:
    request = StepRequest(step=request_of("pass_on").step, inputs={"dataset": ("0" * 64,)})
    outcome = pool.run("r", request)
    assert isinstance(outcome, Failed)
    assert (outcome.missing, outcome.failure.port) == (("0" * 64,), "dataset")
    assert outcome.failure.message == "What flows into `dataset` is no longer in the store"


@pytest.mark.parametrize("name", ["meet_a_full_disk", "meet_a_full_disk_in_native_code"])
def test_a_full_disk_is_no_failure_of_the_module(pool: StepPool, name: str) -> None:
    outcome = pool.run("r", request_of(name))
    assert isinstance(outcome, Failed)
    assert (outcome.ending, outcome.failure.code) == ("trouble", "1028")
    assert outcome.failure.message.startswith("The disk of the worker is full: ")


@pytest.mark.parametrize("name", ["sleep_long", "sleep_talking"])
def test_a_step_that_takes_too_long_is_ended(pool: StepPool, name: str) -> None:
    failure = failure_of(pool, request_of(name, timeout_seconds=1))
    assert (failure.code, failure.message) == ("0072", "The step did not end within 1 s")


def test_a_killed_process_is_replaced(pool: StepPool, folder: Path) -> None:
    for process in pool._idle:
        process.kill()
    assert isinstance(pool.run("r", split_request(folder)), Done)


@pytest.mark.parametrize(
    ("kills", "ending", "code", "said"),
    [
        ([7, 7], "lost", "1000", "The process of the step was killed from outside; it had reached"),
        ([7, 8], "failed", "0138", "The step was killed because the machine ran out of memory; it had reached"),
    ],
)
def test_a_step_whose_process_is_killed_is_lost_unless_memory_ran_out(
    pool: StepPool, monkeypatch: pytest.MonkeyPatch, kills: list[int], ending: str, code: str, said: str
) -> None:
    numbers, begun = iter(kills), threading.Event()

    def counted() -> int:
        begun.set()
        return next(numbers)

    monkeypatch.setattr("designer.engine.pool.out_of_memory_kills", counted)
    thread, outcomes = run_in_thread(pool, request_of("sleep_long"))
    assert begun.wait(30)
    (turn,) = pool._turns
    assert turn.process is not None
    os.kill(turn.process._child.pid, signal.SIGKILL)
    thread.join(30)
    (outcome,) = outcomes
    assert isinstance(outcome, Failed)
    assert (outcome.ending, outcome.failure.code) == (ending, code)
    assert outcome.failure.message.startswith(said)


def is_running(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def run_in_thread(pool: StepPool, request: StepRequest) -> tuple[threading.Thread, list[object]]:
    outcomes: list[object] = []
    thread = threading.Thread(target=lambda: outcomes.append(pool.run("r", request)))
    thread.start()
    return thread, outcomes


def cancel_when_there(pool: StepPool, node: str) -> None:
    deadline = time.monotonic() + 30
    while not pool.cancel("r", node):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_running_step_can_be_cancelled(pool: StepPool, folder: Path) -> None:
    thread, outcomes = run_in_thread(pool, request_of("sleep_long"))
    cancel_when_there(pool, "sleep_long")
    thread.join(30)
    assert outcomes == [None]
    assert isinstance(pool.run("r", split_request(folder)), Done)


def test_a_waiting_step_can_be_cancelled(pool: StepPool) -> None:
    first, _ = run_in_thread(pool, request_of("sleep_long"))
    second, outcomes = run_in_thread(pool, request_of("sleep_talking"))
    cancel_when_there(pool, "sleep_talking")
    second.join(30)
    cancel_when_there(pool, "sleep_long")
    first.join(30)
    assert outcomes == [None]


def test_a_cancelled_script_leaves_no_process(pool: StepPool) -> None:
    script = "import time, os\nif os.fork() == 0: os.setsid()\nprint('here', flush=True)\ntime.sleep(60)"
    here = threading.Event()
    request = request_of("run_script", script=script)
    thread = threading.Thread(target=lambda: pool.run("r", request, on_log=lambda text: here.set()))
    thread.start()
    assert here.wait(30)
    started = psutil.Process().children(recursive=True)
    cancel_when_there(pool, "run_script")
    thread.join(30)
    scripts = [process for process in started if is_running(process) and "script_runner" in str(process.cmdline())]
    assert scripts == []


def test_no_more_steps_run_at_a_time_than_the_pool_is_big(pool: StepPool) -> None:
    threads = [run_in_thread(pool, request_of("sleep_long", timeout_seconds=1))[0] for _ in range(2)]
    started = time.monotonic()
    for thread in threads:
        thread.join(30)
    assert time.monotonic() - started > 2


def test_closing_ends_what_runs_and_what_waits(folder: Path) -> None:
    pool = StepPool(1, folder, warm_up=())
    first, outcomes = run_in_thread(pool, request_of("sleep_long"))
    second, more = run_in_thread(pool, request_of("sleep_long"))
    time.sleep(0.2)
    pool.close()
    first.join(30)
    second.join(30)
    assert (outcomes, more) == ([None], [None])


ORPHANS = """
import sys, threading
from designer.engine.pool import StepPool
from tests.engine.test_pool import request_of
pool = StepPool(2, sys.argv[1], warm_up=())
threading.Thread(target=lambda: pool.run("r", request_of("sleep_talking"), on_log=lambda t: print("running"))).start()
"""


def test_processes_end_when_their_worker_is_killed(tmp_path: Path) -> None:
    worker = subprocess.Popen(  # noqa: S603  our own interpreter
        [sys.executable, "-c", ORPHANS, str(tmp_path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert worker.stdout is not None
    with worker.stdout as said:
        assert said.readline() == b"running\n"
        children = psutil.Process(worker.pid).children(recursive=True)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert len(children) == 2
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []
    assert list(tmp_path.glob("designer-step-*")) == []


def test_secrets_of_the_worker_do_not_reach_a_step(
    folder: Path, monkeypatch: pytest.MonkeyPatch, pool: StepPool
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    other = StepPool(1, folder, warm_up=())
    environment = psutil.Process(other._idle[0]._child.pid).environ()
    other.close()
    assert "DATABASE_URL" not in environment

"""How many threads a step gets."""

from pathlib import Path

import polars as pl
import pytest

from designer.engine import process
from designer.engine.family import running_elsewhere
from designer.engine.process import SMALL_BYTES, threads_for
from designer.engine.step import StepRequest
from designer.graph.plan import Step
from designer.store.artifacts import Store
from modules.kit import Table


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.in_folder(tmp_path)


@pytest.fixture(autouse=True)
def four_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 4)


def busy(monkeypatch: pytest.MonkeyPatch, others: int) -> None:
    monkeypatch.setattr(process, "running_elsewhere", lambda: others)


def request_over(store: Store, rows: int | None, threads: int | None) -> StepRequest:
    digests = () if rows is None else (store.save(Table(pl.LazyFrame({"a": range(rows)})), "Table").digest,)
    inputs = {"dataset": digests} if digests else {}
    return StepRequest(step=Step(node="a", kind="module", module="m"), inputs=inputs, threads=threads)


@pytest.mark.parametrize(("others", "threads"), [(0, 4), (1, 3), (3, 1), (9, 1)])
def test_a_small_step_takes_the_cores_that_are_free(
    store: Store, monkeypatch: pytest.MonkeyPatch, others: int, threads: int
) -> None:
    busy(monkeypatch, others)
    assert threads_for(request_over(store, 10, threads=4), store) == threads


def test_a_small_step_takes_no_more_than_its_share(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    busy(monkeypatch, 0)
    assert threads_for(request_over(store, 10, threads=2), store) == 2


def test_a_large_step_and_one_that_nothing_flows_into_take_their_share(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy(monkeypatch, 9)
    assert threads_for(request_over(store, SMALL_BYTES // 8 + 1, threads=3), store) == 3
    assert threads_for(request_over(store, None, threads=3), store) == 3
    assert threads_for(request_over(store, 10, threads=None), store) is None


def test_a_missing_input_is_for_the_step_to_tell(store: Store) -> None:
    step = Step(node="a", kind="module", module="m")
    assert threads_for(StepRequest(step=step, inputs={"dataset": ("0" * 64,)}, threads=2), store) == 2


@pytest.mark.skipif(not Path("/proc/loadavg").exists(), reason="this system does not tell how many threads run")
def test_the_kernel_tells_how_many_threads_run() -> None:
    assert running_elsewhere() >= 0

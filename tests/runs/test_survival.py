"""Workers, brokers and servers that end at any time: no run hangs, and none is lost."""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
import redis
from websockets.sync.client import connect

from designer.local.processes import Processes
from designer.local.services import start_worker
from tests.installation import Installation, document_of, installation

SLOW = {"module": "take_time", "params": {"seconds": 3}}


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation whose leases run out quickly."""
    with installation(tmp_path_factory.mktemp("fragile"), DESIGNER_LEASE_SECONDS="2") as running:
        yield running


@pytest.fixture
def second_worker(fragile: Installation) -> Iterator[None]:
    with Processes(grace_seconds=5) as processes:
        start_worker(processes, fragile.environment, concurrency=1)
        yield


def command_of(process: psutil.Process) -> str:
    """How it was started; empty for one that has ended meanwhile."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def workers_of(home: Path) -> list[psutil.Process]:
    """Celery workers of an installation, the oldest first."""
    found = []
    for process in psutil.Process().children(recursive=True):
        command = command_of(process)
        if "celery" in command and "--queues=steps" in command and process.environ().get("DESIGNER_HOME") == str(home):
            found.append(process)
    return sorted(found, key=psutil.Process.create_time)


@pytest.mark.usefixtures("second_worker")
def test_a_step_whose_worker_is_killed_is_run_by_another(fragile: Installation) -> None:
    run_id = fragile.submit(document_of(slow=SLOW, after={"module": "take_time", "inputs": {"dataset": "slow"}}))
    fragile.wait_for(run_id, "slow", "running")
    for worker in workers_of(fragile.home)[:1]:
        worker.suspend()  # whichever has the step: a worker that is silent is as good as dead
        fragile.wait_until(run_id, lambda run: run["nodes"]["slow"]["status"] in ("completed", "running"), 30)
        worker.resume()
    assert fragile.wait(run_id)["status"] == "completed"


def test_a_step_is_continued_when_its_worker_comes_back_after_a_crash(tmp_path: Path) -> None:
    with installation(tmp_path / "home", DESIGNER_LEASE_SECONDS="2") as running:
        run_id = running.submit(document_of(slow=SLOW))
        running.wait_for(run_id, "slow", "running")
        for worker in workers_of(running.home):
            worker.send_signal(signal.SIGKILL)
        with Processes(grace_seconds=5) as processes:
            start_worker(processes, running.environment)
            assert running.wait(run_id)["status"] == "completed"
            with running.client() as client:
                events = client.get(f"/api/runs/{run_id}/events").json()
    assert [e["data"]["attempt"] for e in events if e["kind"] == "step_started"] == [1, 2]


def test_a_step_is_continued_when_its_worker_was_stopped_in_order(tmp_path: Path) -> None:
    with installation(tmp_path / "home") as running:
        run_id = running.submit(document_of(slow={"module": "take_time", "params": {"seconds": 20}}))
        running.wait_for(run_id, "slow", "running")
        for worker in workers_of(running.home):
            worker.terminate()
            worker.wait(10)
        with running.client() as client:
            assert client.get(f"/api/runs/{run_id}").json()["nodes"]["slow"]["status"] == "queued"
        with Processes(grace_seconds=5) as processes:
            start_worker(processes, running.environment)
            running.wait_for(run_id, "slow", "running")


def test_a_message_that_the_broker_has_lost_is_sent_again(tmp_path: Path) -> None:
    with installation(tmp_path / "home", DESIGNER_LEASE_SECONDS="2") as running:
        for worker in workers_of(running.home):
            worker.terminate()
            worker.wait(10)
        run_id = running.submit(document_of(quick={"module": "take_time"}))
        with redis.Redis.from_url(running.environment["DESIGNER_BROKER_URL"]) as broker:
            broker.flushall()
        with Processes(grace_seconds=5) as processes:
            start_worker(processes, running.environment)
            assert running.wait(run_id)["status"] == "completed"


@contextmanager
def broker_away(running: Installation) -> Iterator[None]:
    """Let the broker answer nobody for the block."""
    port = urlsplit(running.environment["DESIGNER_BROKER_URL"]).port
    [broker] = [p for p in psutil.Process().children(recursive=True) if f":{port}" in command_of(p)]
    broker.suspend()
    try:
        yield
    finally:
        broker.resume()


def test_runs_are_submitted_while_the_broker_is_away(fragile: Installation) -> None:
    with broker_away(fragile):
        run_id = fragile.submit(document_of(quick={"module": "take_time"}))
    assert fragile.wait(run_id)["status"] == "completed"


def test_a_live_client_hears_of_the_end_although_the_broker_is_away(fragile: Installation) -> None:
    run_id = fragile.submit(document_of(slow=SLOW))
    fragile.wait_for(run_id, "slow", "running")
    url = fragile.url.replace("http", "ws") + f"/ws/runs/{run_id}"
    headers = {"Authorization": f"Bearer {fragile.tokens['alice']}"}
    with connect(url, additional_headers=headers, origin=fragile.url) as socket:  # type: ignore[arg-type]  # any text is an origin
        heard = [json.loads(socket.recv(timeout=30))]
        with broker_away(fragile):
            while heard[-1].get("event", {}).get("kind") != "run_completed":
                heard.append(json.loads(socket.recv(timeout=30)))
    assert heard[0]["kind"] == "snapshot"

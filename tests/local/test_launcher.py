"""`make run` as a process: one link, one line where it cannot start, nothing left behind."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from designer.local.processes import ROOT
from designer.local.services import free_port

LAUNCH = [sys.executable, "-m", "designer.local"]
START_SECONDS = 90


def environment(home: Path, port: int) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("DESIGNER_")}
    return {**own, "DESIGNER_HOME": str(home), "PORT": str(port), "HOST": "127.0.0.1"}


class Launched:
    """A running launcher."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        self.output = home.with_suffix(".out")
        with self.output.open("w") as file:
            self.process = subprocess.Popen(  # noqa: S603  our own command
                LAUNCH, env=environment(home, port), cwd=ROOT, stdout=file, stderr=subprocess.STDOUT
            )

    def wait_for(self, text: str) -> str:
        deadline = time.monotonic() + START_SECONDS
        while text not in (said := self.output.read_text()):
            assert self.process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.1)
        return said

    def descendants(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


def launch(home: Path) -> Iterator[Launched]:
    started = Launched(home, free_port())
    started.wait_for("/sign-in/")
    yield started
    if started.process.poll() is None:
        started.stop(signal.SIGTERM)


@pytest.fixture(scope="module")
def launched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launched]:
    yield from launch(tmp_path_factory.mktemp("shared") / "home")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Launched]:
    """One that a test may stop."""
    yield from launch(tmp_path / "home")


def test_one_link_signs_a_browser_in_once(launched: Launched) -> None:
    kept = launched.home / "link"
    link = kept.read_text().strip()
    assert launched.output.read_text().split().count(link) == 1
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    with httpx.Client() as client:
        assert client.get(link).status_code == 302
        assert client.get(f"http://127.0.0.1:{launched.port}/api/session").status_code == 200
        assert client.get(link).status_code == 403


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_every_process(own: Launched, number: int) -> None:
    family = own.descendants()
    assert len(family) >= 3
    assert own.stop(number) == 0
    assert [process for process in family if process.is_running()] == []


def test_nothing_stays_when_the_launcher_is_killed(own: Launched) -> None:
    family = own.descendants()
    own.stop(signal.SIGKILL)
    assert psutil.wait_procs(family, timeout=20)[1] == []


def test_a_process_that_ends_is_named_and_started_again(launched: Launched) -> None:
    server = next(process for process in launched.descendants() if "uvicorn" in process.cmdline())
    server.kill()
    launched.wait_for("The server has ended by itself (SIGKILL) and is started again.")
    health = httpx.HTTPTransport(retries=20)
    with httpx.Client(transport=health, timeout=60) as client:
        assert client.get(f"http://127.0.0.1:{launched.port}/health").text == "ok"


def test_a_second_one_on_the_same_data_is_refused_in_one_line(launched: Launched) -> None:
    said = subprocess.run(  # noqa: S603  our own command
        LAUNCH, env=environment(launched.home, free_port()), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert said.returncode == 1
    assert len(said.stderr.splitlines()) == 1
    assert f"process {launched.process.pid}" in said.stderr
    assert "DESIGNER_HOME" in said.stderr


@pytest.mark.parametrize("port", ["taken", "http", "70000"])
def test_a_port_that_cannot_be_used_is_refused_in_one_line(tmp_path: Path, port: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        chosen = str(other.getsockname()[1]) if port == "taken" else port
        said = subprocess.run(  # noqa: S603  our own command
            LAUNCH,
            env={**environment(tmp_path / "home", 0), "PORT": chosen},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert said.returncode == 1
    assert len(said.stderr.splitlines()) == 1
    assert chosen in said.stderr
    assert not (tmp_path / "home").exists()

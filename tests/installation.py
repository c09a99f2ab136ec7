"""A real installation for tests: broker, worker and server on a data directory of their own."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from designer.local.processes import ROOT, Processes
from designer.local.services import run_command, services

FINAL = ("completed", "failed", "cancelled")
EXTENSION = Path(__file__).parent / "fixtures" / "extension"
"""Modules that are installed into it as those of another party."""

PEOPLE = """
import json
from designer.workspaces.actions import create_token, ensure_owner
from designer.workspaces.models import Membership, User, Workspace
_, workspace = ensure_owner()
elsewhere, _ = Workspace.objects.get_or_create(name="Elsewhere")
people = {"alice": (workspace, "owner"), "bob": (workspace, "contributor"), "carol": (workspace, "reader"),
          "mallory": (elsewhere, "owner")}
tokens = {}
for name, (place, role) in people.items():
    user, _ = User.objects.get_or_create(username=name)
    Membership.objects.get_or_create(user=user, workspace=place, defaults={"role": role})
    tokens[name] = create_token(user, place, "tests")[1]
print("TOKENS" + json.dumps(tokens))
"""

Json = dict[str, Any]


def document_of(**nodes: Json) -> Json:
    """A pipeline document of these nodes."""
    return {"format": "designer/pipeline@1", "name": "Test", "nodes": nodes}


@dataclass(frozen=True)
class Installation:
    """Where it answers, and the tokens of alice (owner), bob (contributor), carol (reader) and mallory (elsewhere)."""

    url: str
    home: Path
    environment: dict[str, str] = field(repr=False)
    tokens: dict[str, str] = field(repr=False)

    def client(self, person: str = "alice") -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.tokens[person]}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60)

    def submit(self, document: Json, **body: Any) -> str:
        """Submit a document and return the id of its run."""
        with self.client() as client:
            answer = client.post("/api/runs", json={"document": document, **body})
            assert answer.status_code == 201, answer.text
            return str(answer.json()["id"])

    def run(self, document: Json, *, pause: float = 0.05, **body: Any) -> Json:
        """Submit a document and wait for its end."""
        return self.wait(self.submit(document, **body), pause=pause)

    def wait(self, run_id: str, seconds: float = 90, *, pause: float = 0.05) -> Json:
        """The run as it is when it has ended."""
        return self.wait_until(run_id, lambda run: run["status"] in FINAL, seconds, pause)

    def wait_for(self, run_id: str, node: str, status: str, seconds: float = 90) -> Json:
        """The run as it is when a node has come to a status."""
        return self.wait_until(run_id, lambda run: run["nodes"][node]["status"] == status, seconds)

    def wait_until(self, run_id: str, is_there: Any, seconds: float, pause: float = 0.05) -> Json:
        """The run as it is when something holds of it; asking often takes time from what is waited for."""
        deadline = time.monotonic() + seconds
        with self.client() as client:
            while True:
                run: Json = client.get(f"/api/runs/{run_id}").json()
                if is_there(run):
                    return run
                assert time.monotonic() < deadline, run
                time.sleep(pause)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def installation(home: Path, **settings: str) -> Iterator[Installation]:
    """Start everything on a fresh data directory and stop it afterwards; `settings` go to the environment."""
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    with Processes(grace_seconds=5) as processes, environment_with(PYTHONPATH=str(EXTENSION), **settings):
        environment = services(processes, home)
        environment["PORT"] = str(port)
        start_server(processes, environment, port)
        said = run_command(["shell", "--no-imports", "-c", PEOPLE], environment)
        tokens = json.loads(said.partition("TOKENS")[2])
        yield Installation(f"http://127.0.0.1:{port}", home, environment, tokens)


def start_server(processes: Processes, environment: dict[str, str], port: int) -> None:
    command = [sys.executable, "-m", "uvicorn", "designer.asgi:application", "--port", str(port)]
    processes.start("server", [*command, "--log-level", "warning", "--no-access-log"], environment)
    processes.wait_for_port("127.0.0.1", port)


@contextmanager
def environment_with(**settings: str) -> Iterator[None]:
    """Set variables of the environment for a block."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of `manage.py` and keep what it said."""
    return subprocess.run(  # noqa: S603  our own commands
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )

"""A real installation for tests: broker, worker and server on a data directory of their own."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from designer.local.processes import ROOT, Processes
from designer.local.services import run_command, services

FINAL = ("completed", "failed", "cancelled")

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


@dataclass(frozen=True)
class Installation:
    """Where it answers, and the tokens of alice (owner), bob (contributor), carol (reader) and mallory (elsewhere)."""

    url: str
    home: Path
    environment: dict[str, str]
    tokens: dict[str, str]

    def client(self, person: str = "alice") -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.tokens[person]}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60)

    def run(self, document: dict[str, Any], **body: Any) -> dict[str, Any]:
        """Submit a document and wait for its end."""
        with self.client() as client:
            answer = client.post("/api/runs", json={"document": document, **body})
            assert answer.status_code == 201, answer.text
            return self.wait(answer.json()["id"])

    def wait(self, run_id: str, seconds: float = 60) -> dict[str, Any]:
        """The run as it is when it has ended."""
        deadline = time.monotonic() + seconds
        with self.client() as client:
            while True:
                run: dict[str, Any] = client.get(f"/api/runs/{run_id}").json()
                if run["status"] in FINAL:
                    return run
                assert time.monotonic() < deadline, run
                time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def installation(home: Path) -> Iterator[Installation]:
    """Start everything on a fresh data directory and stop it afterwards."""
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    with Processes(grace_seconds=5) as processes:
        environment = services(processes, home)
        environment["PORT"] = str(port)
        environment.pop("DESIGNER_TEST", None)
        command = [sys.executable, "-m", "uvicorn", "designer.asgi:application", "--port", str(port)]
        processes.start("server", [*command, "--log-level", "warning"], environment)
        processes.wait_for_port("127.0.0.1", port)
        said = run_command(["shell", "--no-imports", "-c", PEOPLE], environment)
        tokens = json.loads(said.partition("TOKENS")[2])
        yield Installation(f"http://127.0.0.1:{port}", home, environment, tokens)


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

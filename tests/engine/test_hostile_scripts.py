"""What scripts that mean harm can do at each level of isolation: docs/security.md says it in words."""

import contextlib
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from string import Template

import pytest

from designer.engine.isolation import Level, levels, obstacle
from designer.engine.sandbox import Limits, ScriptSandbox
from modules.kit import ModuleError

WORKER = """
import ctypes, time
held = ctypes.create_string_buffer(b"a secret")
print(ctypes.addressof(held), flush=True)
time.sleep(600)
"""
FIXTURES = Path(__file__).parents[1] / "fixtures"
LIMITS = Limits(wall_seconds=10, memory_bytes=800 << 20, file_bytes=20 << 20, disk_bytes=60 << 20, process_count=20)
LEVELS: tuple[Level, ...] = ("bubblewrap", "landlock", "process")
SECRET = "the-key-of-the-installation"  # noqa: S105  worth nothing
SUCCEEDED = "HARM DONE"
ATTACKS = {path.stem: path.read_text("utf-8") for path in sorted((FIXTURES / "attacks").iterdir())}
"""Scripts that end without an exception only where they get their way; the first line says what stops them."""


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A data directory with what is worth stealing, readable by whoever runs the steps."""
    with tempfile.TemporaryDirectory(prefix="designer-hostile-") as name:
        folder = Path(name)
        (folder / "store" / "ab").mkdir(parents=True)
        for file in ("secret-key", "store/ab/table.arrow"):
            (folder / file).write_text(SECRET, "utf-8")
        with contextlib.closing(sqlite3.connect(folder / "designer.sqlite3")) as database:
            database.execute("create table people (name)")
        yield folder


@pytest.fixture(scope="module")
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """A process of the installation, with a secret in its environment."""
    environment = {**os.environ, "DESIGNER_SECRET_KEY": SECRET}
    command = [sys.executable, "-c", WORKER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:  # noqa: S603  our own code
        yield process
        process.kill()


@pytest.fixture(scope="module")
def broker() -> Iterator[int]:
    """A port of loopback that answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_accept, args=(server,), daemon=True).start()
        yield server.getsockname()[1]


def _accept(server: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            server.accept()[0].close()


@pytest.fixture(scope="module")
def places(home: Path, worker: "subprocess.Popen[bytes]", broker: int) -> dict[str, object]:
    assert worker.stdout is not None
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free_port = probe.getsockname()[1]
    return {
        "home": home,
        "root": Path(__file__).parents[2],
        "secret": SECRET,
        "worker": worker.pid,
        "address": int(worker.stdout.readline()),
        "port": broker,
        "free_port": free_port,
    }


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_hostile_script(
    attack: str, level: Level, places: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    if level not in levels():
        pytest.skip(str(obstacle(level)))
    monkeypatch.setenv("DESIGNER_SECRET_KEY", SECRET)
    first_line, _, harm = Template(ATTACKS[attack]).substitute(places).partition("\n")
    script = f"{harm}\nprint({SUCCEEDED!r}, flush=True)\ndef azureml_main(): pass\n"
    said: list[str] = []
    with contextlib.suppress(ModuleError):
        ScriptSandbox(LIMITS, said.append, level=level).run_python(script, [])
    has_succeeded = SUCCEEDED in "".join(said)
    if level in first_line:
        assert not has_succeeded
    elif os.geteuid() == 0:  # others are held back by more than us; root shows that the attack is a real one
        assert has_succeeded, said


def test_the_suite_is_run_at_more_than_one_level_here() -> None:
    assert sys.platform != "linux" or len(levels()) > 1

"""Child processes that live and end together."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
PR_SET_PDEATHSIG = 1
STARTS_WITHIN_SECONDS = 60


def die_with_parent() -> None:
    """Ask Linux to end this process when its parent dies, however that happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Processes:
    """Starts processes in groups of their own and ends them in reverse order."""

    def __init__(self, grace_seconds: float) -> None:
        self._grace_seconds = grace_seconds
        self._children: list[tuple[str, subprocess.Popen[bytes]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _, child in reversed(self._children):
            with contextlib.suppress(ProcessLookupError):
                child.terminate()
        deadline = time.monotonic() + self._grace_seconds
        for _, child in reversed(self._children):
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(deadline - time.monotonic(), 0.1))
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)  # also what the child left behind
            child.wait()

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start a process; it ends when this object is left."""
        child = subprocess.Popen(  # noqa: S603  our own commands
            command,
            env=dict(environment),
            cwd=ROOT,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509  the launcher has one thread
        )
        self._children.append((name, child))

    def ended(self) -> str | None:
        """The name of a process that has ended by itself."""
        return next((name for name, child in self._children if child.poll() is not None), None)

    def wait_for_port(self, host: str, port: int, stop: threading.Event | None = None) -> None:
        """Wait until something answers at an address, a process has ended, or `stop` is set."""
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while time.monotonic() < deadline and not self.ended() and not (stop and stop.is_set()):
            try:
                socket.create_connection((host, port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return

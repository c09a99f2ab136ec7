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
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
PR_SET_PDEATHSIG = 1
STARTS_WITHIN_SECONDS = 60
# A process that ends by itself more often than this is not started again.
RESTARTS_AT_MOST, RESTARTS_WITHIN_SECONDS = 3, 60


def die_with_parent() -> None:
    """Ask Linux to end this process when its parent dies, however that happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """A process, how it was started, and when it was started again."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    popen: "subprocess.Popen[bytes]" = field(init=False)
    restarts: deque[float] = field(default_factory=lambda: deque(maxlen=RESTARTS_AT_MOST))

    def start(self) -> None:
        self.popen = subprocess.Popen(  # noqa: S603  our own commands
            self.command,
            env=dict(self.environment),
            cwd=self.folder,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509  the launcher has one thread
        )

    def kill_group(self) -> None:
        """End the process at once, with whatever it has started and left behind."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()


class Processes:
    """Starts processes in groups of their own and ends them in reverse order."""

    def __init__(self, grace_seconds: float) -> None:
        self._grace_seconds = grace_seconds
        self._children: list[Child] = []
        self._at_end: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in reversed(self._children):
            with contextlib.suppress(ProcessLookupError):
                child.popen.terminate()
        deadline = time.monotonic() + self._grace_seconds
        for child in reversed(self._children):
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.popen.wait(max(deadline - time.monotonic(), 0.1))
            child.kill_group()
        for action in reversed(self._at_end):
            action()

    def at_end(self, action: Callable[[], None]) -> None:
        """Call this when every process has ended."""
        self._at_end.append(action)

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str], folder: Path = ROOT) -> None:
        """Start a process; it ends when this object is left."""
        child = Child(name, command, environment, folder)
        child.start()
        self._children.append(child)

    def ended(self) -> Child | None:
        """A process that has ended by itself."""
        return next((child for child in self._children if child.popen.poll() is not None), None)

    def restart(self, child: Child) -> bool:
        """Start a process again, unless that has been tried too often of late."""
        now = time.monotonic()
        full = len(child.restarts) == RESTARTS_AT_MOST
        if full and now - child.restarts[0] < RESTARTS_WITHIN_SECONDS:
            return False
        child.kill_group()
        child.restarts.append(now)
        child.start()
        return True

    def wait_for_port(self, host: str, port: int, stop: threading.Event | None = None) -> bool:
        """Wait until something answers at an address; False when a process has ended, `stop` is set or time is up."""
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while time.monotonic() < deadline and not self.ended() and not (stop and stop.is_set()):
            try:
                socket.create_connection((host, port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return True
        return False

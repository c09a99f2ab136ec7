"""A network namespace at the end of a virtual cable, and relays that carry connections across."""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self

CHUNK_BYTES = 1 << 16


def can_cut() -> bool:
    """Whether this process may make network namespaces."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("ip") is None:
        return False
    name = f"probe{secrets.token_hex(3)}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False)  # noqa: S603, S607  our own command
    if made.returncode == 0:
        _ip("netns", "del", name)
    return made.returncode == 0


@dataclass
class Cable:
    """What lies in the namespace sees this machine at `host`, as long as the cable is not cut."""

    name: str
    host: str
    addresses: dict[str, str] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def laid(cls) -> Iterator["Cable"]:
        """Make the namespace and the cable, and take both away at the end."""
        name = f"chaos{secrets.token_hex(3)}"
        network = f"10.213.{secrets.randbelow(250)}"
        near, far = f"{name}a", f"{name}b"
        _ip("netns", "add", name)
        try:
            _ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", name)
            _ip("addr", "add", f"{network}.1/24", "dev", near)
            _ip("link", "set", near, "up")
            for command in (
                ("addr", "add", f"{network}.2/24", "dev", far),
                ("link", "set", far, "up"),
                ("link", "set", "lo", "up"),
            ):
                _ip("-netns", name, *command)
            yield cls(name, f"{network}.1")
        finally:
            _ip("netns", "del", name)

    @property
    def command(self) -> list[str]:
        """What goes before a command to run it at the far end."""
        return ["ip", "netns", "exec", self.name]

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Nothing passes while the block runs, and nobody is told."""
        _ip("link", "set", f"{self.name}a", "down")
        try:
            yield
        finally:
            _ip("link", "set", f"{self.name}a", "up")


class Relay:
    """Carries TCP connections to another address, or to a socket of the file system."""

    def __init__(self, host: str, target: tuple[str, int | None] | str) -> None:
        self._target = target
        self._server = socket.create_server((host, 0))
        self.port: int = self._server.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._server.accept()
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with contextlib.suppress(OSError), near, self._connected() as far:
            threading.Thread(target=_pump, args=(far, near), daemon=True).start()
            _pump(near, far)

    def _connected(self) -> socket.socket:
        if isinstance(self._target, tuple):
            return socket.create_connection(self._target)
        far = socket.socket(socket.AF_UNIX)
        try:
            far.connect(self._target)
        except OSError:
            far.close()
            raise
        return far


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while chunk := source.recv(CHUNK_BYTES):
            target.sendall(chunk)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)  # noqa: S603, S607  our own command

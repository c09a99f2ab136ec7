"""What keeps a user's script apart from the rest of the machine: the strongest level that works here.

========== =========================================================================================
bubblewrap its own view of files, processes and network
landlock   sees the same machine; opens only files of its own and of the system, no TCP connection,
           and reaches no process outside
process    limits, a scrubbed environment and its own process group only: it may do what its user may
========== =========================================================================================
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from designer.engine import landlock

Level = Literal["bubblewrap", "landlock", "process"]

SYSTEM = ("/usr", "/bin", "/lib", "/lib64", "/etc/ssl", "/etc/localtime", "/etc/fonts", "/etc/R", "/etc/alternatives")
"""What programs need of the system; nothing in it is secret."""
SEEN_DEVICES = ("/proc", "/sys/devices/system", "/dev/zero", "/dev/random", "/dev/urandom")
RUNNER = Path(__file__).with_name("script_runner.py")
R_RUNNER = Path(__file__).with_name("r_runner.R")
SHARED_MEMORY_BYTES = 256 << 20
"""Files of a file system in memory count as nobody's memory, so there is little room for them."""


@cache
def levels() -> tuple[Level, ...]:
    """The levels that work on this machine, the strongest first."""
    return tuple(level for level in ("bubblewrap", "landlock", "process") if obstacle(level) is None)


@cache
def obstacle(level: Level) -> str | None:
    """Why a level does not work here, in words; None where it does."""
    if level == "process":
        return None
    if level == "bubblewrap" and shutil.which("bwrap") is None:
        return "bubblewrap is not installed"
    if level == "landlock" and not landlock.version():
        return "the kernel has no Landlock"
    with tempfile.TemporaryDirectory(prefix="script-") as name:
        prepare(Path(name))
        command = confined([sys.executable, "-I", "-c", "pass"], Path(name), level, network=False)
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own command
    return None if done.returncode == 0 else (done.stderr.strip().splitlines() or ["it does not start"])[-1]


def prepare(folder: Path) -> None:
    """Make what a script finds in its folder: where it works, and what it sees as /tmp."""
    (folder / "work").mkdir()
    (folder / "tmp").mkdir()


def confined(command: Sequence[str], folder: Path, level: Level, *, network: bool) -> list[str]:
    """The command that runs another with a script's folder as its own, at a level."""
    match level:
        case "bubblewrap":
            return [*_bubblewrap(folder, network=network), *command]
        case "landlock":
            rules = {"read": [*_readable(), *SEEN_DEVICES], "write": [os.fspath(folder), "/dev/null"]}
            runner = [sys.executable, "-I", "-S", os.fspath(landlock.__file__)]
            return [*runner, json.dumps({**rules, "network": network}), *command]
        case "process":
            return list(command)


def _readable() -> list[str]:
    """Where the system, the interpreter and its packages lie."""
    packages = (place for place in sys.path if "site-packages" in place)
    runners = (os.fspath(RUNNER), os.fspath(R_RUNNER))
    python = (sys.base_prefix, sys.prefix, os.path.realpath(sys.prefix))
    return list(dict.fromkeys([*SYSTEM, *python, *packages, *runners]))


def _bubblewrap(folder: Path, *, network: bool) -> list[str]:
    command = ["bwrap", "--die-with-parent", "--new-session", "--unshare-user", "--unshare-pid", "--unshare-ipc"]
    command += ["--cap-drop", "ALL"]  # root would keep some
    command += [] if network else ["--unshare-net"]
    # First what is empty: the interpreter or this installation may itself lie below /tmp.
    command += ["--proc", "/proc", "--dev", "/dev", "--size", str(SHARED_MEMORY_BYTES), "--tmpfs", "/dev/shm"]  # noqa: S108  a place inside the sandbox
    command += ["--remount-ro", "/dev", "--bind", os.fspath(folder / "tmp"), "/tmp"]  # noqa: S108  its own of the name
    for place in _readable():
        command += ["--ro-bind-try", place, place]
    command += ["--bind", os.fspath(folder), os.fspath(folder)]
    return [*command, "--chdir", os.fspath(folder / "work"), "--"]

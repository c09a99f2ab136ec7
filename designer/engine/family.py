"""A process and all that it has started: how much memory they hold, and how to end them."""

import contextlib
import ctypes
import os
import re
import signal
import sys
import time
from collections.abc import Collection
from pathlib import Path

import psutil

SET_CHILD_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of linux/prctl.h
SWEEPS = 100
OUT_OF_MEMORY_KILLS = re.compile(rb"^oom_kill (\d+)", re.MULTILINE)
OWN_MEMORY = re.compile(rb"^Rss(?:Anon|Shmem):\s+(\d+)", re.MULTILINE)


def adopt_orphans() -> None:
    """Become the parent of every descendant that loses its own, so that none can slip away (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def memory_bytes(pid: int) -> int:
    """Memory that a process and its descendants hold for themselves; mapped files do not count.

    What a fork shares with its parent counts twice, see `exact_memory_bytes`.
    """
    return sum(own_memory_bytes(process.pid) for process in family(pid))


def exact_memory_bytes(pid: int) -> int:
    """The same with shared pages counted once; slower, for use when a limit seems to be reached."""
    return sum(_proportional_bytes(process) for process in family(pid))


def _proportional_bytes(process: psutil.Process) -> int:
    try:
        lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()
        fields = dict(line.split(":", 1) for line in lines[1:])
        return sum(int(fields[name].split()[0]) << 10 for name in ("Pss_Anon", "Pss_Shmem"))
    except (OSError, KeyError, ValueError):
        return own_memory_bytes(process.pid)


def own_memory_bytes(pid: int) -> int:
    """Memory that one process holds for itself; 0 where it has ended."""
    with contextlib.suppress(OSError):
        if found := OWN_MEMORY.findall(Path(f"/proc/{pid}/status").read_bytes()):
            return sum(int(kilobytes) << 10 for kilobytes in found)
    with contextlib.suppress(psutil.Error):  # a system that does not tell
        return int(psutil.Process(pid).memory_info().rss)
    return 0


def out_of_memory_kills() -> int:
    """How many processes the kernel has killed for want of memory so far; 0 where it does not tell."""
    try:
        found = OUT_OF_MEMORY_KILLS.search(Path("/proc/vmstat").read_bytes())
    except OSError:
        return 0
    return int(found[1]) if found else 0


def running_elsewhere() -> int:
    """How many threads of this machine run or wait for a core just now, this one left out; 0 where it is not told."""
    try:
        return int(Path("/proc/loadavg").read_bytes().split()[3].partition(b"/")[0]) - 1
    except (OSError, ValueError, IndexError):
        return 0


def family(pid: int) -> list[psutil.Process]:
    """The process and its descendants; empty where it has ended."""
    try:
        own = psutil.Process(pid)
        return [own, *own.children(recursive=True)]
    except psutil.Error:
        return []


def end_descendants(pid: int, *, spare: Collection[int] = ()) -> None:
    """Kill what a process has started, in whatever group or session, until nothing is left.

    The children in `spare`, and whatever those start, go on. A group is killed in one stroke, which a fork bomb does
    not outrun.
    """
    for _ in range(SWEEPS):
        found = [process for process in _descendants(pid, spare) if _is_running(process)]
        if not found:
            return
        own_group = _group_of(pid)
        for group in {_group_of(process.pid) for process in found} - {own_group, None}:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, signal.SIGKILL)  # type: ignore[arg-type]  # None is taken out
        for process in found:
            with contextlib.suppress(psutil.Error):
                process.kill()
        time.sleep(0.005)


def _descendants(pid: int, spare: Collection[int]) -> list[psutil.Process]:
    found = family(pid)[1:]
    parents = {process.pid: _parent_of(process) for process in found}

    def is_spared(descendant: int | None) -> bool:
        return descendant in spare or (descendant in parents and is_spared(parents[descendant]))

    return [process for process in found if not is_spared(process.pid)]


def _parent_of(process: psutil.Process) -> int | None:
    try:
        return process.ppid()
    except psutil.Error:
        return None


def reap_adopted(*, spare: Collection[int] = ()) -> None:
    """Take note of the end of orphans that this process adopted."""
    for process in family(os.getpid())[1:]:
        if process.pid not in spare:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(process.pid, os.WNOHANG)


def end_family(pid: int) -> None:
    """Kill a group leader and all that it has started, without letting it start more meanwhile."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGSTOP)
        end_descendants(pid)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _is_running(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _group_of(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None

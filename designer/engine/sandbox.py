"""Run a user's script in a process of its own, with limits.

The script has its own process group, a scrubbed environment and its own folder. Tables go in and
come out as Arrow files, the rest as JSON; nothing that the script made is ever unpickled. The
whole group, and whatever left it, is killed at the end. What else keeps it apart: `isolation`.
"""

import contextlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import psutil

from designer.engine import r_tables
from designer.engine.family import (
    adopt_orphans,
    end_descendants,
    exact_memory_bytes,
    family,
    memory_bytes,
    reap_adopted,
)
from designer.engine.isolation import R_RUNNER, RUNNER, Level, confined, levels, prepare
from designer.store.tables import read_file
from modules.kit import ArchiveNotReadable, ModuleError, NamesNotText, OutOfMemory, ScriptFailed, Table, TookTooLong

STATE_FILE = "state.bin"
BUNDLE_FILE = "bundle.zip"
CALLED = {"call": "`azureml_main`", "train": "`train`", "predict": "`predict`", "r": "`azureml_main`"}
"""The function of the script that a job calls, as people know it."""
LOOK_SECONDS = 0.05
MEASURE_SECONDS = 0.5
MEGABYTE = 1 << 20
GIGABYTE = 1 << 30
OUTPUT_CHUNK_BYTES = 1 << 16
SIGNAL_EXIT = 128  # bubblewrap, like a shell, tells signal n as exit code 128 + n
ADDRESS_SPACE_BYTES = 16 * GIGABYTE  # libraries reserve far more than they use
MAPPED_BYTES = 4 * GIGABYTE  # stacks and pools of allocators, mapped and hardly used
PASSED_VARIABLES = (
    *("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH"),
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a script may use."""

    wall_seconds: float = 3600
    memory_bytes: int = 4 * GIGABYTE
    file_bytes: int = 4 * GIGABYTE
    disk_bytes: int = 8 * GIGABYTE
    process_count: int = 64
    network: bool = False


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why the sandbox ended a script."""

    reason: str
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Job:
    """What is done with a script: `call` its function, `train` the learner that it defines, or `predict` with one.

    `state` is a learner as the script's own process has pickled it; no other process reads it. A `bundle` is unpacked
    beside the script.
    """

    task: str
    inputs: Sequence[Table | None]
    outputs_at_most: int
    bundle: Path | None = None
    state: bytes | None = None
    options: dict[str, Any] = field(default_factory=dict)


class ScriptSandbox:
    """Gives a module the means to run scripts; what they print is passed on while they run."""

    def __init__(
        self,
        limits: Limits,
        on_output: Callable[[str], None],
        folder: Path | None = None,
        *,
        level: Level | None = None,
    ) -> None:
        self._limits = limits
        self._on_output = on_output
        self._folder = folder
        self._level = level or levels()[0]

    def run_python(
        self,
        script: str,
        inputs: Sequence[Table | None],
        *,
        bundle: Path | None = None,
        outputs_at_most: int = 2,
    ) -> list[pl.DataFrame]:
        """Call `azureml_main` with the inputs; the tables that it returned.

        A zip archive as `bundle` lies unpacked in ``./Script Bundle``, where its modules are found. Raises
        ScriptFailed, OutOfMemory, TookTooLong, ArchiveNotReadable or NamesNotText.
        """
        with self._finished(script, Job("call", inputs, outputs_at_most, bundle)) as (folder, result):
            return _tables(folder, result)

    def train_python(self, script: str, features: Table, label: Table) -> bytes:
        """Make the learner that the script defines, and train it; what it has become, for `predict_python` alone.

        The bytes are a pickle of the script's making: never unpickle them outside of the sandbox.
        """
        with self._finished(script, Job("train", [features, label], 0)) as (folder, _):
            return (folder / _inside(folder, STATE_FILE)).read_bytes()

    def predict_python(self, script: str, state: bytes, features: Table) -> pl.DataFrame:
        """What a trained learner of the script says of some rows."""
        with self._finished(script, Job("predict", [features], 1, state=state)) as (folder, result):
            tables = _tables(folder, result)
            if len(tables) != 1:
                raise ScriptFailed("`predict` returned nothing; a pandas DataFrame is expected", parameter="script")
            return tables[0]

    def run_r(
        self, script: str, inputs: Sequence[Table | None], *, bundle: Path | None = None, seed: int | None = None
    ) -> list[pl.DataFrame]:
        """Call `azureml_main` of an R script with the inputs; the two tables of the list that it returned.

        Raises ScriptFailed, also where R is not installed, and what `run_python` raises.
        """
        if shutil.which("Rscript") is None:
            raise ScriptFailed(
                "R is not installed where this step ran",
                hint="Whoever runs this installation can install it, as the package r-base-core of Debian and Ubuntu.",
            )
        with self._finished(script, Job("r", inputs, 2, bundle, options={"seed": seed})) as (folder, result):
            return _r_tables(folder, result)

    @contextmanager
    def _finished(self, script: str, job: Job) -> Iterator[tuple[Path, dict[str, Any]]]:
        """Run a script to its end: its folder, for as long as the block lasts, and what it says of its result."""
        with tempfile.TemporaryDirectory(prefix="script-", dir=self._folder, ignore_cleanup_errors=True) as name:
            folder = Path(name)
            _write_request(folder, script, job, self._limits)
            code, stopped = self._run(folder)
            yield folder, _checked_result(folder, job, code, stopped, self._limits)

    def _run(self, folder: Path) -> tuple[int, Stopped | None]:
        adopt_orphans()
        others = {process.pid for process in family(os.getpid())[1:]}
        runner = [sys.executable, "-I", "-u", os.fspath(RUNNER), os.fspath(folder)]
        child = subprocess.Popen(  # noqa: S603  our own interpreter and file
            confined(runner, folder, self._level, network=self._limits.network),
            cwd=folder / "work",
            env=_environment(folder, self._level),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        reader = threading.Thread(target=self._pass_on, args=(child,), daemon=True)
        reader.start()
        try:
            stopped = _watch(child, folder, self._limits)
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
            code = child.wait()  # from here on, what it has started is ours
            end_descendants(os.getpid(), spare=others)
            if self._level == "bubblewrap" and code > SIGNAL_EXIT:
                code = SIGNAL_EXIT - code
            reap_adopted(spare=others)
        reader.join()
        return code, stopped

    def _pass_on(self, child: subprocess.Popen[bytes]) -> None:
        assert child.stdout is not None
        with child.stdout as output:
            while chunk := os.read(output.fileno(), OUTPUT_CHUNK_BYTES):
                self._on_output(chunk.decode("utf-8", "replace"))


def _write_request(folder: Path, script: str, job: Job, limits: Limits) -> None:
    prepare(folder)
    (folder / ("script.R" if job.task == "r" else "script.py")).write_text(script, "utf-8")
    if job.bundle is not None:
        shutil.copyfile(job.bundle, folder / BUNDLE_FILE)
    if job.state is not None:
        (folder / STATE_FILE).write_bytes(job.state)
    names: list[str | None] = []
    for index, table in enumerate(job.inputs):
        ending = "" if job.task == "r" else ".arrow"
        names.append(None if table is None else f"input{index}{ending}")
        if table is not None and job.task == "r":
            r_tables.write(table, folder, f"input{index}")
        elif table is not None:
            table.frame.sink_ipc(
                folder / f"input{index}.arrow", compression="uncompressed", compat_level=pl.CompatLevel.oldest()
            )
    request = {
        "task": job.task,
        "inputs": names,
        "outputs_at_most": job.outputs_at_most,
        "limits": _kernel_limits(limits),
        "r_runner": os.fspath(R_RUNNER),
        **job.options,
    }
    (folder / "request.json").write_text(json.dumps(request), "utf-8")


def _kernel_limits(limits: Limits) -> dict[str, int]:
    """Limits that the kernel holds the script to; the watch is there for what it does not count."""
    found = {
        "RLIMIT_CORE": 0,
        "RLIMIT_FSIZE": limits.file_bytes,
        "RLIMIT_CPU": int(limits.wall_seconds * (os.cpu_count() or 1)) + 1,
        "RLIMIT_AS": limits.memory_bytes + ADDRESS_SPACE_BYTES,
        "RLIMIT_DATA": limits.memory_bytes + MAPPED_BYTES,
    }
    if os.getuid() != 0:  # the kernel does not count root's processes
        found["RLIMIT_NPROC"] = _threads_of_this_user() + 4 * limits.process_count
    return {name: value for name, value in found.items() if hasattr(resource, name)}


def _threads_of_this_user() -> int:
    mine = os.getuid()
    return sum(
        process.info["num_threads"] or 1
        for process in psutil.process_iter(["uids", "num_threads"])
        if process.info["uids"] and process.info["uids"].real == mine
    )


def _environment(folder: Path, level: Level) -> dict[str, str]:
    """What a script needs to run, and nothing about this installation."""
    passed = {name: os.environ[name] for name in PASSED_VARIABLES if name in os.environ}
    work = os.fspath(folder / "work")
    own = {"HOME": work, "TMPDIR": work, "MPLBACKEND": "Agg", "PYTHONIOENCODING": "utf-8"}
    if level == "landlock":  # /dev/shm belongs to all processes of this user, so joblib must do without
        own["JOBLIB_MULTIPROCESSING"] = "0"
    return {"LANG": "C.UTF-8", "TZ": "UTC", **passed, **own}


def _watch(child: subprocess.Popen[bytes], folder: Path, limits: Limits) -> Stopped | None:
    """Wait for the end of a script; tells why it has to be stopped before."""
    until = time.monotonic() + limits.wall_seconds
    given, next_measure = _size_of(folder), time.monotonic() + MEASURE_SECONDS
    while True:
        try:
            child.wait(LOOK_SECONDS)
            return None
        except subprocess.TimeoutExpired:
            pass
        if time.monotonic() > until:
            return Stopped("time")
        processes = len(family(child.pid))
        if processes > limits.process_count:
            return Stopped("processes", processes)
        if memory_bytes(child.pid) > limits.memory_bytes:
            used = exact_memory_bytes(child.pid)
            if used > limits.memory_bytes:
                return Stopped("memory", used)
        if time.monotonic() > next_measure:
            written = _size_of(folder) - given
            if written > limits.disk_bytes:
                return Stopped("disk", written)
            next_measure = time.monotonic() + MEASURE_SECONDS


def _size_of(folder: Path) -> int:
    """What the files below a folder take on the disk; what goes away meanwhile counts nothing."""
    size = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                size += os.lstat(os.path.join(place, name)).st_blocks * 512  # noqa: PTH118  may be many
    return size


def _checked_result(folder: Path, job: Job, code: int, stopped: Stopped | None, limits: Limits) -> dict[str, Any]:
    """What a script that has ended says of its result; raises what became of it instead."""
    match stopped:
        case Stopped("time"):
            raise TookTooLong(
                f"The script did not end within {limits.wall_seconds:g} s",
                hint="Look for a loop without an end, or raise the node's time limit.",
            )
        case Stopped("processes", amount):
            raise ScriptFailed(
                f"The script started {amount} processes; {limits.process_count} are allowed", hint="All were ended."
            )
        case Stopped("disk", amount):
            raise ScriptFailed(
                f"The script wrote {amount // MEGABYTE:,} MB to the disk; "
                f"{limits.disk_bytes // MEGABYTE:,} MB are allowed",
                hint="Its files have been removed.",
            )
        case Stopped("memory", amount):
            raise _out_of_memory(f"used {amount // MEGABYTE:,} MB of memory", limits)
    result = _result(folder)
    if result is None:
        raise ScriptFailed(
            f"The script ended its process ({ending(code)}) before {CALLED[job.task]} returned", parameter="script"
        )
    if error := result.get("error"):
        raise _failure(error, limits)
    return result


def _tables(folder: Path, result: dict[str, Any]) -> list[pl.DataFrame]:
    """The tables that a script has written; raises ScriptFailed where they are none."""
    names = result.get("tables")
    if not isinstance(names, list):
        raise ScriptFailed("The script left no result", parameter="script")
    try:
        return [read_file(folder / _inside(folder, str(name))).collect() for name in names]
    except (pl.exceptions.PolarsError, OSError) as error:
        raise ScriptFailed(f"The script left a result that is no table: {error}", parameter="script") from None


def _r_tables(folder: Path, result: dict[str, Any]) -> list[pl.DataFrame]:
    """The tables that R has written; one that is missing has neither rows nor columns."""
    names = result.get("tables")
    if not isinstance(names, list):
        raise ScriptFailed("The script left no result", parameter="script")
    try:
        return [_r_table(folder, str(name)) if name else pl.DataFrame() for name in names]
    except (pl.exceptions.PolarsError, OSError, ValueError, KeyError) as error:
        raise ScriptFailed(f"The script left a result that is no table: {error}", parameter="script") from None


def _r_table(folder: Path, name: str) -> pl.DataFrame:
    for ending in (".classes", ".csv"):
        if ending == ".classes" or (folder / f"{name}.classes").stat().st_size:
            _inside(folder, f"{name}{ending}")
    return r_tables.read(folder, Path(name).name)


def _result(folder: Path) -> dict[str, Any] | None:
    path = folder / "result.json"
    if path.is_symlink() or not path.is_file():
        return None
    try:
        found = json.loads(path.read_text("utf-8"))
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _inside(folder: Path, name: str) -> str:
    """A plain file of the folder: a script could have named or linked any other."""
    path = folder / Path(name).name
    if path.is_symlink() or not path.is_file():
        raise ScriptFailed(f"The script's result `{name}` is missing", parameter="script")
    return path.name


def _failure(error: Any, limits: Limits) -> ModuleError:
    if not isinstance(error, dict):
        return ScriptFailed("The script left no result", parameter="script")
    message, line, trace = str(error.get("message")), error.get("line"), error.get("traceback")
    place = f"failed in line {line}" if line else "failed"
    match error.get("kind"):
        case "memory":
            return _out_of_memory(f"{place} and asked for too much memory ({message})", limits, trace)
        case "refused":
            return ScriptFailed(message, parameter="script")
        case "archive":
            return ArchiveNotReadable(message, port="script_bundle", hint="Give it a zip archive of plain files.")
        case "names":
            return NamesNotText(
                message, parameter="script", hint="`frame.columns = frame.columns.astype(str)` makes texts of them."
            )
        case "exit":
            place = f"ended in line {line}" if line else "ended"
    return ScriptFailed(f"The script {place}: {message}", parameter="script", traceback=trace)


def _out_of_memory(what: str, limits: Limits, trace: str | None = None) -> OutOfMemory:
    return OutOfMemory(
        f"The script {what}; {limits.memory_bytes // MEGABYTE:,} MB are allowed",
        parameter="script",
        hint="Give it fewer rows or columns, or work in pieces.",
        traceback=trace,
    )


def ending(code: int) -> str:
    """How a process ended, in words."""
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

"""Warm step processes, one for each step that may run at the same time."""

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from designer.engine.family import (
    end_family,
    exact_memory_bytes,
    memory_bytes,
    out_of_memory_kills,
    own_memory_bytes,
)
from designer.engine.process import FOLDER_PREFIX, NEARLY_ALWAYS_USED, ProcessSettings
from designer.engine.sandbox import ending
from designer.engine.step import Done, Failed, Failure, Outcome, StepRequest

OUTCOMES: TypeAdapter[Done | Failed] = TypeAdapter(Outcome)
LOOK_SECONDS = 0.1
CHUNK_BYTES = 1 << 18
MEGABYTE = 1 << 20
RECYCLED_BYTES = 1 << 30  # a process that keeps more than this after a step is replaced
OPENMP_SPINS = "1000"
SPARES = 1  # a process takes seconds to get warm, so one waits for another's death
KEPT_LINES = 40
SECRETS = ("DATABASE_URL", "DESIGNER_SECRET_KEY", "DESIGNER_BROKER_URL")
NO_MEMORY = "memory allocation of"  # how Rust says it before it aborts
KILLED_HINT = "Run it again; if it ends so every time, look for what kills processes on that machine."

Say = Callable[[str], None]
Tell = Callable[[float], None]


def _nothing(_: Any) -> None:
    """Where logs and progress go that nobody wants."""


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """What all processes of a pool have in common."""

    process: ProcessSettings
    cores: int
    scratch: Path | None


class StepProcess:
    """A child that runs one step at a time. Spawned, never forked: Polars and OpenMP hold threads."""

    def __init__(self, settings: PoolSettings) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX, dir=settings.scratch))
        self._child = subprocess.Popen(  # noqa: S603  our own interpreter and module
            [sys.executable, "-m", "designer.engine.process", settings.process.model_dump_json()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(settings, self._folder),
            cwd=Path(__file__).parents[2],
            start_new_session=True,
        )
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        assert self._child.stderr is not None
        self._requests, self._answers, self._errors = self._child.stdin, self._child.stdout, self._child.stderr
        os.set_blocking(self._errors.fileno(), False)
        self._rest = b""
        self._said: deque[str] = deque(maxlen=KEPT_LINES)
        self._ending = threading.Lock()
        self._seen_bytes = 0
        self._kills_before = 0

    @property
    def is_alive(self) -> bool:
        """Whether the child can take another step."""
        return self._child.poll() is None

    @property
    def is_bloated(self) -> bool:
        """Whether the child keeps much memory after a step, as allocators do."""
        return own_memory_bytes(self._child.pid) > RECYCLED_BYTES

    def kill(self) -> None:
        """End the child and all that it has started, at once."""
        with self._ending:
            if self._child.returncode is None:
                end_family(self._child.pid)
                self._child.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def close(self) -> None:
        """End the child and let go of its pipes; nobody may be waiting for it."""
        self.kill()
        for pipe in (self._requests, self._answers, self._errors):
            with contextlib.suppress(OSError):
                pipe.close()

    def run(
        self,
        request: StepRequest,
        *,
        on_log: Say = _nothing,
        on_progress: Tell = _nothing,
        memory_limit_bytes: int | None = None,
    ) -> Done | Failed:
        """Run a step to its outcome; a limit that is reached ends the child and is a failure."""
        started = time.monotonic()
        limit_bytes = _smallest(memory_limit_bytes, request.step.memory_limit_mb)
        self._seen_bytes = 0
        self._kills_before = out_of_memory_kills()
        for _ in self._native_output():  # of the time before this step
            pass
        try:
            self._requests.write(request.model_dump_json().encode() + b"\n")
            self._requests.flush()
        except OSError:
            return self._ended(request, started, on_log)
        for message in self._messages():
            match message:
                case {"message": "outcome", "outcome": outcome}:
                    self._pass_native_output_on(on_log)
                    return OUTCOMES.validate_python(outcome)
                case {"message": "log", "text": text}:
                    on_log(text)
                case {"message": "progress", "fraction": fraction}:
                    on_progress(fraction)
                case {"message": "look"}:
                    self._pass_native_output_on(on_log)
                    failed = self._limit_reached(request, started, limit_bytes)
                    if failed is not None:
                        self.kill()
                        return failed
        return self._ended(request, started, on_log)

    def _messages(self) -> Iterator[dict[str, Any]]:
        """What the child says until it ends, and a "look" in between, however much it says."""
        poll = select.poll()
        poll.register(self._answers, select.POLLIN)
        next_look = time.monotonic() + LOOK_SECONDS
        while True:
            ready = poll.poll(max(0.0, next_look - time.monotonic()) * 1000)
            if ready:
                chunk = os.read(self._answers.fileno(), CHUNK_BYTES)
                if not chunk:
                    return
                *lines, self._rest = (self._rest + chunk).split(b"\n")
                yield from map(json.loads, lines)
            elif not self.is_alive:  # a grandchild may still hold the pipe
                return
            if time.monotonic() >= next_look:
                next_look = time.monotonic() + LOOK_SECONDS
                yield {"message": "look"}

    def _native_output(self) -> Iterator[str]:
        while True:
            try:
                chunk = os.read(self._errors.fileno(), CHUNK_BYTES)
            except BlockingIOError:
                return
            if not chunk:
                return
            text = chunk.decode("utf-8", "replace")
            self._said.extend(text.splitlines())
            yield text

    def _pass_native_output_on(self, on_log: Say) -> None:
        for text in self._native_output():
            on_log(text)

    def _limit_reached(self, request: StepRequest, started: float, memory_limit_bytes: int | None) -> Failed | None:
        timeout_seconds = request.step.timeout_seconds
        if timeout_seconds is not None and time.monotonic() - started > timeout_seconds:
            message = f"The step did not end within {timeout_seconds:g} s"
            return _failed(request, started, "0072", message, "Raise the node's time limit or give it less to do.")
        self._seen_bytes = max(self._seen_bytes, memory_bytes(self._child.pid))
        if memory_limit_bytes is None or self._seen_bytes <= memory_limit_bytes:
            return None
        self._seen_bytes = used = exact_memory_bytes(self._child.pid)
        if used <= memory_limit_bytes:
            return None
        allowed = memory_limit_bytes // MEGABYTE
        message = f"The step reached {used // MEGABYTE:,} MB of memory; {allowed:,} MB are allowed"
        return _failed(request, started, "0138", message, "Give it fewer rows or columns, or raise the memory limit.")

    def _ended(self, request: StepRequest, started: float, on_log: Say) -> Failed:
        """The failure of a step whose process ended by itself."""
        self._pass_native_output_on(on_log)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(1)
        self.kill()
        code, said = self._child.returncode, "\n".join(self._said) or None
        reached = f"; it had reached {self._seen_bytes // MEGABYTE:,} MB"
        if NO_MEMORY in (said or ""):
            message = f"The step asked for more memory than it may use{reached}"
            return _failed(request, started, "0138", message, None, said)
        if code == -signal.SIGKILL and out_of_memory_kills() > self._kills_before:
            message = f"The step was killed because the machine ran out of memory{reached}"
            return _failed(request, started, "0138", message, "Give it fewer rows or columns.", said)
        if code == -signal.SIGKILL:
            message = f"The process of the step was killed from outside{reached}"
            return _failed(request, started, "1000", message, KILLED_HINT, said).model_copy(update={"ending": "lost"})
        return _failed(request, started, "1000", f"The step ended its process ({ending(code)})", None, said)


def _environment(settings: PoolSettings, folder: Path) -> dict[str, str]:
    """The environment without what a step has no business with, and with bounds for threads.

    A library is loaded with as many threads as there are cores; a step gets its share of them, see
    `StepRequest.threads`. Threads of OpenMP that wait spin for some microseconds and then sleep. Two
    steps that spin for each other's cores take many times as long (measured: 11 s in place of 0.3 s),
    and one whose threads sleep at once twice as long as one that is alone needs (1.9 s in place of 0.9 s).
    """
    cores = str(settings.cores)
    return {
        **{name: value for name, value in os.environ.items() if name not in SECRETS},
        "OMP_NUM_THREADS": cores,
        "OMP_WAIT_POLICY": "passive",
        "GOMP_SPINCOUNT": OPENMP_SPINS,  # GNU's OpenMP goes by this one
        "OPENBLAS_NUM_THREADS": cores,
        "MKL_NUM_THREADS": cores,
        "POLARS_MAX_THREADS": cores,
        "LOKY_MAX_CPU_COUNT": cores,
        "TMPDIR": os.fspath(folder),
    }


def _smallest(limit_bytes: int | None, limit_mb: int | None) -> int | None:
    """The limit of the installation or that of the node, whichever is lower."""
    limits = [limit for limit in (limit_bytes, limit_mb and limit_mb * MEGABYTE) if limit is not None]
    return min(limits) if limits else None


def _failed(
    request: StepRequest,
    started: float,
    code: str,
    message: str,
    hint: str | None = None,
    traceback: str | None = None,
) -> Failed:
    failure = Failure(code=code, message=message, module=request.step.module, hint=hint, traceback=traceback)
    return Failed(failure=failure, seconds=time.monotonic() - started)


@dataclass(eq=False, slots=True)
class Turn:
    """A step of this pool, waiting for a process or running in one."""

    run_id: str
    node: str
    process: StepProcess | None = None
    cancelled: bool = False


class StepPool:
    """Lends warm processes to steps and replaces those that died.

    `store` is a folder or a store URL, `cache` the folder for local copies of a bucket, `scratch`
    the one for temporary files. `warm_up` names modules that processes import before their first step,
    `private_networks` the networks beside the open internet that modules may connect to.
    """

    def __init__(
        self,
        size: int,
        store: Path | str,
        *,
        memory_limit_bytes: int | None = None,
        cache: Path | None = None,
        scratch: Path | None = None,
        warm_up: tuple[str, ...] = NEARLY_ALWAYS_USED,
        private_networks: tuple[str, ...] = (),
    ) -> None:
        process = ProcessSettings(
            store=os.fspath(store),
            cache=os.fspath(cache or Path(tempfile.gettempdir()) / "designer-store-cache"),
            memory_limit_bytes=memory_limit_bytes,
            warm_up=warm_up,
            private_networks=private_networks,
        )
        self._settings = PoolSettings(process, os.cpu_count() or 1, scratch)
        self._size = size
        self._changed = threading.Condition()
        self._turns: set[Turn] = set()
        self._closed = False
        self._idle = [self._spawn() for _ in range(size)]

    def _spawn(self) -> StepProcess:
        return StepProcess(self._settings)

    def run(
        self,
        run_id: str,
        request: StepRequest,
        *,
        on_log: Say = _nothing,
        on_progress: Tell = _nothing,
    ) -> Done | Failed | None:
        """Run a step in the next idle process; None where it was cancelled or the pool was closed."""
        turn = Turn(run_id, request.step.node)
        process = self._lend(turn)
        if process is None:
            return None
        try:
            outcome = process.run(
                request.model_copy(update={"threads": self._share()}),
                on_log=on_log,
                on_progress=on_progress,
                memory_limit_bytes=self._settings.process.memory_limit_bytes,
            )
        finally:
            self._take_back(turn, process)
        return None if turn.cancelled else outcome

    def _lend(self, turn: Turn) -> StepProcess | None:
        """Wait for an idle process; None where the step is cancelled before it gets one."""
        with self._changed:
            self._turns.add(turn)
            self._changed.wait_for(lambda: turn.cancelled or self._running_count() < self._size)
            if turn.cancelled:
                self._turns.discard(turn)
                return None
            process = self._idle.pop()
            while not process.is_alive:
                process.close()
                process = self._idle.pop() if self._idle else self._spawn()
            turn.process = process
            return process

    def _share(self) -> int:
        """The cores of one step: all of them where it runs alone."""
        with self._changed:
            return max(1, self._settings.cores // max(1, self._running_count()))

    def _running_count(self) -> int:
        return sum(turn.process is not None for turn in self._turns)

    def _take_back(self, turn: Turn, process: StepProcess) -> None:
        with self._changed:
            self._turns.discard(turn)
            if self._closed:
                process.close()
                return
            if process.is_alive and not process.is_bloated:
                self._idle.append(process)
            else:
                process.close()
            while self._running_count() + len(self._idle) < self._size + SPARES:
                self._idle.insert(0, self._spawn())
            self._changed.notify_all()

    def cancel(self, run_id: str, node: str) -> bool:
        """End a step that runs or waits here; tells whether there was one."""
        with self._changed:
            turns = [turn for turn in self._turns if (turn.run_id, turn.node) == (run_id, node)]
            self._cancel(turns)
        return bool(turns)

    def close(self) -> None:
        """End all processes; steps that run or wait are cancelled."""
        with self._changed:
            self._closed = True
            self._cancel(list(self._turns))
            for process in self._idle:
                process.close()
            self._idle.clear()

    def _cancel(self, turns: list[Turn]) -> None:
        for turn in turns:
            turn.cancelled = True
            if turn.process is not None:
                turn.process.kill()
        self._changed.notify_all()

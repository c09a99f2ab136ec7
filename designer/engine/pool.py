"""Warm step processes, one for each step that may run at the same time."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
from pydantic import TypeAdapter

from designer.engine.step import Done, Failed, Failure, Outcome, StepRequest

OUTCOMES: TypeAdapter[Done | Failed] = TypeAdapter(Outcome)
LOOK_SECONDS = 0.2
MEGABYTE = 1 << 20

Say = Callable[[str], None]


def _nothing(_: Any) -> None:
    """Where logs and progress go that nobody wants."""


class StepProcess:
    """A child that runs one step at a time. Spawned, never forked: Polars and OpenMP hold threads."""

    def __init__(self, store: Path, threads: int) -> None:
        environment = {
            **os.environ,
            "OMP_NUM_THREADS": str(threads),
            "POLARS_MAX_THREADS": str(threads),
            "OPENBLAS_NUM_THREADS": str(threads),
        }
        self._child = subprocess.Popen(  # noqa: S603  our own interpreter and module
            [sys.executable, "-m", "designer.engine.process", os.fspath(store)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=environment,
            cwd=Path(__file__).parents[2],
            start_new_session=True,
        )
        self._messages: queue.Queue[dict[str, Any] | None] = queue.Queue()
        assert self._child.stdin is not None
        self._stdin = self._child.stdin
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self._child.stdout is not None
        with self._child.stdout as answers:
            for line in answers:
                self._messages.put(json.loads(line))
        self._messages.put(None)

    @property
    def is_alive(self) -> bool:
        return self._child.poll() is None

    def memory_bytes(self) -> int:
        """Resident memory of the child and all its children."""
        try:
            own = psutil.Process(self._child.pid)
            return sum(p.memory_info().rss for p in [own, *own.children(recursive=True)])
        except psutil.Error:
            return 0

    def kill(self) -> None:
        """End the child and its whole process group at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        self._listener.join()
        with contextlib.suppress(BrokenPipeError):
            self._stdin.close()

    def run(
        self,
        request: StepRequest,
        *,
        on_log: Say = _nothing,
        on_progress: Callable[[float], None] = _nothing,
        memory_limit_bytes: int | None = None,
        timeout_seconds: float | None = None,
    ) -> Done | Failed:
        """Run a step to its outcome; a limit that is reached ends the child and is a failure."""
        started = time.monotonic()
        try:
            self._stdin.write(request.model_dump_json() + "\n")
            self._stdin.flush()
        except (BrokenPipeError, OSError):
            return _failed(request, started, "1000", "The step process had ended before the step began")
        while True:
            try:
                message = self._messages.get(timeout=LOOK_SECONDS)
            except queue.Empty:
                used = self.memory_bytes()
                if memory_limit_bytes is not None and used > memory_limit_bytes:
                    self.kill()
                    return _failed(
                        request,
                        started,
                        "0138",
                        f"The step used {used // MEGABYTE} MB of memory; "
                        f"{memory_limit_bytes // MEGABYTE} MB are allowed",
                        "Give it fewer rows or columns, or raise the memory limit.",
                    )
                if timeout_seconds is not None and time.monotonic() - started > timeout_seconds:
                    self.kill()
                    return _failed(
                        request,
                        started,
                        "0072",
                        f"The step did not end within {timeout_seconds:g} s",
                        "Raise the node's time limit or give it less to do.",
                    )
                continue
            match message:
                case None:
                    code = self._child.wait()
                    self.kill()
                    return _failed(request, started, "1000", f"The step process ended by itself ({_ending(code)})")
                case {"message": "log", "text": text}:
                    on_log(text)
                case {"message": "progress", "fraction": fraction}:
                    on_progress(fraction)
                case {"message": "outcome", "outcome": outcome}:
                    return OUTCOMES.validate_python(outcome)


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _failed(request: StepRequest, started: float, code: str, message: str, hint: str | None = None) -> Failed:
    failure = Failure(code=code, message=message, module=request.step.module, hint=hint)
    return Failed(failure=failure, seconds=time.monotonic() - started)


class StepPool:
    """Lends warm processes to steps and replaces those that died."""

    def __init__(self, size: int, store: Path, *, memory_limit_bytes: int | None = None) -> None:
        self._store = store
        self._threads = max(1, (os.cpu_count() or 1) // size)
        self._memory_limit_bytes = memory_limit_bytes
        self._idle: queue.LifoQueue[StepProcess] = queue.LifoQueue()
        self._running: dict[tuple[str, str], StepProcess] = {}
        self._cancelled: set[tuple[str, str]] = set()
        self._lock = threading.Lock()
        for _ in range(size):
            self._idle.put(self._spawn())

    def _spawn(self) -> StepProcess:
        return StepProcess(self._store, self._threads)

    def run(
        self,
        run_id: str,
        request: StepRequest,
        *,
        on_log: Say = _nothing,
        on_progress: Callable[[float], None] = _nothing,
    ) -> Done | Failed | None:
        """Run a step in the next idle process; None where it was cancelled."""
        key = (run_id, request.step.node)
        process = self._idle.get()
        if not process.is_alive:
            process = self._spawn()
        with self._lock:
            self._running[key] = process
        try:
            outcome = process.run(
                request,
                on_log=on_log,
                on_progress=on_progress,
                memory_limit_bytes=self._memory_limit_bytes,
                timeout_seconds=request.step.timeout_seconds,
            )
        finally:
            with self._lock:
                del self._running[key]
                cancelled = key in self._cancelled
                self._cancelled.discard(key)
            self._idle.put(process if process.is_alive else self._spawn())
        return None if cancelled else outcome

    def cancel(self, run_id: str, node: str) -> bool:
        """End a step that runs here; tells whether there was one."""
        with self._lock:
            process = self._running.get((run_id, node))
            if process is None:
                return False
            self._cancelled.add((run_id, node))
        process.kill()
        return True

    def close(self) -> None:
        """End all processes."""
        with self._lock:
            running = list(self._running.values())
        for process in running:
            process.kill()
        while True:
            try:
                self._idle.get_nowait().kill()
            except queue.Empty:
                return

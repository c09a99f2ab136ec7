"""The worker's side of a step: a warm process, the log, and the lease."""

import logging
import os
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery import signals
from celery.exceptions import Reject
from celery.worker.control import control_command
from django.conf import settings
from django.db import close_old_connections, connection

from designer.bus import send
from designer.celery import waiting_messages
from designer.engine.pool import StepPool
from designer.engine.step import Done, Failed, Failure
from designer.runs.actions.lost_steps import repeat_abandoned_steps, send_lost_messages
from designer.runs.actions.steps import Attempt, Claim, end_step, renew_leases, repeat_step, start_step
from designer.runs.logs import StepLog
from designer.runs.record import group_of

log = logging.getLogger(__name__)

HEARTBEATS_IN_A_LEASE = 4


class Worker:
    """The processes of this worker and the attempts that run in them."""

    def __init__(self, size: int) -> None:
        self._pool = StepPool(
            size,
            settings.STORE_URL,
            memory_limit_bytes=settings.STEP_MEMORY_BYTES,
            cache=settings.STORE_CACHE,
            private_networks=settings.PRIVATE_NETWORKS,
        )
        self._running: set[Attempt] = set()
        self._stopping = threading.Event()
        threading.Thread(target=self._keep_alive, name="heartbeat", daemon=True).start()

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    def run(self, claim: Claim) -> tuple[Done | Failed | None, str]:
        """Run a claimed attempt: its outcome, None where it was ended from outside, and the digest of its log."""
        attempt = claim.attempt
        with self._registered(attempt), StepLog(attempt.run_id, attempt.node) as step_log:
            outcome = self._pool.run(
                _pool_key(attempt),
                claim.request,
                on_log=step_log.write,
                on_progress=Progress(attempt),
            )
        return outcome, step_log.digest

    def end_attempts(self, run_id: str | None = None) -> int:
        """Kill what runs here, or what runs here of one run; returns how many there were."""
        chosen = [attempt for attempt in tuple(self._running) if run_id in (None, attempt.run_id)]
        return sum(self._pool.cancel(_pool_key(attempt), attempt.node) for attempt in chosen)

    def stop(self) -> None:
        """Begin no more steps and end those that run: they are queued again."""
        self._stopping.set()
        self.end_attempts()

    def close(self) -> None:
        self._stopping.set()
        self._pool.close()

    @contextmanager
    def _registered(self, attempt: Attempt) -> Iterator[None]:
        self._running.add(attempt)
        try:
            yield
        finally:
            self._running.discard(attempt)

    def _keep_alive(self) -> None:
        while not self._stopping.wait(settings.LEASE_SECONDS / HEARTBEATS_IN_A_LEASE):
            try:
                close_old_connections()
                self._beat()
            except Exception:  # the database or the broker may come back before the lease ends
                log.exception("leases could not be renewed")

    def _beat(self) -> None:
        for attempt in renew_leases(tuple(self._running)):
            self._pool.cancel(_pool_key(attempt), attempt.node)
        repeat_abandoned_steps()
        if waiting_messages() == 0:
            send_lost_messages()


def _pool_key(attempt: Attempt) -> str:
    """Tells two attempts of one step apart, which may be in one worker after a lease has run out."""
    return f"{attempt.run_id}.{attempt.number}"


_worker: Worker | None = None


@signals.worker_init.connect
def _start(sender: Any = None, **_: Any) -> None:
    global _worker
    connection.settings_dict["CONN_MAX_AGE"] = None  # the threads of a worker live long, those of the server do not
    _worker = Worker(sender.concurrency or os.cpu_count() or 1)


@signals.worker_shutting_down.connect
def _stop(**_: Any) -> None:
    # Sent inside the signal handler of the main thread, which must not wait for locks.
    if _worker is not None:
        threading.Thread(target=_worker.stop, name="stop").start()


@signals.worker_shutdown.connect
def _close(**_: Any) -> None:
    if _worker is not None:
        _worker.close()


@control_command(args=[("run_id", str)])
def cancel_steps(state: Any, run_id: str) -> dict[str, int]:
    """Kill the steps of a run that run in this worker."""
    return {"cancelled": _worker.end_attempts(run_id) if _worker else 0}


def run_step(attempt: Attempt) -> None:
    """Run one attempt of a step and record its outcome; a duplicate message does nothing."""
    if _worker is None:
        raise RuntimeError("steps run only in a Celery worker")
    if _worker.is_stopping:
        raise Reject("this worker is stopping", requeue=True)
    close_old_connections()
    claim = start_step(attempt)
    if claim is None:
        return
    try:
        outcome, step_log = _worker.run(claim)
    except Exception as error:  # ours, not the module's: the step must end all the same
        log.exception("step %s of run %s could not be run", attempt.node, attempt.run_id)
        outcome, step_log = _own_failure(error), ""
    if outcome is not None:
        end_step(claim, outcome, log=step_log)
    elif _worker.is_stopping:
        repeat_step(attempt)


def _own_failure(error: Exception) -> Failed:
    said = f"The step could not be run: {type(error).__name__}: {error}"
    return Failed(failure=Failure(code="1000", message=said, traceback=traceback.format_exc()), seconds=0)


class Progress:
    """Tells live clients how far a step is, a few times a second at the most."""

    def __init__(self, attempt: Attempt) -> None:
        self._attempt, self._next = attempt, 0.0

    def __call__(self, fraction: float) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + 0.2
            message = {"kind": "progress", "node": self._attempt.node, "fraction": fraction}
            send(group_of(self._attempt.run_id), [message])

"""The worker's side of a step: a warm process, the log, and the lease.

Two threads stand beside the steps. The heartbeat only renews leases, so that nothing keeps it from doing so; the reaper
sets going again what other workers, the broker or this one have lost, and keeps the store within its limit.
"""

import logging
import os
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from celery import signals
from celery.exceptions import Reject
from celery.worker.control import control_command
from django.conf import settings
from django.db import (
    DataError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    close_old_connections,
    connection,
)

from designer.assets.store import store
from designer.bus import send
from designer.celery import waiting_messages
from designer.engine.pool import StepPool
from designer.engine.step import Done, Failed, Failure
from designer.runs.actions.lost_steps import (
    abandoned_attempts,
    release_waiting_steps,
    repeat_abandoned_step,
    send_lost_messages,
    stalled_runs,
)
from designer.runs.actions.steps import Attempt, Claim, end_step, renew_leases, repeat_step, wake_runs
from designer.runs.advance import enqueue
from designer.runs.logs import StepLog
from designer.runs.queue import begin_queued_runs, something_waits, start_next
from designer.runs.record import group_of
from designer.runs.retention import sweep_when_due
from designer.store.blobs import FolderBlobs
from designer.store.retention import trim_copies

log = logging.getLogger(__name__)

Found = TypeVar("Found")

HEARTBEATS_IN_A_LEASE = 4
SAME_RUN_SECONDS = 0.25
"""So long a worker goes on with a run before it asks again whose turn it is."""
TOLD_BY_EACH = 2
"""Whoever comes for a step and finds more tells so many others: 64 idle ones are at it after five rounds."""
INSISTS_SECONDS = 600.0
LONGEST_PAUSE_SECONDS = 5.0
COPIES_UNUSED_SECONDS = 3600.0


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
        for name, task in (("heartbeat", self._beat), ("reaper", Reaper().reap)):
            threading.Thread(target=self._repeat, args=(name, task), name=name, daemon=True).start()

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    def run(self, claim: Claim) -> tuple[Done | Failed | None, str]:
        """Run a claimed attempt: its outcome, None where it was ended from outside, and the digest of its log."""
        attempt = claim.attempt
        with StepLog(attempt.run_id, attempt.node, attempt.number) as step_log:
            outcome = self._pool.run(
                _pool_key(attempt),
                claim.request,
                on_log=step_log.write,
                on_progress=Progress(attempt),
            )
        return outcome, step_log.digest

    def insist(self, task: Callable[[], Found]) -> Found:
        """Do what must not be lost, as often as it takes: the database may be away, locked or on a full disk.

        Repeating is safe, because what an attempt does counts once. What is too late by then changes nothing.
        """
        until, pause = time.monotonic() + INSISTS_SECONDS, 0.1
        while True:
            try:
                return task()
            except (OperationalError, InterfaceError):
                if time.monotonic() > until:
                    raise
                log.warning("the database did not take a change; it is tried again", exc_info=True)
                time.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
                close_old_connections()

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
    def registered(self, attempt: Attempt) -> Iterator[None]:
        """Renew the lease of an attempt for as long as the block runs."""
        self._running.add(attempt)
        try:
            yield
        finally:
            self._running.discard(attempt)

    def _repeat(self, name: str, task: Callable[[], None]) -> None:
        while not self._stopping.wait(settings.LEASE_SECONDS / HEARTBEATS_IN_A_LEASE):
            close_old_connections()
            see_to(name, task)

    def _beat(self) -> None:
        for attempt in renew_leases(tuple(self._running)):
            self._pool.cancel(_pool_key(attempt), attempt.node)


class Reaper:
    """Sets going again whatever was lost.

    A lease that ran out tells nothing while the database was away, because nobody could renew it. So steps count as
    abandoned only when the database has answered for a while, in which living workers have renewed their leases.
    """

    def __init__(self) -> None:
        self._answers_since = time.monotonic()
        self._trims_at = 0.0

    def reap(self) -> None:
        """Look after each part by itself: one that fails keeps no other from its work."""
        if not see_to("the database", _ask_database):
            self._answers_since = time.monotonic()
            return
        if time.monotonic() - self._answers_since > settings.LEASE_SECONDS / 2:
            for attempt in abandoned_attempts():
                see_to(f"step {attempt.node} of run {attempt.run_id}", partial(repeat_abandoned_step, attempt))
        see_to("stalled runs", lambda: wake_runs(stalled_runs()))
        see_to("waiting steps", release_waiting_steps)
        see_to("queued runs", begin_queued_runs)
        see_to("lost messages", _send_lost_messages)
        see_to("the store", sweep_when_due)
        see_to("copies of the store", self._trim_copies)

    def _trim_copies(self) -> None:
        if isinstance(store().blobs, FolderBlobs) or time.monotonic() < self._trims_at:
            return
        self._trims_at = time.monotonic() + settings.STORE_SWEEP_SECONDS
        limit = settings.STORE_CACHE_LIMIT_BYTES
        trim_copies(settings.STORE_CACHE, limit_bytes=limit, older_than_seconds=COPIES_UNUSED_SECONDS)


def see_to(what: str, task: Callable[[], object]) -> bool:
    """Do something that is tried again at the next beat if it fails now; tells whether it was done."""
    try:
        task()
    except Exception:  # the database or the broker may be back by then
        log.exception("%s could not be seen to", what)
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _send_lost_messages() -> None:
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


def run_steps() -> None:
    """Run the step whose turn it is and those that come next until nothing waits; a message too many does nothing.

    A small step takes less time than the message for it, so a worker that is at it goes on without waiting for one.
    """
    worker = _worker
    if worker is None:
        raise RuntimeError("steps run only in a Celery worker")
    if worker.is_stopping:
        raise Reject("this worker is stopping", requeue=True)
    close_old_connections()
    claim = worker.insist(start_next)
    if claim is not None and worker.insist(something_waits):
        for _ in range(TOLD_BY_EACH):
            enqueue()
    until = time.monotonic() + SAME_RUN_SECONDS
    while claim is not None:
        following = _run(worker, claim, until)
        if following is None and not worker.is_stopping:
            following = worker.insist(start_next)
            until = time.monotonic() + SAME_RUN_SECONDS
        claim = following
    if worker.is_stopping:
        enqueue()  # what it would have gone on with is the others' now


def _run(worker: Worker, claim: Claim, until: float) -> Claim | None:
    """Run a step and record its outcome; a step that can start now, if there still is time for one."""
    with worker.registered(claim.attempt):
        try:
            outcome, step_log = worker.run(claim)
        except Exception as error:  # ours, not the module's: the step must end all the same
            log.exception("step %s of run %s could not be run", claim.attempt.node, claim.attempt.run_id)
            outcome, step_log = _own_failure(error), ""
        if outcome is not None:
            return _record(worker, claim, outcome, step_log, until)
        if worker.is_stopping:
            worker.insist(lambda: repeat_step(claim.attempt))
        return None


def _record(worker: Worker, claim: Claim, outcome: Done | Failed, step_log: str, until: float) -> Claim | None:
    goes_on = time.monotonic() < until and not worker.is_stopping
    try:
        return worker.insist(lambda: end_step(claim, outcome, log=step_log, goes_on=goes_on))
    except (DataError, ProgrammingError) as error:  # such as a zero byte in a text, which PostgreSQL does not store
        log.exception("the outcome of %s of run %s could not be stored", claim.attempt.node, claim.attempt.run_id)
        failed = _own_failure(error)
        return worker.insist(lambda: end_step(claim, failed))


def _own_failure(error: Exception) -> Failed:
    said = f"The step could not be run: {type(error).__name__}: {error}".replace("\0", "")
    return Failed(
        failure=Failure(code="1000", message=said, traceback=traceback.format_exc()), seconds=0, ending="trouble"
    )


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

"""The worker's side of a step: a warm process, the log, and the lease."""

import logging
import os
import threading
import time
from pathlib import Path
from typing import Any

from celery import signals
from celery.worker.control import control_command
from django.conf import settings
from django.db import close_old_connections

from designer.bus import send
from designer.engine.pool import StepPool
from designer.engine.step import StepRequest
from designer.runs import actions
from designer.runs.advance import plan_of
from designer.runs.logs import StepLog
from designer.runs.record import group_of

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 15
MEMORY_LIMIT_BYTES = int(os.environ.get("DESIGNER_STEP_MEMORY_MB", "8192")) << 20


class Worker:
    """The processes of this worker and the steps that run in them."""

    def __init__(self, size: int) -> None:
        self.pool = StepPool(size, Path(settings.STORE_URL), memory_limit_bytes=MEMORY_LIMIT_BYTES)
        self.running: set[tuple[str, str]] = set()
        self._stopping = threading.Event()
        threading.Thread(target=self._keep_alive, name="heartbeat", daemon=True).start()

    def _keep_alive(self) -> None:
        while not self._stopping.wait(HEARTBEAT_SECONDS):
            try:
                close_old_connections()
                actions.renew_leases(set(self.running))
                actions.reap_lost_steps()
            except Exception:
                log.exception("leases could not be renewed; the next try is in %s s", HEARTBEAT_SECONDS)

    def stop(self) -> None:
        self._stopping.set()
        self.pool.close()


_worker: Worker | None = None


@signals.worker_init.connect
def _start(sender: Any = None, **_: Any) -> None:
    global _worker
    _worker = Worker(sender.concurrency or os.cpu_count() or 1)


@signals.worker_shutdown.connect
def _stop(**_: Any) -> None:
    if _worker is not None:
        _worker.stop()


@control_command(args=[("run_id", str)])
def cancel_steps(state: Any, run_id: str) -> dict[str, int]:
    """Kill the steps of a run that run in this worker."""
    mine = [key for key in set(_worker.running) if key[0] == run_id] if _worker else []
    return {"cancelled": sum(_worker.pool.cancel(*key) for key in mine) if _worker else 0}


def run_step(run_id: str, node: str, attempt: int) -> None:
    """Run one attempt of a step and record its outcome; a duplicate message does nothing."""
    if _worker is None:
        raise RuntimeError("steps run only in a Celery worker")
    close_old_connections()
    inputs = actions.start_step(run_id, node, attempt)
    if inputs is None:
        return
    _worker.running.add((run_id, node))
    try:
        with StepLog(run_id, node) as step_log:
            outcome = _worker.pool.run(
                run_id,
                StepRequest(step=plan_of(run_id).step(node), inputs=inputs),
                on_log=step_log.write,
                on_progress=Progress(run_id, node),
            )
    finally:
        _worker.running.discard((run_id, node))
    if outcome is not None:
        actions.end_step(run_id, node, attempt, outcome)


class Progress:
    """Tells live clients how far a step is, a few times a second at the most."""

    def __init__(self, run_id: str, node: str) -> None:
        self._run_id, self._node, self._next = run_id, node, 0.0

    def __call__(self, fraction: float) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + 0.2
            send(group_of(self._run_id), {"kind": "progress", "node": self._node, "fraction": fraction})

"""The one writer of run state.

Every change is made inside :func:`locked`, which holds the run's row: events get consecutive
numbers, and what is announced has been committed. A wrong transition changes nothing.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from designer.bus import publish
from designer.runs.models import Event, Run, RunStep

STEP_STATUS = {
    "step_queued": "queued",
    "step_started": "running",
    "step_reused": "reused",
    "step_completed": "completed",
    "step_failed": "failed",
    "step_skipped": "skipped",
    "step_cancelled": "cancelled",
}
RUN_STATUS = {
    "run_started": "running",
    "run_completed": "completed",
    "run_failed": "failed",
    "run_cancelled": "cancelled",
}
MAY_FOLLOW: Mapping[str, frozenset[str]] = {
    "queued": frozenset({"waiting", "queued", "running"}),  # again after a lost worker or for a retry
    "running": frozenset({"queued"}),
    "reused": frozenset({"waiting"}),
    "completed": frozenset({"waiting", "running"}),  # a dataset needs no worker
    "failed": frozenset({"waiting", "queued", "running"}),
    "skipped": frozenset({"waiting"}),
    "cancelled": frozenset({"waiting", "queued", "running"}),
}
FINAL = frozenset({"reused", "completed", "failed", "skipped", "cancelled"})


def group_of(run_id: object) -> str:
    """The channel group of a run."""
    return f"run.{run_id}"


@dataclass
class Record:
    """A locked run and the events that this transaction adds."""

    run: Run
    events: list[Event] = field(default_factory=list)

    def step(self, kind: str, node: str, data: dict[str, Any] | None = None, **columns: Any) -> bool:
        """Move a step to the status that an event means; tells whether it could."""
        status = STEP_STATUS[kind]
        now = timezone.now()
        attempt = columns.pop("of_attempt", None)
        steps = RunStep.objects.filter(run_id=self.run.id, node=node, status__in=MAY_FOLLOW[status])
        if attempt is not None:
            steps = steps.filter(attempt=attempt)
        if not steps.update(status=status, **_times(status, now), **columns):
            return False
        self._add(kind, node, data or {}, now)
        return True

    def finish(self, kind: str) -> None:
        """End the run, or say that it has begun."""
        now = timezone.now()
        self.run.status = RUN_STATUS[kind]
        if kind == "run_started":
            self.run.started_at = now
        else:
            self.run.finished_at = now
        self._add(kind, None, {}, now)

    def _add(self, kind: str, node: str | None, data: dict[str, Any], now: datetime) -> None:
        self.run.seq += 1
        self.events.append(Event(run_id=self.run.id, seq=self.run.seq, at=now, node=node, kind=kind, data=data))


def _times(status: str, now: datetime) -> dict[str, Any]:
    if status == "queued":
        return {"queued_at": now, "lease_until": None}
    if status == "running":
        return {"started_at": now}
    return {"finished_at": now, "lease_until": None}


@contextmanager
def locked(run_id: object) -> Iterator[Record]:
    """Hold a run's row for one transaction; events are announced when it has committed."""
    with transaction.atomic():
        run = Run.objects.select_for_update().defer("document", "plan").get(id=run_id)
        record = Record(run)
        yield record
        if record.events:
            Event.objects.bulk_create(record.events)
            run.save(update_fields=["seq", "status", "started_at", "finished_at"])
            for event in record.events:
                publish(group_of(run.id), {"kind": "event", "event": event_json(event)})


def event_json(event: Event) -> dict[str, Any]:
    """An event as clients read it."""
    return {
        "seq": event.seq,
        "at": event.at.isoformat(),
        "node": event.node,
        "kind": event.kind,
        "data": event.data,
    }

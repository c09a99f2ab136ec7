"""The one writer of run state.

Every change is made inside :func:`locked`, which holds the run's row: events get consecutive
numbers, and what is announced has been committed. A wrong transition changes nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from designer.bus import publish
from designer.engine.state import RUN_STATUS, STEP_MAY_FOLLOW, STEP_STATUS
from designer.runs.models import Event, Run, RunStep
from designer.statements import insert_rows, select_rows, update_rows

SMALL_FIELDS = tuple(field.attname for field in Run._meta.concrete_fields if field.name not in ("document", "plan"))
EVENT_FIELDS = ("run_id", "seq", "at", "node", "kind", "data")
RUN_FIELDS = ("seq", "status", "started_at", "finished_at", "served_at")
REUSED_COLUMNS = ("status", "finished_at", "awaits", "recipe", "reused_from", "outputs", "metrics", "tables")
LEASE = timedelta(seconds=settings.LEASE_SECONDS)


def group_of(run_id: object) -> str:
    """The channel group of a run."""
    return f"run.{run_id}"


@dataclass
class Record:
    """A locked run and the events that this transaction adds."""

    run: Run
    events: list[Event] = field(default_factory=list)
    _reused: list[RunStep] = field(default_factory=list)

    def step(
        self,
        kind: str,
        node: str,
        data: dict[str, Any] | None = None,
        *,
        then: str | None = None,
        of_attempt: int | None = None,
        **columns: Any,
    ) -> bool:
        """Move a step to the status that an event means, and `then` to that of another; tells whether it could.

        With `of_attempt`, it can only while that attempt is the step's newest.
        """
        kinds = [kind] if then is None else [kind, then]
        now = timezone.now()
        where: dict[str, Any] = {"run_id": self.run.pk, "node": node, "status": _before(STEP_STATUS[kind])}
        if of_attempt is not None:
            where["attempt"] = of_attempt
        for status in (STEP_STATUS[each] for each in kinds):
            columns |= {"status": status, **_times(status, now)}
        if not update_rows(RunStep, columns, **where):
            return False
        for each in kinds:
            self._add(each, node, data or {}, now)
        return True

    def reuse(self, step: RunStep, data: dict[str, Any]) -> None:
        """Note that an earlier result stands in for a waiting step; the row is written by :meth:`write_reused`.

        A run may reuse thousands of results at once, and an UPDATE for each would take most of the time.
        """
        now = timezone.now()
        step.run_id, step.status, step.finished_at = self.run.pk, "reused", now
        self._reused.append(step)
        self._add("step_reused", step.node, data, now)

    def write_reused(self) -> list[dict[str, Any]]:
        """Write the steps of :meth:`reuse`; returns their outputs.

        That they were waiting is certain: nobody else holds the run's row.

        An upsert of rows that are there: `bulk_update` builds an expression for each value (measured: 2 ms a row).
        """
        RunStep.objects.bulk_create(
            self._reused, update_conflicts=True, unique_fields=["id"], update_fields=REUSED_COLUMNS
        )
        written, self._reused = self._reused, []
        return [step.outputs for step in written]

    def begin(self) -> None:
        """Say that the run has begun."""
        self.run.started_at = timezone.now()
        self._turn("run_started", self.run.started_at)

    def end(self, kind: str) -> None:
        """Say that the run has ended, and how."""
        self.run.finished_at = timezone.now()
        self._turn(kind, self.run.finished_at)

    def _turn(self, kind: str, now: datetime) -> None:
        self.run.status = RUN_STATUS[kind]
        self._add(kind, None, {}, now)

    def _add(self, kind: str, node: str | None, data: dict[str, Any], now: datetime) -> None:
        self.run.seq += 1
        self.events.append(Event(run_id=self.run.pk, seq=self.run.seq, at=now, node=node, kind=kind, data=data))


@cache
def _before(status: str) -> tuple[str, ...]:
    """The statuses from which a step may come to this one."""
    return tuple(sorted(STEP_MAY_FOLLOW[status]))


def _times(status: str, now: datetime) -> dict[str, Any]:
    match status:
        case "queued":
            return {"queued_at": now, "lease_until": now + LEASE}
        case "running":
            return {"started_at": now, "lease_until": now + LEASE, "due_at": None}
        case _:
            return {"finished_at": now, "lease_until": None, "due_at": None}


@contextmanager
def locked(run_id: UUID | str) -> Iterator[Record]:
    """Hold a run's row for one transaction; events are announced when it has committed."""
    with transaction.atomic():
        record = Record(_locked_run(run_id))
        run = record.run
        yield record
        if record.events:
            insert_rows(
                Event, EVENT_FIELDS, [[getattr(event, name) for name in EVENT_FIELDS] for event in record.events]
            )
            update_rows(Run, {name: getattr(run, name) for name in RUN_FIELDS}, id=run.pk)
            publish(group_of(run.pk), [{"kind": "event", "event": event_json(event)} for event in record.events])


def _locked_run(run_id: UUID | str) -> Run:
    """A run without its document and plan, whose row is held until the transaction ends; raises Run.DoesNotExist."""
    rows = select_rows(Run, SMALL_FIELDS, lock=True, id=run_id)
    if not rows:
        raise Run.DoesNotExist(f"There is no run {run_id}")
    return Run.from_db(connection.alias, SMALL_FIELDS, rows[0])


def event_json(event: Event) -> dict[str, Any]:
    """An event as clients read it."""
    return {
        "seq": event.seq,
        "at": event.at.isoformat(),
        "node": event.node,
        "kind": event.kind,
        "data": event.data,
    }

"""Whose turn it is: queued steps in order of submission, and fairly between users.

The order is decided in the database when a worker is free. A message at the broker only says that there is something
to do, so a message that is lost, doubled or late changes no order and loses no step.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from django.db import DatabaseError
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from designer.runs.actions.steps import Attempt, Claim, start_step
from designer.runs.advance import advance
from designer.runs.models import Run, RunStep
from designer.runs.record import Record, locked

WAITING_STEPS = 32
"""A user with this many steps in the queue has nothing more to gain from a run that begins: it stays queued."""

LOOKED_AT = 8
"""Workers that are free at the same moment want the same step; the losers take the next ones."""


def start_next() -> Claim | None:
    """Take the step whose turn it is, if need be of a run that was queued whole; None where nothing waits."""
    return _take() or (_take() if begin_queued_runs() else None)


def _take() -> Claim | None:
    for author_id in _authors_in_turn():
        for attempt in _first_of(author_id):
            claim = start_step(attempt)
            if claim is not None:
                with suppress(DatabaseError):  # the reaper does it later; this step must not wait for that
                    begin_queued_runs(author_id)
                return claim
    return None


def something_waits() -> bool:
    """Whether there is a step that could start."""
    return _due().exists()


def may_begin(record: Record) -> bool:
    """Whether a run that was just submitted begins at once: its author has few steps waiting and no older run."""
    run = record.run
    older = Run.objects.filter(status="queued", author_id=run.author_id).exclude(pk=run.pk)
    return not older.exists() and _waiting_steps(run.author_id) < WAITING_STEPS


def begin_queued_runs(author_id: int | None = None) -> int:
    """Begin queued runs, the oldest first, while their authors have few steps waiting; returns how many began."""
    queued = Run.objects.filter(status="queued")
    if author_id is not None:
        queued = queued.filter(author_id=author_id)
    began = 0
    for author in list(queued.order_by().values_list("author_id", flat=True).distinct()):
        while _waiting_steps(author) < WAITING_STEPS:
            oldest = (
                queued.filter(author_id=author).order_by("created_at", "number").values_list("pk", flat=True).first()
            )
            if oldest is None:
                break
            began += begin_run(str(oldest))
    return began


def begin_run(run_id: str) -> bool:
    """Begin one queued run; tells whether it was still queued."""
    with locked(run_id) as record:
        if record.run.status != "queued":
            return False
        record.begin()
        advance(record)
    return True


def _waiting_steps(author_id: int) -> int:
    return RunStep.objects.filter(status="queued", run__author_id=author_id).count()


def _due() -> QuerySet[RunStep]:
    return RunStep.objects.filter(Q(due_at=None) | Q(due_at__lte=timezone.now()), status="queued")


class _Share(NamedTuple):
    """What a user has of the workers."""

    running: int
    served_at: float
    author_id: int


def _authors_in_turn() -> list[int]:
    """Users with a step that could start: who has the fewest steps running first, then who was served least lately."""
    authors = list(_due().order_by().values_list("run__author_id", flat=True).distinct())
    if len(authors) < 2:
        return authors
    running = RunStep.objects.filter(status="running", run__author_id__in=authors)
    running_of = dict(running.order_by().values_list("run__author_id").annotate(Count("pk")))
    served = Run.objects.filter(author_id__in=authors).order_by().values_list("author_id").annotate(Max("served_at"))
    served_of = {author: moment.timestamp() for author, moment in served if moment}
    return [
        share.author_id for share in sorted(_Share(running_of.get(a, 0), served_of.get(a, 0.0), a) for a in authors)
    ]


def _first_of(author_id: int) -> Iterator[Attempt]:
    """The next steps of a user: of the oldest run first, in the order of its plan."""
    steps = _due().filter(run__author_id=author_id).order_by("run__created_at", "run__number", "pk")
    for run_id, node, number in steps.values_list("run_id", "node", "attempt")[:LOOKED_AT]:
        yield Attempt(str(run_id), node, number)

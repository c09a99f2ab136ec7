"""Start, end and repeat attempts of steps."""

import logging
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from designer.assets.keeping import Gone, Piece, digests_in, forget, keep, pieces_of, pieces_of_files
from designer.engine.retries import LOST_AT_MOST, Ending, Endings, seconds_until_retry
from designer.engine.step import Done, Failed, Failure, StepRequest
from designer.runs.advance import Started, advance, enqueue, input_digests, plan_of
from designer.runs.models import RunStep
from designer.runs.record import LEASE, Record, locked
from designer.runs.results import allow_outputs, remember_result, runs_that_await
from designer.workspaces.secrets import values_of

log = logging.getLogger(__name__)

LOST_ATTEMPTS = LOST_AT_MOST
COUNTED: dict[Ending, str] = {"failed": "failures", "lost": "losses", "trouble": "troubles"}
SWEPT_AWAY = Failure(code="1000", message="What the step gave was taken out of the store before it could be noted")


class Attempt(NamedTuple):
    """One try of a step."""

    run_id: str
    node: str
    number: int


@dataclass(frozen=True, slots=True)
class Claim:
    """An attempt that this worker has taken, and what it needs; `key` is that of its recipe, if worth remembering."""

    attempt: Attempt
    step_id: int
    request: StepRequest
    key: str | None


def start_step(attempt: Attempt) -> Claim | None:
    """Take a queued attempt, or None where it is not to be run: another worker has it, or it was cancelled."""
    with locked(attempt.run_id) as record:
        return _start(record, attempt)


def _start(record: Record, attempt: Attempt) -> Claim | None:
    run_id, node, number = attempt
    if not record.step("step_started", node, {"attempt": number}, of_attempt=number):
        return None
    step = plan_of(run_id).step(node)
    rows = RunStep.objects.filter(run_id=run_id, node__in={node, *step.upstream})
    found = {row.node: row for row in rows.only("node", "outputs", "recipe", "files")}
    own = found[node]
    inputs = input_digests(step, {name: row.outputs for name, row in found.items()})
    key = own.recipe["key"] if own.recipe else None
    return _claim(record, attempt, Started(step, own.pk, inputs, own.files, key))


def _claim(record: Record, attempt: Attempt, started: Started) -> Claim:
    record.run.served_at = timezone.now()
    secrets = values_of(record.run.workspace_id, started.step.secrets)
    request = {"step": started.step, "inputs": started.inputs, "files": started.files, "secrets": secrets}
    return Claim(attempt, started.step_id, StepRequest.model_validate(request), started.key)


def end_step(claim: Claim, outcome: Done | Failed, *, log: str = "", goes_on: bool = False) -> Claim | None:
    """Record an outcome, remember it for reuse, and go on with the run. `log` is the digest of what was printed.

    The outcome of an attempt that has been cancelled or given away is dropped. A worker that `goes_on` is given a step
    that can start now, in the same transaction.
    """
    match outcome:
        case Done():
            return _complete(claim, outcome, log, goes_on=goes_on)
        case Failed():
            if outcome.missing:
                forget(outcome.missing)
            fail_attempt(claim.attempt, outcome.failure, outcome.ending, log=log, seconds=outcome.seconds)
            return None


def _complete(claim: Claim, done: Done, log: str, *, goes_on: bool) -> Claim | None:
    run_id, node, number = claim.attempt
    found = done.model_dump(mode="json", include={"outputs", "metrics", "tables"})
    try:
        pieces = [*pieces_of(digests_in(found["outputs"])), *_log_piece(log)]
        with locked(run_id) as record:
            data = {**found, "seconds": done.seconds}
            if not record.step("step_completed", node, data, of_attempt=number, log=log, **data):
                return None
            keep(pieces)
            allow_outputs(record.run, found["outputs"])
            if claim.key is not None:
                remember_result(record.run, claim.key, claim.step_id, **found)
                wake_on_commit(record, {claim.key})
            started = advance(record, {node: found["outputs"]}, starts_one=goes_on)
            if started is not None:
                return _claim(record, Attempt(run_id, started.step.node, 1), started)
            following = _first_queued(run_id) if goes_on else None
            return _start(record, following) if following is not None else None
    except Gone:
        fail_attempt(claim.attempt, SWEPT_AWAY, "trouble", seconds=done.seconds)
        return None


def _first_queued(run_id: str) -> Attempt | None:
    queued = RunStep.objects.filter(run_id=run_id, status="queued", due_at=None).order_by("pk")
    row = queued.values_list("node", "attempt").first()
    return Attempt(run_id, *row) if row is not None else None


def _log_piece(digest: str) -> list[Piece]:
    try:
        return pieces_of_files([digest]) if digest else []
    except Gone:
        return []


def fail_attempt(
    attempt: Attempt, failure: Failure, ending: Ending = "failed", *, log: str = "", seconds: float | None = None
) -> None:
    """Record that an attempt gave no result; queue the next one where there is to be one, see `engine.retries`."""
    run_id, node, number = attempt
    error = failure.model_dump(mode="json")
    with suppress(Gone):
        keep(_log_piece(log))
    with locked(run_id) as record:
        so_far = _count(attempt, ending)
        if so_far is None:
            return
        wait = seconds_until_retry(plan_of(run_id).step(node), ending, so_far)
        if wait is not None:
            _repeat(record, attempt, wait, error)
            return
        data: dict[str, Any] = {"error": error, "seconds": seconds}
        if record.step("step_failed", node, data, of_attempt=number, log=log, **data):
            wake_on_commit(record, {_key_of(attempt)})
            advance(record)


def repeat_step(attempt: Attempt) -> None:
    """Queue a running step again that its worker gives back."""
    with locked(attempt.run_id) as record:
        _repeat(record, attempt, 0.0, None)


def _repeat(record: Record, attempt: Attempt, wait: float, error: dict[str, object] | None) -> None:
    _, node, number = attempt
    due_at = timezone.now() + timedelta(seconds=wait) if wait else None
    data = {"attempt": number + 1, "error": error, "due_at": due_at.isoformat() if due_at else None}
    if record.step("step_queued", node, data, of_attempt=number, attempt=number + 1, due_at=due_at):
        enqueue(delay_seconds=wait)


def _count(attempt: Attempt, ending: Ending) -> Endings | None:
    """Count how the running attempt ended; None where it is not running (any more)."""
    row = _running(attempt).first()
    if row is None:
        return None
    if ending in COUNTED:
        name = COUNTED[ending]
        setattr(row, name, getattr(row, name) + 1)
        row.save(update_fields=[name])
    return Endings(failed=row.failures, lost=row.losses, trouble=row.troubles)


def _key_of(attempt: Attempt) -> str | None:
    recipe = RunStep.objects.values_list("recipe", flat=True).get(run_id=attempt.run_id, node=attempt.node)
    return recipe["key"] if recipe else None


def wake_on_commit(record: Record, keys: Collection[str | None]) -> None:
    """Go on with runs that wait for what these recipes give, or for somebody to give up computing it."""
    workspace_id = record.run.workspace_id
    transaction.on_commit(lambda: wake_runs(runs_that_await(workspace_id, keys)), robust=True)


def wake_runs(run_ids: Collection[object]) -> None:
    """Look again at what running runs can start; each in its own transaction, and one that fails keeps no other."""
    for run_id in run_ids:
        try:
            with locked(str(run_id)) as record:
                advance(record)
        except DatabaseError:  # the reaper tries again
            log.exception("run %s could not be advanced", run_id)


def renew_leases(attempts: Collection[Attempt]) -> list[Attempt]:
    """Say that these attempts of this worker are alive; returns those that are no longer wanted."""
    until = timezone.now() + LEASE
    return [attempt for attempt in attempts if not _running(attempt).update(lease_until=until)]


def _running(attempt: Attempt) -> QuerySet[RunStep]:
    run_id, node, number = attempt
    return RunStep.objects.filter(run_id=run_id, node=node, attempt=number, status="running")

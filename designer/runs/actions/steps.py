"""Start, end and repeat attempts of steps."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from designer.engine.step import Done, Failed, Failure, StepRequest
from designer.runs.advance import advance, enqueue, input_digests, plan_of
from designer.runs.models import RunStep
from designer.runs.record import LEASE, locked
from designer.runs.results import allow_outputs, remember_result
from designer.workspaces.secrets import values_of

LOST_ATTEMPTS = 3
"""How often a step is given to another worker: one that kills its worker must end at some time."""


class Attempt(NamedTuple):
    """One try of a step."""

    run_id: str
    node: str
    number: int


@dataclass(frozen=True, slots=True)
class Claim:
    """An attempt that this worker has taken, and what it needs; `key` is that of its recipe."""

    attempt: Attempt
    request: StepRequest
    key: str | None


def start_step(attempt: Attempt) -> Claim | None:
    """Take a queued attempt, or None where it is not to be run: another worker has it, or it was cancelled."""
    run_id, node, number = attempt
    with locked(run_id) as record:
        if not record.step("step_started", node, {"attempt": number}, of_attempt=number):
            return None
        step = plan_of(run_id).step(node)
        rows = RunStep.objects.filter(run_id=run_id, node__in={node, *step.upstream})
        found = {row[0]: row for row in rows.values_list("node", "outputs", "recipe", "files")}
    _, _, recipe, files = found[node]
    inputs = input_digests(step, {name: outputs for name, outputs, _, _ in found.values()})
    secrets = values_of(record.run.workspace_id, step.secrets)
    request = StepRequest.model_validate({"step": step, "inputs": inputs, "files": files, "secrets": secrets})
    return Claim(attempt, request, recipe["key"] if recipe else None)


def end_step(claim: Claim, outcome: Done | Failed, *, log: str = "") -> None:
    """Record an outcome, remember it for reuse, and go on with the run. `log` is the digest of what was printed.

    The outcome of an attempt that has been cancelled or given away is dropped.
    """
    match outcome:
        case Done():
            _complete(claim, outcome, log)
        case Failed():
            again = claim.request.step.retries
            fail_attempt(claim.attempt, outcome.failure, again=again, log=log, seconds=outcome.seconds)


def _complete(claim: Claim, done: Done, log: str) -> None:
    run_id, node, number = claim.attempt
    found = done.model_dump(mode="json", include={"outputs", "metrics", "tables"})
    with locked(run_id) as record:
        data = {**found, "seconds": done.seconds}
        if not record.step("step_completed", node, data, of_attempt=number, log=log, **data):
            return
        allow_outputs(record.run, found["outputs"])
        if claim.key is not None:
            remember_result(record.run, claim.key, **found)
        advance(record, {node: found["outputs"]})


def fail_attempt(
    attempt: Attempt, failure: Failure, *, again: int, log: str = "", seconds: float | None = None
) -> None:
    """Record a failure, or queue the next attempt while `again` allows for one."""
    if attempt.number <= again:
        repeat_step(attempt, failure)
        return
    error = failure.model_dump(mode="json")
    with locked(attempt.run_id) as record:
        changes = {"error": error, "log": log, "seconds": seconds}
        if record.step("step_failed", attempt.node, {"error": error}, of_attempt=attempt.number, **changes):
            advance(record)


def repeat_step(attempt: Attempt, failure: Failure | None = None) -> None:
    """Queue a running step again; `failure` says why."""
    run_id, node, number = attempt
    data = {"attempt": number + 1, "error": failure.model_dump(mode="json") if failure else None}
    with locked(run_id) as record:
        if record.step("step_queued", node, data, of_attempt=number, attempt=number + 1):
            enqueue(run_id, node, number + 1)


def renew_leases(attempts: Collection[Attempt]) -> list[Attempt]:
    """Say that these attempts of this worker are alive; returns those that are no longer wanted."""
    until = timezone.now() + LEASE
    return [attempt for attempt in attempts if not _running(attempt).update(lease_until=until)]


def _running(attempt: Attempt) -> QuerySet[RunStep]:
    run_id, node, number = attempt
    return RunStep.objects.filter(run_id=run_id, node=node, attempt=number, status="running")

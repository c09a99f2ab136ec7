"""Submit and cancel runs; start, end and retry their steps."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from designer.assets.queries import dataset_entries
from designer.engine.step import Done, Failed, Failure
from designer.errors import InvalidDocument
from designer.graph.document import Document
from designer.graph.examination import examine
from designer.graph.plan import compile_plan
from designer.graph.writing import to_json
from designer.pipelines.models import Draft
from designer.runs.advance import advance, enqueue, input_digests, plan_of
from designer.runs.models import Result, Run, RunStep
from designer.runs.record import locked
from designer.workspaces.models import User, Workspace
from modules.kit import Catalog

LEASE = timedelta(seconds=60)
LOST_ATTEMPTS = 3


def submit_run(
    workspace: Workspace,
    author: User,
    document: Document,
    catalog: Catalog,
    *,
    draft: Draft | None = None,
    values: Mapping[str, Any] | None = None,
    targets: Collection[str] | None = None,
) -> Run:
    """Freeze a document as a run and start it. Raises InvalidDocument with every problem."""
    found = examine(document, catalog, dataset_entries(workspace))
    errors = [problem for problem in found.problems if problem.severity == "error"]
    if errors:
        raise InvalidDocument(errors)
    plan = compile_plan(found.graph, values, targets)
    with transaction.atomic():
        Workspace.objects.select_for_update().get(id=workspace.id)
        last = Run.objects.filter(workspace=workspace).aggregate(last=Max("number"))["last"] or 0
        run = Run.objects.create(
            workspace=workspace,
            author=author,
            draft=draft,
            number=last + 1,
            name=document.name,
            document=to_json(document, catalog=catalog),
            plan=plan.model_dump(mode="json"),
        )
        RunStep.objects.bulk_create(RunStep(run=run, node=step.node) for step in plan.steps)
        with locked(run.id) as record:
            record.finish("run_started")
            advance(record)
    return Run.objects.get(id=run.id)


def cancel_run(run: Run) -> None:
    """End a run now; steps that run are killed, and their results are dropped."""
    with locked(run.id) as record:
        if record.run.status not in ("queued", "running"):
            return
        nodes = list(
            RunStep.objects.filter(run=run, status__in=["waiting", "queued", "running"]).values_list("node", flat=True)
        )
        for node in nodes:
            record.step("step_cancelled", node)
        record.finish("run_cancelled")
    transaction.on_commit(lambda: _kill_steps(str(run.id)), robust=True)


def _kill_steps(run_id: str) -> None:
    from designer.celery import app

    app.control.broadcast("cancel_steps", arguments={"run_id": run_id})


def start_step(run_id: str, node: str, attempt: int) -> dict[str, tuple[str, ...]] | None:
    """Take a queued attempt; the digests of its inputs, or None where it is not to be run."""
    with locked(run_id) as record:
        until = timezone.now() + LEASE
        if not record.step("step_started", node, {"attempt": attempt}, of_attempt=attempt, lease_until=until):
            return None
        step = plan_of(run_id).step(node)
        rows = RunStep.objects.filter(run_id=run_id, node__in=step.upstream).values_list("node", "outputs")
        return input_digests(step, dict(rows))


def end_step(run_id: str, node: str, attempt: int, outcome: Done | Failed) -> None:
    """Record an outcome, remember it for reuse, and go on with the run."""
    match outcome:
        case Done():
            outputs = {port: output.model_dump(mode="json") for port, output in outcome.outputs.items()}
            data = {"outputs": outputs, "metrics": outcome.metrics, "seconds": outcome.seconds}
            with locked(run_id) as record:
                columns = {"outputs": outputs, "metrics": outcome.metrics, "of_attempt": attempt}
                if record.step("step_completed", node, data, **columns):
                    _remember(record.run, node, outputs, outcome.metrics)
                    advance(record)
        case Failed():
            fail_step(run_id, node, attempt, outcome.failure, again=plan_of(run_id).step(node).retries)


def fail_step(run_id: str, node: str, attempt: int, failure: Failure, *, again: int) -> None:
    """Record a failure, or queue the next attempt while `again` allows for one."""
    error = failure.model_dump(mode="json")
    with locked(run_id) as record:
        if attempt <= again:
            data = {"attempt": attempt + 1, "error": error}
            if record.step("step_queued", node, data, of_attempt=attempt, attempt=attempt + 1):
                enqueue(run_id, node, attempt + 1)
        elif record.step("step_failed", node, {"error": error}, of_attempt=attempt, error=error):
            advance(record)


def _remember(run: Run, node: str, outputs: dict[str, Any], metrics: Mapping[str, Any]) -> None:
    from designer.engine.recipe import Recipe

    stored = RunStep.objects.values_list("recipe", flat=True).get(run_id=run.id, node=node)
    if stored is not None:
        Result.objects.update_or_create(
            workspace_id=run.workspace_id,
            key=Recipe.model_validate(stored).key,
            defaults={"outputs": outputs, "metrics": dict(metrics)},
        )


def renew_leases(steps: Collection[tuple[str, str]]) -> None:
    """Say that these steps of this worker are alive."""
    until = timezone.now() + LEASE
    for run_id, node in steps:
        RunStep.objects.filter(run_id=run_id, node=node, status="running").update(lease_until=until)


def reap_lost_steps() -> int:
    """Give steps whose worker or message was lost to another worker; returns how many."""
    now = timezone.now()
    lost = RunStep.objects.filter(status="running", lease_until__lt=now)
    silent = RunStep.objects.filter(status="queued", queued_at__lt=now - LEASE)
    found = 0
    for row in lost:
        failure = Failure(code="1000", message="The worker that ran this step was lost", hint="Run it again.")
        fail_step(str(row.run_id), row.node, row.attempt, failure, again=LOST_ATTEMPTS)
        found += 1
    for row in silent:
        # A message that was not lost after all does no harm: an attempt starts once.
        if RunStep.objects.filter(id=row.id, status="queued", queued_at=row.queued_at).update(queued_at=now):
            enqueue(row.run_id, row.node, row.attempt)
            found += 1
    return found

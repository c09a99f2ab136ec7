"""Read runs as clients see them."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Count

from designer.runs.models import Run, RunStep


def summary_json(run: Run, counts: dict[str, int]) -> dict[str, Any]:
    """A run without its nodes."""
    return {
        "id": str(run.id),
        "number": run.number,
        "draft_id": str(run.draft_id) if run.draft_id else None,
        "name": run.name,
        "status": run.status,
        "created_at": run.created_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "counts": counts,
    }


def summaries(runs: Iterable[Run]) -> list[dict[str, Any]]:
    """Runs without their nodes; one query counts the steps of all."""
    listed = list(runs)
    counts: dict[Any, dict[str, int]] = {run.id: {} for run in listed}
    rows = RunStep.objects.filter(run__in=listed).values("run_id", "status").annotate(number=Count("id"))
    for row in rows:
        counts[row["run_id"]][row["status"]] = row["number"]
    return [summary_json(run, counts[run.id]) for run in listed]


def run_json(run: Run) -> dict[str, Any]:
    """A run with its nodes; they are at least as new as its `seq`.

    A client that applies the events after `seq` therefore ends with the true state, without a lock here.
    """
    steps = list(RunStep.objects.filter(run=run))
    return {
        **summary_json(run, dict(Counter(step.status for step in steps))),
        "document": run.document,
        "seq": run.seq,
        "nodes": {step.node: node_json(step) for step in steps},
    }


def node_json(step: RunStep) -> dict[str, Any]:
    """Where a node stands."""
    return {
        "status": step.status,
        "attempt": step.attempt,
        "due_at": step.due_at,
        "queued_at": step.queued_at,
        "started_at": step.started_at,
        "finished_at": step.finished_at,
        "seconds": step.seconds,
        "error": step.error,
        "metrics": step.metrics,
        "tables": step.tables,
        "outputs": step.outputs,
        "recipe": step.recipe,
    }

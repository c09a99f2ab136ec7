"""End a run before it is done."""

from django.db import transaction

from designer.runs.models import Run, RunStep
from designer.runs.record import locked

UNFINISHED = ("waiting", "queued", "running")


def cancel_run(run: Run) -> None:
    """End a run now: queued steps never start, running ones are killed. A run that has ended stays as it is."""
    with locked(run.pk) as record:
        if record.run.status != "running":
            return
        for node in RunStep.objects.filter(run=run, status__in=UNFINISHED).values_list("node", flat=True):
            record.step("step_cancelled", node)
        record.end("run_cancelled")
        # A worker that does not hear this finds out when it renews the lease.
        transaction.on_commit(lambda: _kill_steps(str(run.pk)), robust=True)


def _kill_steps(run_id: str) -> None:
    from designer.celery import app

    app.control.broadcast("cancel_steps", arguments={"run_id": run_id})

"""End a run before it is done."""

from django.db import transaction

from designer.engine.state import FINAL_RUN
from designer.runs.actions.steps import wake_on_commit
from designer.runs.models import Run, RunStep
from designer.runs.record import locked

UNFINISHED = ("waiting", "queued", "running")


def cancel_run(run: Run) -> None:
    """End a run now: queued steps never start, running ones are killed. A run that has ended stays as it is.

    Other runs that wait for what its steps compute go on by themselves.
    """
    with locked(run.pk) as record:
        if record.run.status in FINAL_RUN:
            return
        keys = set()
        for node, recipe in list(RunStep.objects.filter(run=run, status__in=UNFINISHED).values_list("node", "recipe")):
            record.step("step_cancelled", node, awaits="")
            keys.add(recipe["key"] if recipe else None)
        record.end("run_cancelled")
        wake_on_commit(record, keys)
        # A worker that does not hear this finds out when it renews the lease.
        transaction.on_commit(lambda: _kill_steps(str(run.pk)), robust=True)


def _kill_steps(run_id: str) -> None:
    from designer.celery import app

    app.control.broadcast("cancel_steps", arguments={"run_id": run_id})

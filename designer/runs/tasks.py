"""What workers are sent."""

from designer.celery import app
from designer.runs import worker
from designer.runs.actions.steps import Attempt


@app.task(name="run_step")
def run_step(run_id: str, node: str, attempt: int) -> None:
    """Run one attempt of a step, unless it has been started already."""
    worker.run_step(Attempt(run_id, node, attempt))

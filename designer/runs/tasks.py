"""What workers are sent."""

from celery import shared_task

from designer.runs import worker


@shared_task(name="run_step")
def run_step(run_id: str, node: str, attempt: int) -> None:
    """Run one attempt of a step, unless it has been started already."""
    worker.run_step(run_id, node, attempt)

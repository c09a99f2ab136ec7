"""What workers are sent."""

from designer.celery import app
from designer.runs import worker


@app.task(name="run_step")
def run_step(*_: str) -> None:
    """Run what is to run: a message says that there is something, and the database what."""
    worker.run_steps()

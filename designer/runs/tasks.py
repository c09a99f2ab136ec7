"""What workers are sent."""

from designer.celery import app
from designer.runs import worker


@app.task(name="run_step")
def run_step(*_: str) -> None:
    """Run the step whose turn it is: a message says that there is one, and the database which."""
    worker.run_next_step()

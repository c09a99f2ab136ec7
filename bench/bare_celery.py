"""The plain way to queue tasks: a Celery of defaults with results kept at the broker."""

import os

from celery import Celery

QUEUE = "bare"

app = Celery("bare", broker=os.environ["DESIGNER_BROKER_URL"], backend=os.environ["DESIGNER_BROKER_URL"])
app.conf.update(task_default_queue=QUEUE, broker_connection_retry_on_startup=True)


@app.task(name="no_op")
def no_op(*_: object) -> int:
    """Do nothing."""
    return 1

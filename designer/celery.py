"""The Celery application: it carries single steps, by id. The order of steps is ours."""

import os
import sys
from typing import Any

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "designer.settings")

QUEUE = "steps"

app = Celery("designer")
app.conf.update(
    broker_url=settings.BROKER_URL,
    broker_connection_retry_on_startup=True,
    # Enqueueing must fail quickly: the reaper sends again what did not get through.
    broker_transport_options={"visibility_timeout": 7 * 24 * 3600, "socket_timeout": 10, "max_retries": 1},
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    worker_enable_remote_control=True,
    worker_send_task_events=False,
    task_default_queue=QUEUE,
    worker_hijack_root_logger=False,
    # Celery's Django fix-up would open the database anew for each step; tasks close what is stale themselves.
    CELERY_DB_REUSE_MAX=sys.maxsize,
)
app.autodiscover_tasks(["designer.runs"])


def waiting_messages() -> int:
    """How many steps wait at the broker for a worker."""
    with app.connection_for_read() as connection:
        channel: Any = connection.channel()
        return int(channel.queue_declare(QUEUE).message_count)


def use_broker(url: str) -> None:
    """Talk to another broker from now on; for a command that starts its own."""
    app.conf.update(broker_url=url)
    settings.CHANNEL_LAYERS["default"]["CONFIG"].update(hosts=[url])

"""The Celery application: it carries single steps, by id. The order of steps is ours."""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "designer.settings")

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
    task_default_queue="steps",
    worker_hijack_root_logger=False,
)
app.autodiscover_tasks(["designer.runs"])

"""Find the workers of this installation, or start some for as long as they are needed."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.conf import settings
from kombu.exceptions import KombuError, OperationalError
from redis.exceptions import RedisError

from designer.celery import app, use_broker
from designer.local.services import running_services

ANSWER_SECONDS = 3


def is_running() -> bool:
    """Whether steps that are sent to the broker of the settings will run.

    A broker of our own lives and dies with its workers; at one that the environment names, a worker must answer.
    """
    options = {**app.conf.broker_transport_options, "socket_connect_timeout": ANSWER_SECONDS}
    try:
        with app.connection_for_write(transport_options=options) as connection:
            connection.ensure_connection(max_retries=0, timeout=ANSWER_SECONDS)
            if "DESIGNER_BROKER_URL" not in os.environ:
                return True
            return bool(app.control.ping(timeout=ANSWER_SECONDS, limit=1, connection=connection))
    except (KombuError, OperationalError, RedisError, OSError):
        return False


@contextmanager
def workers() -> Iterator[None]:
    """Use the workers of the running installation; where there are none, start broker and workers for this block."""
    if is_running():
        yield
        return
    with ExitStack() as stack:
        with _children_write_to(settings.LOGS / "services.log"):
            environment = stack.enter_context(running_services(settings.HOME))
        use_broker(environment["DESIGNER_BROKER_URL"])
        yield


@contextmanager
def _children_write_to(path: Path) -> Iterator[None]:
    """Let processes started in this block inherit a file in place of standard output and error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = [os.dup(1), os.dup(2)]
    with path.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        for number, descriptor in enumerate(kept, start=1):
            os.dup2(descriptor, number)
            os.close(descriptor)

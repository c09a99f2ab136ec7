"""Tell live clients once a transaction has committed.

What is sent is a hint and may be lost: the database answers every question, also a later one.
"""

import asyncio
import logging
import threading
from functools import cache
from typing import Any

from channels.layers import get_channel_layer
from django.db import transaction

log = logging.getLogger(__name__)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """One event loop in a thread of its own, so that sending never blocks a step or a request."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="bus", daemon=True).start()
    return loop


def publish(group: str, message: dict[str, Any]) -> None:
    """Send a message to a group when the transaction has committed; at once where there is none."""
    transaction.on_commit(lambda: send(group, message))


def send(group: str, message: dict[str, Any]) -> None:
    """Send without waiting; a broker that does not answer costs a log line only."""
    asyncio.run_coroutine_threadsafe(_send(group, message), _loop())


async def _send(group: str, message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    try:
        await layer.group_send(group, {"type": "announce", "message": message})
    except Exception as error:
        log.warning("live message to %s was not sent: %s", group, error)

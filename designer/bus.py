"""Tell live clients once a transaction has committed.

What is sent is a hint and may be lost: the database answers every question, also a later one.
"""

import asyncio
import logging
import threading
from collections.abc import Sequence
from functools import cache
from typing import Any

from channels.layers import get_channel_layer
from django.db import transaction

log = logging.getLogger(__name__)

Message = dict[str, Any]

GATHERED_SECONDS = 0.02
"""After each sending, what comes for so long is sent together: many changes a second cost each client and the server
little more than few."""
WAITING_AT_MOST = 10_000
"""Messages kept while the broker does not answer; what comes after them is dropped."""


class _Sender:
    """Sends from a thread of its own, in the order of the calls, so that a step or a request never waits."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._waiting: asyncio.Queue[tuple[str, Sequence[Message]]] = asyncio.Queue(WAITING_AT_MOST)
        threading.Thread(target=self._run, name="bus", daemon=True).start()

    def put(self, group: str, messages: Sequence[Message]) -> None:
        self._loop.call_soon_threadsafe(self._put, group, messages)

    def _put(self, group: str, messages: Sequence[Message]) -> None:
        if not self._waiting.full():
            self._waiting.put_nowait((group, messages))

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._send())

    async def _send(self) -> None:
        layer = get_channel_layer()
        while True:
            together = [await self._waiting.get()]
            while not self._waiting.empty():
                together.append(self._waiting.get_nowait())
            groups: dict[str, list[Message]] = {}
            for group, messages in together:
                groups.setdefault(group, []).extend(messages)
            for group, messages in groups.items():
                try:
                    await layer.group_send(group, {"type": "announce", "messages": messages})
                except Exception as error:  # whatever the broker's client raises: a live message may be lost
                    log.warning("live messages to %s were not sent: %s", group, error)
            await asyncio.sleep(GATHERED_SECONDS)


@cache
def _sender() -> _Sender:
    return _Sender()


def publish(group: str, messages: Sequence[Message]) -> None:
    """Send messages to a group when the transaction has committed; at once where there is none."""
    transaction.on_commit(lambda: send(group, messages))


def send(group: str, messages: Sequence[Message]) -> None:
    """Send without waiting; a broker that does not answer costs a log line only."""
    _sender().put(group, messages)

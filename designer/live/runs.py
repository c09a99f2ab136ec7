"""A run, live: the whole state first, then numbered changes."""

import asyncio
import json
import logging
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError
from redis.exceptions import RedisError

from designer.engine.state import FINAL_RUN, RUN_STATUS
from designer.runs.models import Event, Run
from designer.runs.queries import run_json
from designer.runs.record import event_json, group_of
from designer.workspaces.actions import digest_of_secret
from designer.workspaces.models import Token

log = logging.getLogger(__name__)

NOT_SIGNED_IN = 4401
NOT_FOUND = 4404
JOIN_SECONDS = 2.0
CATCH_UP_SECONDS = 5.0


class RunConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """Forwards what is announced of one run.

    The client joins the group before the snapshot is read, so a change is in the snapshot or comes after it; the
    numbers tell which. Announcements may be lost on their way, the last one too, and the broker may be away: so the
    database is asked now and then whether there is more, until the run has ended.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._joined = False
        self._told = Told(0)
        self._catching_up: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        self.run_id = self.scope["url_route"]["kwargs"]["run_id"]
        await self.accept()
        workspaces = await database_sync_to_async(self._workspaces)()
        if not workspaces:
            await self.close(NOT_SIGNED_IN)
            return
        self.group = group_of(self.run_id)
        await self._join()
        snapshot = await database_sync_to_async(_snapshot)(self.run_id, workspaces)
        if snapshot is None:
            await self.close(NOT_FOUND)
            return
        self._told = Told(snapshot["run"]["seq"])
        await self.send(json.dumps(snapshot, cls=DjangoJSONEncoder))
        if snapshot["run"]["status"] not in FINAL_RUN:
            self._catching_up = asyncio.create_task(self._catch_up())

    async def disconnect(self, code: int) -> None:
        if self._catching_up is not None:
            self._catching_up.cancel()
        if self._joined:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def announce(self, event: dict[str, Any]) -> None:
        """Pass messages of the bus on, each event once."""
        for message in event["messages"]:
            if message["kind"] != "event" or self._told.is_new(message["event"]["seq"]):
                await self.send(json.dumps(message))

    async def _join(self) -> None:
        try:
            await asyncio.wait_for(self.channel_layer.group_add(self.group, self.channel_name), JOIN_SECONDS)
            self._joined = True
        except (TimeoutError, OSError, RedisError) as error:
            log.warning("a client of run %s hears of changes late: %r", self.run_id, error)

    async def _catch_up(self) -> None:
        """Send what was not announced, or not heard of, until the run has ended."""
        while True:
            await asyncio.sleep(CATCH_UP_SECONDS)
            if not self._joined:
                await self._join()
            try:
                events = await database_sync_to_async(_events_after)(self.run_id, self._told.all_until)
            except DatabaseError as error:  # it may be back the next time
                log.warning("run %s could not be looked up: %s", self.run_id, error)
                continue
            for event in events:
                if self._told.is_new(event["seq"]):
                    await self.send(json.dumps({"kind": "event", "event": event}))
            if events and RUN_STATUS.get(events[-1]["kind"]) in FINAL_RUN:
                return

    def _workspaces(self) -> list[int]:
        header = dict(self.scope["headers"]).get(b"authorization", b"").decode("latin-1")
        if header.startswith("Bearer "):
            digest = digest_of_secret(header.removeprefix("Bearer "))
            token = Token.objects.filter(digest=digest).first()
            mine = token.user.workspaces.filter(id=token.workspace_id) if token else None
        else:
            user = self.scope["user"]
            mine = user.workspaces.all() if user.is_authenticated else None
        return list(mine.values_list("id", flat=True)) if mine is not None else []


class Told:
    """Numbers of events that a client was told, in whatever order; it was told all until `all_until`."""

    def __init__(self, all_until: int) -> None:
        self.all_until = all_until
        self._beyond: set[int] = set()

    def is_new(self, seq: int) -> bool:
        """Tell whether a number was not told yet, and note that it is."""
        if seq <= self.all_until or seq in self._beyond:
            return False
        self._beyond.add(seq)
        while self.all_until + 1 in self._beyond:
            self.all_until += 1
            self._beyond.remove(self.all_until)
        return True


def _snapshot(run_id: UUID, workspaces: list[int]) -> dict[str, Any] | None:
    run = Run.objects.filter(pk=run_id, workspace_id__in=workspaces).first()
    return {"kind": "snapshot", "run": run_json(run)} if run else None


def _events_after(run_id: UUID, seq: int) -> list[dict[str, Any]]:
    return [event_json(event) for event in Event.objects.filter(run=run_id, seq__gt=seq)]

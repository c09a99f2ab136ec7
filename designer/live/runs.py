"""A run, live: the whole state first, then numbered changes."""

import json
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.core.serializers.json import DjangoJSONEncoder

from designer.runs.models import Run
from designer.runs.queries import run_json
from designer.runs.record import group_of
from designer.workspaces.actions import digest_of_secret
from designer.workspaces.models import Token

NOT_SIGNED_IN = 4401
NOT_FOUND = 4404


class RunConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """Forwards what is announced of one run.

    The client joins the group before the snapshot is read, so a change is in the snapshot or comes
    after it; the numbers tell which. A client that misses a number asks for the events.
    """

    async def connect(self) -> None:
        run_id = self.scope["url_route"]["kwargs"]["run_id"]
        await self.accept()
        workspaces = await database_sync_to_async(self._workspaces)()
        if not workspaces:
            await self.close(NOT_SIGNED_IN)
            return
        self.group = group_of(run_id)
        await self.channel_layer.group_add(self.group, self.channel_name)
        snapshot = await database_sync_to_async(_snapshot)(run_id, workspaces)
        if snapshot is None:
            await self.close(NOT_FOUND)
            return
        await self.send(snapshot)

    async def disconnect(self, code: int) -> None:
        if hasattr(self, "group"):
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def announce(self, event: dict[str, Any]) -> None:
        """Pass messages of the bus on."""
        for message in event["messages"]:
            await self.send(json.dumps(message))

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


def _snapshot(run_id: UUID, workspaces: list[int]) -> str | None:
    run = Run.objects.filter(pk=run_id, workspace_id__in=workspaces).first()
    return json.dumps({"kind": "snapshot", "run": run_json(run)}, cls=DjangoJSONEncoder) if run else None

"""Which pages may open a socket.

A browser sends cookies with a socket from any page, so the page's origin is checked: it must be
this server, under a name that it is allowed to have. Cookies do not tell ports apart, so the port
counts too. A program with a token sends no origin, and no page can make a browser send a token.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.http.request import split_domain_port, validate_host

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


class OwnOrigin:
    """Lets sockets of our own pages and of programs through, and refuses others."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        application = self._application if is_own(headers) else Refusal.as_asgi()
        await application(scope, receive, send)


class Refusal(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """Refuses the handshake, which the browser sees as status 403."""

    async def connect(self) -> None:
        await self.close()


def is_own(headers: dict[bytes, str]) -> bool:
    """Whether a handshake comes from a page of this server, or from a program with a token."""
    origin, host = headers.get(b"origin"), headers.get(b"host", "")
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        return False
    if origin is None:
        return headers.get(b"authorization", "").startswith("Bearer ")
    return urlsplit(origin).netloc == host or origin in settings.CSRF_TRUSTED_ORIGINS

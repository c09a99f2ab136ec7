"""Who calls, in which workspace, and what they may do."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self, TypeVar

import ninja
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import APIKeyCookie, HttpBearer

from designer.errors import NotAllowed
from designer.workspaces.actions import digest_of_secret
from designer.workspaces.models import Membership, Token, User, Workspace
from designer.workspaces.permissions import EVERY, is_allowed

View = TypeVar("View", bound=Callable[..., Any])

USE_NOTED_EVERY = timedelta(minutes=1)
"""Noting each use of a token would make a write of every read."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A person in a workspace."""

    user: User
    workspace: Workspace
    role: str

    @classmethod
    def of(cls, memberships: QuerySet[Membership]) -> Self | None:
        """The caller of the oldest membership."""
        found = memberships.select_related("user", "workspace").order_by("pk").first()
        return cls(found.user, found.workspace, found.role) if found else None


class Request(HttpRequest):
    """A request whose caller is known."""

    auth: Caller


class SessionAuth(APIKeyCookie):
    """A browser that has signed in; CSRF is checked, since cookies travel by themselves."""

    param_name = settings.SESSION_COOKIE_NAME

    def _get_key(self, request: HttpRequest) -> str | None:
        return super()._get_key(request) if self.param_name in request.COOKIES else None

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        if isinstance(request.user, AnonymousUser):
            return None
        return Caller.of(Membership.objects.filter(user=request.user))


class TokenAuth(HttpBearer):
    """A program with a bearer token."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        found = Token.objects.filter(digest=digest_of_secret(token)).first()
        if found is None:
            return None
        now = timezone.now()
        if found.last_used_at is None or found.last_used_at < now - USE_NOTED_EVERY:
            Token.objects.filter(pk=found.pk).update(last_used_at=now)
        return Caller.of(Membership.objects.filter(user=found.user_id, workspace=found.workspace_id))


AUTHENTICATION = [TokenAuth(), SessionAuth()]


class Router:
    """Routes of one resource; each names the permission that its caller needs."""

    def __init__(self, *, tags: list[str]) -> None:
        self.routes = ninja.Router(tags=tags)

    def get(self, path: str, *, may: str, **options: Any) -> Callable[[View], View]:
        return self._operation("GET", path, may, options)

    def post(self, path: str, *, may: str, **options: Any) -> Callable[[View], View]:
        return self._operation("POST", path, may, options)

    def put(self, path: str, *, may: str, **options: Any) -> Callable[[View], View]:
        return self._operation("PUT", path, may, options)

    def delete(self, path: str, *, may: str, **options: Any) -> Callable[[View], View]:
        return self._operation("DELETE", path, may, options)

    def _operation(self, method: str, path: str, may: str, options: dict[str, Any]) -> Callable[[View], View]:
        if may not in EVERY:
            raise ValueError(f"no role has the permission '{may}'")
        register = self.routes.api_operation([method], path, **options)

        def decorate(view: View) -> View:
            register(guarded(view, may))
            return view

        return decorate


def guarded(view: View, may: str) -> View:
    """The view for callers whose role has a permission."""

    @functools.wraps(view)
    def guard(request: Request, *args: Any, **kwargs: Any) -> Any:
        if not is_allowed(request.auth.role, may):
            raise NotAllowed(f"Your role in this workspace is {request.auth.role}, which may not do this ({may})")
        return view(request, *args, **kwargs)

    return guard  # type: ignore[return-value]  # of the same signature

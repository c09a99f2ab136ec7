"""Who calls, and in which workspace."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import APIKeyCookie, HttpBearer

from designer.errors import NotAllowed
from designer.workspaces.actions import digest_of_secret
from designer.workspaces.models import Membership, Token

WRITERS = frozenset({Membership.Role.OWNER, Membership.Role.CONTRIBUTOR})
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Caller:
    """A person in a workspace."""

    def __init__(self, membership: Membership) -> None:
        self.user = membership.user
        self.workspace = membership.workspace
        self.role = membership.role


class SessionAuth(APIKeyCookie):
    """A browser that has signed in; CSRF is checked, since cookies travel by themselves."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        if isinstance(request.user, AnonymousUser):
            return None
        return caller_of(Membership.objects.filter(user=request.user), request.method or "GET")


class TokenAuth(HttpBearer):
    """A program with a bearer token."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        found = Token.objects.filter(digest=digest_of_secret(token)).first()
        if found is None:
            return None
        Token.objects.filter(id=found.id).update(last_used_at=timezone.now())
        mine = Membership.objects.filter(user=found.user_id, workspace=found.workspace_id)
        return caller_of(mine, request.method or "GET")


def caller_of(memberships: Any, method: str) -> Caller | None:
    """The caller of the first membership; readers may not change anything."""
    membership = memberships.select_related("user", "workspace").order_by("id").first()
    if membership is None:
        return None
    if method not in READING and membership.role not in WRITERS:
        raise NotAllowed("Your role in this workspace is reader; changing it needs a contributor")
    return Caller(membership)


class Request(HttpRequest):
    """A request whose caller is known."""

    auth: Caller


AUTHENTICATION = [TokenAuth(), SessionAuth()]

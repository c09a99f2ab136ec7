"""Who is signed in, and the tokens of programs."""

from typing import Any

from django.contrib.auth import logout

from designer.api import schemas
from designer.api.access import Request, Router
from designer.errors import NotFound
from designer.workspaces.actions import create_token
from designer.workspaces.models import Token

router = Router(tags=["session"])


@router.get("/session", may="session.read", response=schemas.Session)
def read_session(request: Request) -> Any:
    """Who calls, and in which workspace."""
    caller = request.auth
    workspace = {"id": caller.workspace.id, "name": caller.workspace.name}
    return {"user": {"name": caller.user.username}, "workspace": workspace, "role": caller.role}


@router.delete("/session", may="session.end", response={204: None})
def end_session(request: Request) -> Any:
    """Sign out."""
    logout(request)
    return 204, None


@router.get("/tokens", may="tokens.read", response=list[schemas.Token])
def list_tokens(request: Request) -> Any:
    """Your tokens in this workspace."""
    return Token.objects.filter(user=request.auth.user, workspace=request.auth.workspace).order_by("-created_at")


@router.post("/tokens", may="tokens.write", response={201: schemas.NewToken})
def make_token(request: Request, body: schemas.TokenName) -> Any:
    """Make a token; its secret is shown this once."""
    token, secret = create_token(request.auth.user, request.auth.workspace, body.name)
    shown = {"id": token.id, "name": token.name, "created_at": token.created_at, "last_used_at": None}
    return 201, {**shown, "secret": secret}


@router.delete("/tokens/{token_id}", may="tokens.write", response={204: None})
def delete_token(request: Request, token_id: int) -> Any:
    """Take a token back."""
    mine = Token.objects.filter(user=request.auth.user, workspace=request.auth.workspace, id=token_id)
    if not mine.delete()[0]:
        raise NotFound("There is no such token")
    return 204, None

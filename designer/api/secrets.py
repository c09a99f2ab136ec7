"""Secrets: names are listed, values only ever go in."""

from typing import Any

from designer.api import schemas
from designer.api.access import Request, Router
from designer.workspaces.models import Secret
from designer.workspaces.secrets import delete_secret, set_secret

router = Router(tags=["secrets"])


@router.get("/secrets", may="secrets.read", response=list[schemas.SecretOut])
def list_secrets(request: Request) -> Any:
    """The names of this workspace's secrets; a node's parameter holds one of them."""
    return Secret.objects.filter(workspace=request.auth.workspace).order_by("name")


@router.post("/secrets", may="secrets.write", response=schemas.SecretOut)
def keep_secret(request: Request, body: schemas.SecretIn) -> Any:
    """Keep a secret, in place of what it was before; it cannot be read back."""
    return set_secret(request.auth.workspace, body.name, body.value)


@router.delete("/secrets/{name}", may="secrets.write", response={204: None})
def remove_secret(request: Request, name: str) -> Any:
    """Forget a secret."""
    delete_secret(request.auth.workspace, name)
    return 204, None

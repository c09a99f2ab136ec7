"""Secrets of a workspace: kept encrypted, told by name, read by steps alone."""

import os
from collections.abc import Collection, Iterator, Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction

from designer.errors import InvalidDocument, NotFound, Problem
from designer.graph.plan import Plan
from designer.workspaces.models import Secret, Workspace

NAME_PATTERN = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}"
"""Names that a document can hold and a person can read, as a regular expression."""

PURPOSE = b"designer: secrets of workspaces"
NONCE_BYTES = 12


@transaction.atomic
def set_secret(workspace: Workspace, name: str, value: str) -> Secret:
    """Keep a secret, in place of what it was before. It can be used and replaced, and never be read back."""
    content = _encrypted(value, _place(workspace.pk, name))
    secret, _ = Secret.objects.update_or_create(workspace=workspace, name=name, defaults={"content": content})
    return secret


def delete_secret(workspace: Workspace, name: str) -> None:
    """Forget a secret; nodes that name it fail from now on. Raises NotFound."""
    deleted, _ = Secret.objects.filter(workspace=workspace, name=name).delete()
    if not deleted:
        raise NotFound(f"There is no secret '{name}' in this workspace")


def missing_secrets(workspace: Workspace, names: Collection[str]) -> set[str]:
    """Those of the names that the workspace does not have."""
    if not names:
        return set()
    known = Secret.objects.filter(workspace=workspace, name__in=names).values_list("name", flat=True)
    return set(names) - set(known)


def require_secrets(workspace: Workspace, plan: Plan) -> None:
    """Check that a workspace has the secrets that a plan names; raises InvalidDocument."""
    missing = missing_secrets(workspace, {name for step in plan.steps for name in step.secrets})
    problems = [
        Problem(
            code="unknown_secret",
            node=step.node,
            key=f"params.{key}",
            found=name[:100],
            message=f"Node '{step.node}': parameter '{key}' names a secret that this workspace does not have",
            values={"parameter": key},
            hint="Set the secret, or choose another one.",
        )
        for step in plan.steps
        for name in step.secrets
        if name in missing
        for key, value in step.params.items()
        if value == name
    ]
    if problems:
        raise InvalidDocument(problems)


def values_of(workspace_id: int, names: Collection[str]) -> Mapping[str, str]:
    """The values of secrets, for a step that is about to start.

    One that is gone, or that another key has encrypted, is left out.
    """
    if not names:
        return {}
    rows = Secret.objects.filter(workspace_id=workspace_id, name__in=names).values_list("name", "content")
    found = {name: _decrypted(bytes(content), _place(workspace_id, name)) for name, content in rows}
    return {name: value for name, value in found.items() if value is not None}


def _place(workspace_id: int, name: str) -> bytes:
    """Bound into what is encrypted, so that it is of no use under another name or in another workspace."""
    return f"{workspace_id}/{name}".encode()


def _encrypted(value: str, place: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_key(settings.SECRET_KEY)).encrypt(nonce, value.encode(), place)


def _decrypted(content: bytes, place: bytes) -> str | None:
    nonce, sealed = content[:NONCE_BYTES], content[NONCE_BYTES:]
    for key in _keys():
        try:
            return AESGCM(key).decrypt(nonce, sealed, place).decode()
        except InvalidTag:
            continue
    return None


def _keys() -> Iterator[bytes]:
    """The key of this installation, and those before it."""
    yield _key(settings.SECRET_KEY)
    yield from map(_key, settings.SECRET_KEY_FALLBACKS)


def _key(of_installation: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(of_installation.encode())

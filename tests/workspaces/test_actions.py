"""How people and programs are let in."""

import pytest

from designer.workspaces.actions import create_sign_in_link, create_token, ensure_owner, use_sign_in_link
from designer.workspaces.models import SignInLink, Token, Workspace
from designer.workspaces.permissions import EVERY, is_allowed

pytestmark = pytest.mark.django_db


def test_there_is_one_owner_and_one_workspace_however_often_one_asks() -> None:
    assert ensure_owner() == ensure_owner()
    assert Workspace.objects.count() == 1


def test_nobody_has_a_password() -> None:
    owner, _ = ensure_owner()
    assert not owner.has_usable_password()


def test_a_link_signs_in_once() -> None:
    owner, _ = ensure_owner()
    secret = create_sign_in_link(owner)
    assert (use_sign_in_link(secret), use_sign_in_link(secret)) == (owner, None)


def test_a_new_link_ends_one_that_was_not_used() -> None:
    owner, _ = ensure_owner()
    old, new = create_sign_in_link(owner), create_sign_in_link(owner)
    assert (use_sign_in_link(old), use_sign_in_link(new)) == (None, owner)


def test_secrets_are_kept_as_digests_only() -> None:
    owner, workspace = ensure_owner()
    link = create_sign_in_link(owner)
    _, token = create_token(owner, workspace, "a")
    kept = [*SignInLink.objects.values_list("digest", flat=True), *Token.objects.values_list("digest", flat=True)]
    assert len(kept) == 2
    assert not {link, token} & set(kept)


@pytest.mark.parametrize("permission", sorted(EVERY))
def test_owners_may_all_and_unknown_roles_nothing(permission: str) -> None:
    assert is_allowed("owner", permission)
    assert not is_allowed("visitor", permission)

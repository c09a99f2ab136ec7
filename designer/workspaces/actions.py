"""Make the owner, let people in, make and take back tokens."""

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from designer.workspaces.models import Membership, SignInLink, Token, User, Workspace

OWNER = "owner"


def digest_of_secret(secret: str) -> str:
    """What is kept of a secret. It is long and random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def ensure_owner() -> tuple[User, Workspace]:
    """The one person and workspace of an embedded installation; made at the first call."""
    user = User.objects.filter(username=OWNER).first()
    if user is None:
        user = User(username=OWNER)
        user.set_unusable_password()
        user.save()
    membership = Membership.objects.filter(user=user).select_related("workspace").first()
    if membership is None:
        workspace = Workspace.objects.create(name="My workspace")
        membership = Membership.objects.create(user=user, workspace=workspace, role=Membership.Role.OWNER)
    return user, membership.workspace


def create_sign_in_link(user: User) -> str:
    """A new secret for `/sign-in/<secret>`; links that were not used stop working."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        SignInLink.objects.filter(user=user, used_at=None).delete()
        SignInLink.objects.create(user=user, digest=digest_of_secret(secret))
    return secret


def use_sign_in_link(secret: str) -> User | None:
    """The person whom a link signs in; None where it is unknown or used."""
    digest = digest_of_secret(secret)
    # The conditional update lets only one of two simultaneous uses through.
    if not SignInLink.objects.filter(digest=digest, used_at=None).update(used_at=timezone.now()):
        return None
    return SignInLink.objects.select_related("user").get(digest=digest).user


def create_token(user: User, workspace: Workspace, name: str) -> tuple[Token, str]:
    """A new token and its secret, which is shown this once."""
    secret = f"dsg_{secrets.token_urlsafe(32)}"
    token = Token.objects.create(user=user, workspace=workspace, name=name, digest=digest_of_secret(secret))
    return token, secret

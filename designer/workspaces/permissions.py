"""What each role may do in a workspace."""

from designer.workspaces.models import Membership

READER = frozenset(
    {
        "session.read",
        "session.end",
        "library.read",
        "assets.read",
        "drafts.read",
        "documents.examine",
        "runs.read",
        "artifacts.read",
        "tokens.read",
        "tokens.write",
        "secrets.read",
    }
)
CONTRIBUTOR = READER | {"assets.write", "drafts.write", "runs.submit", "runs.cancel", "secrets.write"}

PERMISSIONS: dict[str, frozenset[str]] = {
    Membership.Role.READER: READER,
    Membership.Role.CONTRIBUTOR: CONTRIBUTOR,
    Membership.Role.OWNER: CONTRIBUTOR,
}
EVERY = frozenset().union(*PERMISSIONS.values())


def is_allowed(role: str, permission: str) -> bool:
    """Whether a role has a permission; a role that is not known has none."""
    return permission in PERMISSIONS.get(role, frozenset())

"""Secrets: kept encrypted, bound to their place, read by steps alone."""

import pytest
from django.conf import LazySettings

from designer.errors import NotFound
from designer.workspaces.models import Secret, Workspace
from designer.workspaces.secrets import delete_secret, missing_secrets, set_secret, values_of

pytestmark = pytest.mark.django_db
VALUE = "postgresql://ann:s3cr\u00e9t@db.example.org/sales"


@pytest.fixture
def workspace() -> Workspace:
    return Workspace.objects.create(name="Sales")


def test_a_step_gets_what_was_set(workspace: Workspace) -> None:
    set_secret(workspace, "db", VALUE)
    set_secret(workspace, "other", "x")
    assert values_of(workspace.pk, ["db", "gone"]) == {"db": VALUE}


def test_what_is_stored_does_not_show_the_value(workspace: Workspace) -> None:
    set_secret(workspace, "db", VALUE)
    stored = bytes(Secret.objects.get().content)
    assert not any(part in stored for part in (VALUE.encode(), b"s3cr", b"postgresql"))
    set_secret(workspace, "db", VALUE)
    assert bytes(Secret.objects.get().content) != stored


def test_a_secret_is_replaced_and_forgotten(workspace: Workspace) -> None:
    set_secret(workspace, "db", "one")
    set_secret(workspace, "db", "two")
    assert values_of(workspace.pk, ["db"]) == {"db": "two"}
    delete_secret(workspace, "db")
    assert missing_secrets(workspace, ["db"]) == {"db"}
    with pytest.raises(NotFound):
        delete_secret(workspace, "db")


def test_a_row_that_is_moved_to_another_name_or_workspace_cannot_be_read(workspace: Workspace) -> None:
    set_secret(workspace, "db", VALUE)
    other = Workspace.objects.create(name="Other")
    Secret.objects.update(name="mine")
    assert values_of(workspace.pk, ["mine"]) == {}
    Secret.objects.update(name="db", workspace=other)
    assert values_of(other.pk, ["db"]) == {}


def test_workspaces_do_not_see_each_other(workspace: Workspace) -> None:
    set_secret(workspace, "db", VALUE)
    other = Workspace.objects.create(name="Other")
    assert values_of(other.pk, ["db"]) == {}
    assert missing_secrets(other, ["db"]) == {"db"}


def test_another_key_reads_nothing_and_a_former_key_still_does(workspace: Workspace, settings: LazySettings) -> None:
    former = settings.SECRET_KEY
    set_secret(workspace, "db", VALUE)
    settings.SECRET_KEY = "another"  # noqa: S105  made up
    assert values_of(workspace.pk, ["db"]) == {}
    settings.SECRET_KEY_FALLBACKS = [former]
    assert values_of(workspace.pk, ["db"]) == {"db": VALUE}

"""Make, save and delete drafts."""

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from designer.errors import Conflict, NotFound
from designer.graph.document import Document
from designer.graph.writing import to_json
from designer.pipelines.models import Draft
from designer.workspaces.models import User, Workspace


def digest_of(document: Document) -> str:
    """The revision of a document: equal documents have equal digests."""
    text = json.dumps(to_json(document), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def create_draft(workspace: Workspace, author: User, document: Document) -> Draft:
    """A new draft; an unnamed one is named after the moment."""
    if not document.name:
        document = document.model_copy(update={"name": f"Pipeline of {datetime.now():%Y-%m-%d %H:%M}"})  # noqa: DTZ005  as the clock on the wall
    return Draft.objects.create(
        workspace=workspace,
        author=author,
        name=document.name,
        document=to_json(document),
        digest=digest_of(document),
    )


def save_draft(draft: Draft, document: Document, *, based_on: str) -> Draft:
    """Replace the document; raises Conflict where the draft is no longer what the author has seen."""
    fields: dict[str, Any] = {
        "name": document.name or draft.name,
        "document": to_json(document),
        "digest": digest_of(document),
    }
    # One conditional UPDATE: of two simultaneous saves only one finds its revision.
    from django.utils import timezone

    if not Draft.objects.filter(id=draft.id, digest=based_on).update(**fields, updated_at=timezone.now()):
        current = Draft.objects.filter(id=draft.id).values_list("digest", flat=True).first()
        if current is None:
            raise NotFound("This draft has been deleted")
        raise Conflict("This draft has been changed elsewhere since you opened it", current=current)
    draft.refresh_from_db()
    return draft


def find_draft(workspace: Workspace, draft_id: UUID) -> Draft:
    """A draft of this workspace; raises NotFound."""
    draft = Draft.objects.filter(workspace=workspace, id=draft_id).first()
    if draft is None:
        raise NotFound("There is no such draft in this workspace")
    return draft

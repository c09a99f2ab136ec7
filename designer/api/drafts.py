"""Drafts and documents."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from ninja import File, Header
from ninja.files import UploadedFile

from designer.api import schemas
from designer.api.access import Request, Router
from designer.api.files import on_disk
from designer.assets.queries import DatasetEntries
from designer.graph.document import Document
from designer.graph.examination import examine
from designer.graph.reading import read
from designer.graph.writing import write
from designer.pipelines.actions import create_draft, find_draft, save_draft
from designer.pipelines.bringing import document_in
from designer.pipelines.exports import stem_of
from designer.pipelines.models import Draft
from designer.runs.findings import facts_of_draft
from designer.runs.memory import memory_of_draft
from designer.runs.models import Run
from designer.runs.queries import summaries
from modules import catalog

router = Router(tags=["drafts"])


def draft_json(draft: Draft) -> dict[str, Any]:
    """A draft with what is known of its document."""
    document, modules = Document.model_validate(draft.document), catalog.load()
    examination = examine(
        document,
        modules,
        DatasetEntries(draft.workspace),
        facts=facts_of_draft(draft, modules),
        memory=memory_of_draft(draft, modules),
    )
    return {
        "id": draft.id,
        "name": draft.name,
        "document": document,
        "digest": draft.digest,
        "updated_at": draft.updated_at,
        "examination": examination.to_json(),
    }


@router.get("/drafts", may="drafts.read", response=list[schemas.DraftSummary])
def list_drafts(request: Request) -> Any:
    """Drafts, the last changed first, each with its newest run."""
    newest = Prefetch("runs", Run.objects.defer("document", "plan").order_by("-number"))
    drafts = list(Draft.objects.filter(workspace=request.auth.workspace).defer("document").prefetch_related(newest))
    last = {draft.id: next(iter(draft.runs.all()), None) for draft in drafts}
    shown = {s["draft_id"]: s for s in summaries(run for run in last.values() if run)}
    return [
        {"id": d.id, "name": d.name, "updated_at": d.updated_at, "digest": d.digest, "last_run": shown.get(str(d.id))}
        for d in drafts
    ]


@router.post("/drafts", may="drafts.write", response={201: schemas.DraftOut})
def make_draft(request: Request, body: schemas.NewDraft) -> Any:
    """Make a draft, empty or from a document (JSON values, YAML or JSON text)."""
    document = read(body.document) if body.document else Document()
    if body.name:
        document = document.model_copy(update={"name": body.name})
    return 201, draft_json(create_draft(request.auth.workspace, request.auth.user, document))


@router.post("/drafts/files", may="drafts.write", response={201: schemas.DraftOut})
def make_draft_of_file(request: Request, file: File[UploadedFile]) -> Any:
    """Make a draft of a file: a document, or the archive of a model or of an exported pipeline, which carry theirs."""
    with on_disk(file) as path:
        document = read(document_in(path))
    return 201, draft_json(create_draft(request.auth.workspace, request.auth.user, document))


@router.get("/drafts/{draft_id}", may="drafts.read", response=schemas.DraftOut)
def read_draft(request: Request, draft_id: UUID) -> Any:
    """A draft, its problems and its columns."""
    return draft_json(find_draft(request.auth.workspace, draft_id))


@router.put("/drafts/{draft_id}", may="drafts.write", response=schemas.DraftOut)
def replace_draft(
    request: Request, draft_id: UUID, body: schemas.DocumentIn, if_match: Annotated[str, Header(alias="If-Match")]
) -> Any:
    """Save a document over the revision that `If-Match` names; 412 where there is a newer one."""
    draft = find_draft(request.auth.workspace, draft_id)
    return draft_json(save_draft(draft, read(body.document), based_on=if_match.strip('"')))


@router.delete("/drafts/{draft_id}", may="drafts.write", response={204: None})
def delete_draft(request: Request, draft_id: UUID) -> Any:
    """Delete a draft; its runs stay."""
    find_draft(request.auth.workspace, draft_id).delete()
    return 204, None


@router.get("/drafts/{draft_id}/document", may="drafts.read")
def read_document(request: Request, draft_id: UUID, format: Literal["yaml", "json"] = "yaml") -> Any:
    """The document as text, as it would lie in a repository."""
    draft = find_draft(request.auth.workspace, draft_id)
    text = write(Document.model_validate(draft.document), format, catalog=catalog.load())
    kind = "application/yaml" if format == "yaml" else "application/json"
    headers = {"Content-Disposition": content_disposition_header(True, f"{stem_of(draft.name)}.{format}") or ""}
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=headers)


@router.post("/documents/examine", may="documents.examine", response=schemas.ExaminationOut)
def examine_document(request: Request, body: schemas.DocumentIn) -> Any:
    """What is wrong with a document or may fool its author, and which columns its ports have; nothing is saved."""
    return examine(read(body.document), catalog.load(), DatasetEntries(request.auth.workspace)).to_json()

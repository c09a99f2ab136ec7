"""Pipelines to take away as plain Python."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import FileResponse
from ninja import Schema

from designer.api import schemas
from designer.api.access import Request, Router
from designer.api.files import scratch_folder
from designer.api.runs import find_run
from designer.assets.queries import DatasetEntries
from designer.graph.document import Document
from designer.graph.plan import Plan
from designer.graph.script import Target
from designer.pipelines.actions import find_draft
from designer.pipelines.exports import export_document, export_plan
from designer.runs.actions.export_model import ModelFormat, export_model
from designer.runs.queries import run_json
from modules import catalog

router = Router(tags=["exports"])


class ModelFileIn(Schema):
    """What a trained model is written as."""

    format: ModelFormat = "skops"


@router.get("/drafts/{draft_id}/export", may="drafts.read")
def export_draft(request: Request, draft_id: UUID, to: Target = "python") -> Any:
    """The pipeline as a Python script or a notebook that needs public packages only; a zip archive with its data."""
    workspace = request.auth.workspace
    document = Document.model_validate(find_draft(workspace, draft_id).document)
    with scratch_folder() as folder:
        return sent(export_document(workspace, document, to, folder, catalog.load(), DatasetEntries(workspace)))


@router.get("/runs/{run_id}/export", may="runs.read")
def export_run(request: Request, run_id: UUID, to: Target = "python") -> Any:
    """What a run has done as a Python script or a notebook: with its seeds, and with the data of then."""
    workspace = request.auth.workspace
    run = find_run(workspace, run_id)
    document, plan = Document.model_validate(run.document), Plan.model_validate(run.plan)
    with scratch_folder() as folder:
        return sent(export_plan(workspace, document, plan, to, folder, catalog.load()))


@router.post("/runs/{run_id}/nodes/{node}/outputs/{port}/files", may="runs.submit", response={201: schemas.RunOut})
def make_model_file(request: Request, run_id: UUID, node: str, port: str, body: ModelFileIn) -> Any:
    """Begin to write a trained model to a file, as a run of one step: its output `model_file` of `file` is the archive.

    It holds the model, the pipeline that made it, the digests of its data and the environment.
    """
    run = find_run(request.auth.workspace, run_id)
    return 201, run_json(export_model(run, request.auth.user, node, port, body.format))


def sent(path: Path) -> FileResponse:
    """A file that was made for this answer."""
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)

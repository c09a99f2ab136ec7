"""Runs: submit, watch, cancel."""

from typing import Any
from uuid import UUID

from designer.api import schemas
from designer.api.access import Request, Router
from designer.api.schemas import Count
from designer.engine.state import FINAL_STEP
from designer.errors import InvalidDocument, NotFound, Problem
from designer.graph.advice.advice import Advice
from designer.graph.document import Document
from designer.graph.reading import read
from designer.graph.selection import Selection
from designer.pipelines.actions import find_draft
from designer.pipelines.models import Draft
from designer.runs.actions.cancel_run import cancel_run
from designer.runs.actions.submit_run import submit_run
from designer.runs.explanations import explain_run, forecast_run
from designer.runs.findings import examination_of_run
from designer.runs.logs import read_log
from designer.runs.models import Event, Run, RunStep
from designer.runs.queries import run_json, summaries
from designer.workspaces.models import Workspace
from modules import catalog

router = Router(tags=["runs"])

LISTED_RUNS = 200


def find_run(workspace: Workspace, run_id: UUID) -> Run:
    """A run of this workspace; raises NotFound."""
    run = Run.objects.filter(workspace=workspace, id=run_id).first()
    if run is None:
        raise NotFound("There is no such run in this workspace")
    return run


def selection_of(body: schemas.RunWish) -> Selection:
    """The part of the graph that is asked for."""
    return Selection(body.targets, body.starts, body.force)


def document_of(body: schemas.RunWish, draft: Draft | None) -> Document:
    """The document that is sent, else the draft's; raises InvalidDocument where there is neither."""
    if body.document is not None:
        return read(body.document)
    if draft is not None:
        return Document.model_validate(draft.document)
    raise InvalidDocument([Problem(code="missing_key", message="Send 'draft_id' or 'document'")])


@router.post("/runs", may="runs.submit", response={201: schemas.RunOut})
def make_run(request: Request, body: schemas.NewRun) -> Any:
    """Run a draft or a document, or a part of it; 422 names every problem."""
    caller = request.auth
    draft = find_draft(caller.workspace, body.draft_id) if body.draft_id else None
    run = submit_run(
        caller.workspace,
        caller.user,
        document_of(body, draft),
        catalog.load(),
        draft=draft,
        values=body.parameters,
        selection=selection_of(body),
        stop_on_failure=body.stop_on_failure,
    )
    return 201, run_json(run)


@router.post("/runs/forecast", may="runs.read", response=schemas.ExplanationsOut)
def forecast(request: Request, body: schemas.RunWish) -> Any:
    """What a submission would do: which nodes would be reused, which would run, and why. Nothing is run or saved."""
    caller = request.auth
    draft = find_draft(caller.workspace, body.draft_id) if body.draft_id else None
    document, selection = document_of(body, draft), selection_of(body)
    found = forecast_run(
        caller.workspace,
        caller.user,
        document,
        catalog.load(),
        draft=draft,
        values=body.parameters,
        selection=selection,
    )
    return {"nodes": found}


@router.get("/runs/{run_id}/explanations", may="runs.read", response=schemas.ExplanationsOut)
def read_explanations(request: Request, run_id: UUID) -> Any:
    """Why each node of a run ran, was reused or did not run, compared with the run before."""
    return {"nodes": explain_run(find_run(request.auth.workspace, run_id))}


@router.get("/runs", may="runs.read", response=list[schemas.RunSummary])
def list_runs(request: Request, draft_id: UUID | None = None) -> Any:
    """Runs, the newest first."""
    runs = Run.objects.filter(workspace=request.auth.workspace).defer("document", "plan")
    if draft_id is not None:
        runs = runs.filter(draft_id=draft_id)
    return summaries(runs.order_by("-number")[:LISTED_RUNS])


@router.get("/runs/{run_id}", may="runs.read", response=schemas.RunOut)
def read_run(request: Request, run_id: UUID) -> Any:
    """A run with the state of every node."""
    return run_json(find_run(request.auth.workspace, run_id))


@router.get("/runs/{run_id}/advice", may="runs.read", response=list[Advice])
def read_advice(request: Request, run_id: UUID) -> Any:
    """What may make the models of a run look better than they are, with what the run has found in its data."""
    return examination_of_run(find_run(request.auth.workspace, run_id), catalog.load()).advice


@router.get("/runs/{run_id}/events", may="runs.read", response=list[schemas.EventOut])
def list_events(request: Request, run_id: UUID, after: Count = 0) -> Any:
    """Events with a number above `after`, in order."""
    return Event.objects.filter(run=find_run(request.auth.workspace, run_id), seq__gt=after)


@router.post("/runs/{run_id}/cancel", may="runs.cancel", response=schemas.RunOut)
def cancel(request: Request, run_id: UUID) -> Any:
    """End a run; what has ended already stays as it is."""
    run = find_run(request.auth.workspace, run_id)
    cancel_run(run)
    run.refresh_from_db()
    return run_json(run)


@router.get("/runs/{run_id}/nodes/{node}/log", may="runs.read", response=schemas.LogPart)
def read_node_log(request: Request, run_id: UUID, node: str, offset: Count = 0) -> Any:
    """What a node has printed, from an offset in bytes."""
    step = RunStep.objects.filter(run=find_run(request.auth.workspace, run_id), node=node).first()
    if step is None:
        raise NotFound(f"The run has no node '{node}'")
    text, end = read_log(run_id, node, step.attempt, step.log, offset)
    return {"text": text, "offset": end, "complete": step.status in FINAL_STEP}

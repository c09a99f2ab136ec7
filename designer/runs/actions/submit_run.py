"""Freeze a document as a run and start it."""

from collections.abc import Mapping
from contextlib import suppress

from django.db import transaction
from django.db.models import Max
from pydantic import JsonValue

from designer.assets.queries import DatasetEntries
from designer.assets.uploads import Files, files_of
from designer.errors import InvalidDocument
from designer.graph.document import Document
from designer.graph.examination import Examination, examine
from designer.graph.graph import DatasetEntry
from designer.graph.plan import Plan, compile_plan
from designer.graph.selection import EVERYTHING, Selection
from designer.graph.writing import to_json
from designer.pipelines.models import Draft
from designer.runs.advance import advance
from designer.runs.likeness import runs_like
from designer.runs.models import Run, RunStep
from designer.runs.queue import may_begin
from designer.runs.record import locked
from designer.runs.results import TakenAway
from designer.workspaces.models import User, Workspace
from designer.workspaces.secrets import require_secrets
from modules.kit import Catalog


def submit_run(
    workspace: Workspace,
    author: User,
    document: Document,
    catalog: Catalog,
    *,
    draft: Draft | None = None,
    values: Mapping[str, JsonValue] | None = None,
    selection: Selection = EVERYTHING,
    stop_on_failure: bool = False,
    datasets: Mapping[str, DatasetEntry] | None = None,
) -> Run:
    """Freeze a document as a run and start it; `datasets` stand in for those of the workspace, by name.

    A run whose author has many steps waiting already stays queued and begins in its turn. Raises InvalidDocument with
    every problem of what would run.
    """
    examination = examine(document, catalog, DatasetEntries(workspace, datasets))
    plan = _plan_of(examination, values, selection)
    files = files_of(plan, catalog, workspace)
    require_secrets(workspace, plan)
    with transaction.atomic():
        Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
        last = Run.objects.filter(workspace=workspace).aggregate(last=Max("number"))["last"] or 0
        run = Run.objects.create(
            workspace=workspace,
            author=author,
            draft=draft,
            number=last + 1,
            name=document.name,
            document=to_json(document, catalog=catalog),
            plan=plan.model_dump(mode="json"),
            stop_on_failure=stop_on_failure,
        )
        RunStep.objects.bulk_create(
            RunStep(run=run, node=step.node, files=_json(files.get(step.node, {}))) for step in plan.steps
        )
    # A run that is there and has not begun, whatever happens here, is begun by the reaper.
    with suppress(TakenAway), locked(run.pk) as record:
        if may_begin(record):
            record.begin()
            advance(record, likely_keys=_keys_of_last_run(run))
    return Run.objects.get(pk=run.pk)


def _keys_of_last_run(run: Run) -> set[str]:
    """Recipes of the run before: what this run reuses is mostly among them."""
    last = runs_like(run).filter(number__lt=run.number).values_list("pk", flat=True).first()
    if last is None:
        return set()
    recipes = RunStep.objects.filter(run_id=last).values_list("recipe", flat=True)
    return {recipe["key"] for recipe in recipes if recipe and recipe["key"]}


def _json(files: Files) -> dict[str, JsonValue]:
    return {upload_id: file.model_dump(mode="json") for upload_id, file in files.items()}


def _plan_of(examination: Examination, values: Mapping[str, JsonValue] | None, selection: Selection) -> Plan:
    """Compile what is wanted; columns that are not there are as wrong as wires that do not fit."""
    errors = [problem for problem in examination.problems if problem.severity == "error"]
    targets, starts, force = selection.targets, selection.starts, selection.force
    try:
        plan = compile_plan(examination.graph, values, targets, starts=starts, force=force)
    except InvalidDocument as error:
        if targets is not None or starts:
            raise
        more = [problem for problem in errors if problem not in error.problems]
        raise InvalidDocument([*error.problems, *more]) from None
    wanted = {step.node for step in plan.steps}
    if unfit := [problem for problem in errors if problem.node in wanted]:
        raise InvalidDocument(unfit)
    return plan

"""Freeze a document as a run and start it."""

from collections.abc import Collection, Mapping

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
from designer.graph.writing import to_json
from designer.pipelines.models import Draft
from designer.runs.advance import advance
from designer.runs.models import Run, RunStep
from designer.runs.record import locked
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
    targets: Collection[str] | None = None,
    datasets: Mapping[str, DatasetEntry] | None = None,
) -> Run:
    """Freeze a document as a run and start it; `datasets` stand in for those of the workspace, by name.

    Raises InvalidDocument with every problem of what would run.
    """
    examination = examine(document, catalog, DatasetEntries(workspace, datasets))
    plan = _plan_of(examination, values, targets)
    files = files_of(plan, catalog, workspace)
    require_secrets(workspace, plan)
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=workspace.pk)
        last = Run.objects.filter(workspace=workspace).aggregate(last=Max("number"))["last"] or 0
        run = Run.objects.create(
            workspace=workspace,
            author=author,
            draft=draft,
            number=last + 1,
            name=document.name,
            document=to_json(document, catalog=catalog),
            plan=plan.model_dump(mode="json"),
        )
        RunStep.objects.bulk_create(
            RunStep(run=run, node=step.node, files=_json(files.get(step.node, {}))) for step in plan.steps
        )
        with locked(run.pk) as record:
            record.begin()
            advance(record)
    return Run.objects.get(pk=run.pk)


def _json(files: Files) -> dict[str, JsonValue]:
    return {upload_id: file.model_dump(mode="json") for upload_id, file in files.items()}


def _plan_of(examination: Examination, values: Mapping[str, JsonValue] | None, targets: Collection[str] | None) -> Plan:
    """Compile what is wanted; columns that are not there are as wrong as wires that do not fit."""
    errors = [problem for problem in examination.problems if problem.severity == "error"]
    try:
        plan = compile_plan(examination.graph, values, targets)
    except InvalidDocument as error:
        if targets is not None:
            raise
        more = [problem for problem in errors if problem not in error.problems]
        raise InvalidDocument([*error.problems, *more]) from None
    wanted = {step.node for step in plan.steps}
    if unfit := [problem for problem in errors if problem.node in wanted]:
        raise InvalidDocument(unfit)
    return plan

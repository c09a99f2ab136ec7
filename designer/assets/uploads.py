"""Files that people bring for Import Data nodes."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.db import transaction

from designer.assets.keeping import Piece, keep
from designer.assets.models import Upload
from designer.assets.store import store
from designer.engine.step import UploadedFile
from designer.errors import InvalidDocument, Problem
from designer.graph.plan import Plan, Step
from designer.workspaces.models import Workspace
from modules.kit import Catalog

Files = dict[str, UploadedFile]
"""Uploads that a step names, by id."""


def keep_upload(workspace: Workspace, path: Path, name: str) -> Upload:
    """Move a file into the store; the same file under the same name again is the same upload, so results are reused."""
    size_bytes = path.stat().st_size
    digest = store().blobs.add(path)
    with transaction.atomic():
        keep([Piece(digest, size_bytes)])
        upload, _ = Upload.objects.get_or_create(
            workspace=workspace, name=name, digest=digest, defaults={"size_bytes": size_bytes}
        )
    return upload


def files_of(plan: Plan, catalog: Catalog, workspace: Workspace) -> dict[str, Files]:
    """The uploads that each node names; raises InvalidDocument for those that this workspace does not have."""
    found, problems = find_files(plan, catalog, workspace)
    if problems:
        raise InvalidDocument(problems)
    return found


def find_files(plan: Plan, catalog: Catalog, workspace: Workspace) -> tuple[dict[str, Files], list[Problem]]:
    """The uploads that each node names, and what is wrong with those that this workspace does not have."""
    found: dict[str, Files] = {}
    problems: list[Problem] = []
    for step in plan.steps:
        for name in _path_parameters(step, catalog):
            value = str(step.params[name])
            upload = _find_upload(workspace, value)
            if upload is None:
                problems.append(_unknown(step.node, name, value))
            else:
                found.setdefault(step.node, {})[value] = UploadedFile(name=upload.name, digest=upload.digest)
    return found, problems


def _path_parameters(step: Step, catalog: Catalog) -> Iterator[str]:
    if step.module is None:
        return
    for parameter in catalog.get(step.module, step.version).spec.parameters:
        if parameter.kind == "path" and parameter.is_active(step.params) and step.params.get(parameter.name):
            yield parameter.name


def _find_upload(workspace: Workspace, value: str) -> Upload | None:
    try:
        upload_id = UUID(value)
    except ValueError:
        return None
    return Upload.objects.filter(workspace=workspace, pk=upload_id).first()


def _unknown(node: str, parameter: str, value: str) -> Problem:
    said = f"Node '{node}': parameter '{parameter}' names an upload that this workspace does not have"
    return Problem(
        code="unknown_upload",
        node=node,
        key=f"params.{parameter}",
        message=said,
        found=value[:100],
        values={"parameter": parameter},
        hint="Choose the file again.",
    )

"""Look into stored outputs."""

from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.http import FileResponse
from ninja import Query

from designer.api import schemas
from designer.api.access import Request, Router
from designer.api.files import scratch_folder
from designer.api.schemas import Count
from designer.assets.models import Dataset
from designer.assets.store import store
from designer.errors import NotFound
from designer.runs.models import Output
from designer.store.artifacts import Artifact
from designer.store.preview import page, statistics
from designer.workspaces.models import Workspace
from modules.kit import Table
from modules.ml.writing import write_file

router = Router(tags=["artifacts"])

ROWS_AT_MOST = 1000


def find_artifact(workspace: Workspace, digest: str) -> Artifact:
    """An artifact that a dataset or a step of this workspace names; raises NotFound.

    A digest alone opens nothing: it must be known here.
    """
    mine = any(kind.objects.filter(workspace=workspace, digest=digest).exists() for kind in (Output, Dataset))
    try:
        if mine:
            return store().artifact(digest)
    except KeyError:
        raise NotFound("This output is no longer stored; run the pipeline again") from None
    raise NotFound("There is no such output in this workspace")


def find_table(workspace: Workspace, digest: str) -> Table:
    """A stored table of this workspace; raises NotFound."""
    artifact = find_artifact(workspace, digest)
    if artifact.type != "Table":
        raise NotFound(f"This output is a {artifact.type} and has no rows")
    return store().load_table(digest)


@router.get("/artifacts/{digest}/table", may="artifacts.read", response=schemas.TablePage)
def read_table(
    request: Request, digest: str, offset: Count = 0, limit: Count = 100, columns: Query[list[str] | None] = None
) -> Any:
    """Some rows of a table; long texts are cut."""
    table = find_table(request.auth.workspace, digest)
    return page(table, offset, min(limit, ROWS_AT_MOST), columns)


@router.get("/artifacts/{digest}/statistics", may="artifacts.read", response=list[schemas.ColumnStatistics])
def read_statistics(request: Request, digest: str, columns: Query[list[str] | None] = None) -> Any:
    """Missing and unique values, figures and a histogram of each column."""
    return statistics(find_table(request.auth.workspace, digest), columns)


@router.get("/artifacts/{digest}/description", may="artifacts.read", response=schemas.Description)
def read_description(request: Request, digest: str) -> Any:
    """What is known of any output: figures, charts, what a model was trained on."""
    artifact = find_artifact(request.auth.workspace, digest)
    return {"digest": digest, "type": artifact.type, "meta": dict(artifact.meta)}


@router.get("/artifacts/{digest}/download", may="artifacts.read")
def download(
    request: Request,
    digest: str,
    format: Literal["csv", "tsv", "parquet", "arrow", "jsonl", "xlsx"] = "csv",
) -> Any:
    """The whole table as a file; an output that is a file as it is."""
    artifact = find_artifact(request.auth.workspace, digest)
    if artifact.type == "File":
        file = store().file(artifact)
        return FileResponse(file.path.open("rb"), as_attachment=True, filename=file.name)
    table = find_table(request.auth.workspace, digest)
    with scratch_folder() as folder:
        path = folder / f"{digest[:12]}.{format}"
        try:
            write_file(table.frame, path)
        except ValueError as error:
            raise ValidationError(str(error)) from None
        return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)

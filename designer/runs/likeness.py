"""Which runs are of the same pipeline."""

from django.db.models import QuerySet

from designer.pipelines.models import Draft
from designer.runs.models import Run
from designer.workspaces.models import User, Workspace


def runs_like(run: Run) -> QuerySet[Run]:
    """Runs of the same draft, the newest first; without a draft, those of the same author and the same name."""
    return runs_of(run.workspace, run.author, run.draft, run.name)


def runs_of(workspace: Workspace, author: User, draft: Draft | None, name: str) -> QuerySet[Run]:
    """The same for a pipeline that is not submitted yet."""
    runs = Run.objects.filter(workspace=workspace, draft=draft).order_by("-number")
    return runs if draft else runs.filter(author=author, name=name)

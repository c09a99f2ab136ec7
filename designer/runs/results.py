"""What recipes have given before, and what a workspace may open."""

from collections.abc import Collection, Mapping
from typing import Any

from designer.assets.store import store
from designer.runs.models import Output, Result, Run

Outputs = Mapping[str, Any]
"""Stored outputs of a step by port, as JSON."""


def known_results(run: Run, keys: Collection[str]) -> dict[str, Result]:
    """Results of these recipes whose artifacts are still there, by key."""
    if not keys:
        return {}
    found = Result.objects.filter(workspace_id=run.workspace_id, key__in=keys)
    has = store().blobs.has
    return {result.key: result for result in found if all(has(output["digest"]) for output in result.outputs.values())}


def remember_result(run: Run, key: str, **columns: Any) -> None:
    """Keep what a recipe has given; a later result takes the place of an earlier one."""
    Result.objects.bulk_create(
        [Result(workspace_id=run.workspace_id, key=key, **columns)],
        update_conflicts=True,
        unique_fields=["workspace", "key"],
        update_fields=list(columns),
    )


def allow_outputs(run: Run, outputs: Outputs) -> None:
    """Let members of the run's workspace open these artifacts."""
    rows = [Output(workspace_id=run.workspace_id, digest=output["digest"]) for output in outputs.values()]
    Output.objects.bulk_create(rows, ignore_conflicts=True)

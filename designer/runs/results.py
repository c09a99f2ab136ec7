"""What recipes have given before or are giving now, and what a workspace may open."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError
from django.utils import timezone

from designer.assets.keeping import digests_in, find_whole, hold
from designer.runs.models import Output, Result, Run, RunStep
from designer.statements import insert_rows

Outputs = Mapping[str, Any]
"""Stored outputs of a step by port, as JSON."""

CLAIM_FIELDS = ("workspace_id", "key", "step_id", "outputs", "metrics", "tables", "created_at")
COMPUTING = ("queued", "running")
LARGE = (
    *("step__run__document", "step__run__plan"),
    *("step__outputs", "step__metrics", "step__tables", "step__recipe", "step__files", "step__error"),
)


@dataclass(frozen=True)
class KnownResults:
    """Results of recipes by key: those that can be used, and those whose bytes are gone; `keys` were asked for."""

    whole: Mapping[str, Result]
    lost: Mapping[str, Result]
    keys: frozenset[str] = frozenset()

    def __or__(self, other: "KnownResults") -> "KnownResults":
        return KnownResults({**self.whole, **other.whole}, {**self.lost, **other.lost}, self.keys | other.keys)


class TakenAway(OperationalError):
    """A sweep of the store took something away while a transaction decided to reuse it: decide again."""


def known_results(workspace_id: int, keys: Collection[str]) -> KnownResults:
    """Find what recipes have given, and where from; whoever reuses it calls `need_results` in the same transaction."""
    if not keys:
        return KnownResults({}, {})
    rows = Result.objects.filter(workspace_id=workspace_id, key__in=keys, outputs__isnull=False)
    found = {result.key: result for result in rows.select_related("step__run").defer(*LARGE)}
    artifacts = {digest for result in found.values() for digest in digests_in(result.outputs or {})}
    whole = find_whole(artifacts)
    usable = {key for key, result in found.items() if whole.issuperset(digests_in(result.outputs or {}))}
    return KnownResults(
        {key: result for key, result in found.items() if key in usable},
        {key: result for key, result in found.items() if key not in usable},
        frozenset(keys),
    )


def need_results(outputs: Iterable[Outputs]) -> None:
    """Begin to need results that stand in for steps, see `designer.assets.keeping`; raises TakenAway."""
    needed = {digest for found in outputs for digest in digests_in(found)}
    if gone := needed - hold(needed):
        raise TakenAway(f"No longer stored: {', '.join(sorted(gone))}")


@dataclass(frozen=True)
class Claims:
    """How a claim of recipes went, by key: who computes them already, and which have been computed meanwhile."""

    computing: Mapping[str, RunStep]
    computed: frozenset[str]


def claim_recipes(run: Run, steps: Mapping[str, int], lost: Collection[str]) -> Claims:
    """Say that these steps (ids by key) are about to compute, unless somebody else does; `lost` results do not count.

    Of two that claim a recipe at the same time one waits for the other's transaction and then finds its claim.
    """
    if not steps:
        return Claims({}, frozenset())
    claims: list[tuple[object, ...]] = [
        (run.workspace_id, key, steps[key], None, {}, {}, timezone.now()) for key in sorted(steps)
    ]
    insert_rows(Result, CLAIM_FIELDS, claims, unique=("workspace_id", "key"))
    rows = Result.objects.filter(workspace_id=run.workspace_id, key__in=steps)
    rows = rows.select_related("step").only("key", "outputs", "step__status")
    computing: dict[str, RunStep] = {}
    computed: set[str] = set()
    for result in rows:
        mine, holder = steps[result.key], result.step
        if result.step_id == mine:
            continue
        if result.outputs is not None and result.key not in lost:
            computed.add(result.key)
        elif result.outputs is None and holder is not None and holder.status in COMPUTING:
            computing[result.key] = holder
        elif not Result.objects.filter(pk=result.pk, step_id=result.step_id).update(step_id=mine, outputs=None):
            computed.add(result.key)  # somebody else has just taken the place of the holder: look again
    return Claims(computing, frozenset(computed))


def remember_result(run: Run, key: str, step_id: int, **columns: Any) -> None:
    """Keep what a recipe has given; a later result takes the place of an earlier one."""
    found = {"step_id": step_id, **columns}
    row = {"workspace_id": run.workspace_id, "key": key, "created_at": timezone.now(), **found}
    insert_rows(Result, tuple(row), [tuple(row.values())], unique=("workspace_id", "key"), update=tuple(found))


def runs_that_await(workspace_id: int, keys: Iterable[str | None]) -> list[Any]:
    """Ids of runs with a step that waits for what another step computes, the oldest first."""
    waiting = RunStep.objects.filter(awaits__in=[key for key in keys if key], status="waiting")
    found = waiting.filter(run__workspace_id=workspace_id).order_by("run__created_at")
    return list(dict.fromkeys(found.values_list("run_id", flat=True)))


def allow_outputs(run: Run, outputs: Outputs) -> None:
    """Let members of the run's workspace open these artifacts."""
    rows = [(run.workspace_id, digest) for digest in digests_in(outputs)]
    insert_rows(Output, ("workspace_id", "digest"), rows, unique=("workspace_id", "digest"))

"""Start what can start: settle datasets and known results at once, queue the rest for workers."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import transaction

from designer.assets.keeping import Gone, hold, keep, pieces_of
from designer.assets.store import store
from designer.engine.recipe import Recipe, ingredients_of, is_repeatable, may_reuse
from designer.engine.schedule import ready
from designer.engine.state import FINAL_STEP
from designer.engine.step import Failure
from designer.graph.plan import PinnedDataset, Plan, Step
from designer.runs.models import Result, Run, RunStep
from designer.runs.record import Record
from designer.runs.results import KnownResults, Outputs, allow_outputs, claim_recipes, known_results, need_results
from designer.statements import select_rows

TOLD_AT_ONCE = 4
"""Messages for steps that are queued together; whoever comes for one tells others that there are more."""
AWAITING = "awaiting"
"""Stands for the status of a waiting step while this is decided: another step computes what it needs."""


@lru_cache(maxsize=64)
def plan_of(run_id: UUID | str) -> Plan:
    """The plan of a run; it never changes, so it is read once."""
    return Plan.model_validate(Run.objects.values_list("plan", flat=True).get(pk=run_id))


@dataclass
class _Progress:
    """What is known of the steps of a locked run while it advances."""

    record: Record
    plan: Plan
    ids: dict[str, int]
    files: dict[str, dict[str, Any]]
    statuses: dict[str, str]
    outputs: dict[str, Outputs]
    likely: KnownResults
    recipes: dict[str, Recipe | None] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    to_queue: list[Step] = field(default_factory=list)
    starts_one: bool = False
    started: Step | None = None
    told: int = 0


@dataclass(frozen=True, slots=True)
class Started:
    """A step that began: its row, the digests of its inputs, the uploads that it names, the key of its recipe."""

    step: Step
    step_id: int
    inputs: Mapping[str, tuple[str, ...]]
    files: Mapping[str, Any]
    key: str | None


def advance(
    record: Record,
    fresh: Mapping[str, Outputs] | None = None,
    likely_keys: Collection[str] = frozenset(),
    *,
    starts_one: bool = False,
) -> Started | None:
    """Bring a locked run as far as it goes without a worker, and queue what needs one.

    `fresh` are outputs that the caller has at hand, by node; `likely_keys` are recipes that the run probably has, which
    are looked up in one go. For a worker that is free, the first of the steps to queue that `starts_one` at once.
    """
    run = record.run
    if run.status != "running":
        return None
    rows = select_rows(RunStep, ("node", "id", "status", "files"), run_id=run.pk)
    statuses = {node: status for node, _, status, _ in rows}
    progress = _Progress(
        record,
        plan_of(run.pk),
        {node: pk for node, pk, _, _ in rows},
        {node: files for node, _, _, files in rows},
        statuses,
        dict(fresh or {}),
        known_results(run.workspace_id, likely_keys),
        starts_one=starts_one,
    )
    if run.stop_on_failure and "failed" in statuses.values():
        _give_up(progress)
    while True:
        while (now := ready(progress.plan, statuses, stop_on_failure=run.stop_on_failure)).run or now.skip:
            for node in now.skip:
                record.step("step_skipped", node, awaits="")
                statuses[node] = "skipped"
            _settle(progress, [progress.plan.step(node) for node in now.run])
        if not _queue(progress):
            break
    need_results(record.write_reused())
    if all(statuses[step.node] in FINAL_STEP for step in progress.plan.steps):
        record.end("run_failed" if "failed" in statuses.values() else "run_completed")
    return _started(progress)


def _started(progress: _Progress) -> Started | None:
    step = progress.started
    if step is None:
        return None
    recipe = progress.recipes[step.node]
    key = recipe.key if recipe is not None and is_repeatable(step) else None
    inputs = input_digests(step, progress.outputs)
    return Started(step, progress.ids[step.node], inputs, progress.files[step.node], key)


def _give_up(progress: _Progress) -> None:
    """Take steps back that no worker has begun, in a run that stops at the first failure."""
    for node, status in progress.statuses.items():
        if status == "queued" and progress.record.step("step_cancelled", node):
            progress.statuses[node] = "cancelled"


def _settle(progress: _Progress, steps: list[Step]) -> None:
    """Give steps the results that are known; the others are to be queued."""
    run = progress.record.run
    _fetch_outputs(progress, (node for step in steps for node in step.upstream))
    recipes = {step.node: ingredients_of(step, input_digests(step, progress.outputs)) for step in steps}
    progress.recipes.update(recipes)
    keys = {step.node: recipe.key for step in steps if may_reuse(step) and (recipe := recipes[step.node])}
    unlikely = frozenset(keys.values()) - progress.likely.keys
    results = progress.likely | known_results(run.workspace_id, unlikely)
    for step in steps:
        key = keys.get(step.node, "")
        if step.dataset is not None:
            progress.statuses[step.node] = _settle_dataset(progress, step.node, step.dataset)
        elif (result := results.whole.get(key)) is not None:
            _reuse(progress, step, result)
        else:
            progress.statuses[step.node] = AWAITING
            progress.to_queue.append(step)
            if key in results.lost:
                progress.lost.add(step.node)


def _reuse(progress: _Progress, step: Step, result: Result) -> None:
    found: dict[str, Any] = {"outputs": result.outputs, "metrics": result.metrics, "tables": result.tables}
    progress.statuses[step.node] = "reused"
    progress.outputs[step.node] = found["outputs"]
    recipe = stored_recipe(step, progress.recipes[step.node])
    row = RunStep(pk=progress.ids[step.node], node=step.node, recipe=recipe, reused_from_id=result.step_id, **found)
    progress.record.reuse(row, found)


def _queue(progress: _Progress) -> bool:
    """Queue what is to run, but for what is being computed already; tells whether some of it is known meanwhile.

    All recipes are claimed at once and in order: two runs that want the same ones never wait for each other.
    """
    steps, progress.to_queue = progress.to_queue, []
    if not steps:
        return False
    run = progress.record.run
    leaders: dict[str, Step] = {}
    for step in steps:
        if may_reuse(step) and (recipe := progress.recipes[step.node]):
            leaders.setdefault(recipe.key, step)
    lost = {key for key, step in leaders.items() if step.node in progress.lost}
    claims = claim_recipes(run, {key: progress.ids[step.node] for key, step in leaders.items()}, lost)
    look_again = False
    for step in steps:
        recipe = progress.recipes[step.node]
        key = recipe.key if recipe and may_reuse(step) else ""
        if key in claims.computed:
            progress.statuses[step.node] = "waiting"
            look_again = True
        elif key in claims.computing or (key and leaders[key] is not step):
            RunStep.objects.filter(pk=progress.ids[step.node]).update(awaits=key)
        else:
            starts = progress.starts_one and progress.started is None
            progress.record.step(
                "step_queued",
                step.node,
                {"attempt": 1},
                then="step_started" if starts else None,
                recipe=stored_recipe(step, recipe),
                lost_result=step.node in progress.lost,
                awaits="",
            )
            progress.statuses[step.node] = "running" if starts else "queued"
            if starts:
                progress.started = step
            elif progress.told < TOLD_AT_ONCE:
                progress.told += 1
                enqueue()
    return look_again


def _fetch_outputs(progress: _Progress, nodes: Iterable[str]) -> None:
    missing = set(nodes) - progress.outputs.keys()
    if missing:
        rows = RunStep.objects.filter(run_id=progress.record.run.pk, node__in=missing)
        progress.outputs.update(rows.values_list("node", "outputs"))


def _settle_dataset(progress: _Progress, node: str, dataset: PinnedDataset) -> str:
    record = progress.record
    try:
        if not hold([dataset.digest]):
            keep(pieces_of([dataset.digest]))
        artifact = store().artifact(dataset.digest)
    except (Gone, KeyError):
        said = f"The rows of dataset '{dataset.name}' version {dataset.version} are no longer stored"
        failure = Failure(code="0048", message=said, hint="Upload the dataset again.").model_dump(mode="json")
        record.step("step_failed", node, {"error": failure}, error=failure)
        return "failed"
    found = {"dataset": {"digest": artifact.digest, "type": artifact.type, "meta": dict(artifact.meta)}}
    progress.outputs[node] = found
    allow_outputs(record.run, found)
    record.step("step_completed", node, {"outputs": found, "seconds": 0}, outputs=found, seconds=0)
    return "completed"


def stored_recipe(step: Step, recipe: Recipe | None) -> dict[str, Any] | None:
    """A recipe as it lies in the database; its key is null where the result is not worth remembering."""
    if recipe is None:
        return None
    return {**recipe.model_dump(mode="json"), "key": recipe.key if is_repeatable(step) else None}


def input_digests(step: Step, outputs: Mapping[str, Outputs]) -> dict[str, tuple[str, ...]]:
    """Digests of what flows into a step, by port."""
    return {
        port: tuple(outputs[wire.node][wire.port]["digest"] for wire in wires) for port, wires in step.inputs.items()
    }


def enqueue(*, delay_seconds: float = 0) -> None:
    """Tell the workers, once the transaction has committed, that there is a step to run; which one is theirs to say."""
    from designer.runs.tasks import run_step

    transaction.on_commit(lambda: run_step.apply_async(countdown=delay_seconds, retry=False), robust=True)

"""Start what can start: settle datasets and known results at once, send the rest to workers."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db import transaction

from designer.assets.store import store
from designer.engine.recipe import Recipe, recipe_of
from designer.engine.schedule import ready
from designer.graph.plan import Plan, Step
from designer.runs.models import Result, Run, RunStep
from designer.runs.record import FINAL, Record

Outputs = Mapping[str, Any]


@lru_cache(maxsize=64)
def plan_of(run_id: object) -> Plan:
    """The plan of a run; it never changes, so it is read once."""
    return Plan.model_validate(Run.objects.values_list("plan", flat=True).get(id=run_id))


def advance(record: Record) -> None:
    """Bring a locked run as far as it goes without a worker, and queue what needs one."""
    run, plan = record.run, plan_of(record.run.id)
    rows = {row.node: row for row in RunStep.objects.filter(run_id=run.id).only("node", "status", "outputs")}
    statuses = {node: row.status for node, row in rows.items()}
    outputs: dict[str, Outputs] = {node: row.outputs for node, row in rows.items()}
    while True:
        now = ready(plan, statuses)
        if not now.run and not now.skip:
            break
        for node in now.skip:
            record.step("step_skipped", node)
            statuses[node] = "skipped"
        steps = [plan.step(node) for node in now.run]
        recipes = {step.node: recipe_of(step, input_digests(step, outputs)) for step in steps}
        known = known_results(run, recipes)
        for step in steps:
            recipe = recipes[step.node]
            result = known.get(recipe.key) if recipe else None
            statuses[step.node] = _settle(record, step, recipe, result, outputs)
    if all(statuses[step.node] in FINAL for step in plan.steps) and run.status in ("queued", "running"):
        record.finish("run_failed" if "failed" in statuses.values() else "run_completed")


def _settle(
    record: Record, step: Step, recipe: Recipe | None, result: Result | None, outputs: dict[str, Outputs]
) -> str:
    stored = recipe.model_dump(mode="json") if recipe else None
    if step.dataset is not None:
        artifact = store().artifact(step.dataset.digest)
        found = {"dataset": {"digest": artifact.digest, "type": artifact.type, "meta": dict(artifact.meta)}}
        outputs[step.node] = found
        record.step("step_completed", step.node, {"outputs": found, "metrics": {}, "seconds": 0}, outputs=found)
        return "completed"
    if result is not None:
        outputs[step.node] = result.outputs
        data = {"outputs": result.outputs, "metrics": result.metrics}
        record.step("step_reused", step.node, data, outputs=result.outputs, metrics=result.metrics, recipe=stored)
        return "reused"
    record.step("step_queued", step.node, {"attempt": 1}, recipe=stored)
    enqueue(record.run.id, step.node, 1)
    return "queued"


def input_digests(step: Step, outputs: Mapping[str, Outputs]) -> dict[str, tuple[str, ...]]:
    """Digests of what flows into a step, by port."""
    return {
        port: tuple(outputs[wire.node][wire.port]["digest"] for wire in wires) for port, wires in step.inputs.items()
    }


def known_results(run: Run, recipes: Mapping[str, Recipe | None]) -> dict[str, Result]:
    """Results of these recipes whose artifacts are still there, by key."""
    keys = [recipe.key for recipe in recipes.values() if recipe]
    if not keys:
        return {}
    found = Result.objects.filter(workspace_id=run.workspace_id, key__in=keys)
    blobs = store().blobs
    return {r.key: r for r in found if all(blobs.has(output["digest"]) for output in r.outputs.values())}


def enqueue(run_id: object, node: str, attempt: int) -> None:
    """Send a step to the workers once the transaction has committed; ids only."""
    from designer.runs.tasks import run_step

    transaction.on_commit(lambda: run_step.apply_async((str(run_id), node, attempt), retry=False), robust=True)

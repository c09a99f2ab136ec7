"""Start what can start: settle datasets and known results at once, send the rest to workers."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from uuid import UUID

from django.db import transaction

from designer.assets.store import store
from designer.engine.recipe import Recipe, recipe_of
from designer.engine.schedule import ready
from designer.engine.state import FINAL_STEP
from designer.engine.step import Failure
from designer.graph.plan import PinnedDataset, Plan, Step
from designer.runs.models import Result, Run, RunStep
from designer.runs.record import Record
from designer.runs.results import Outputs, allow_outputs, known_results


@lru_cache(maxsize=64)
def plan_of(run_id: UUID | str) -> Plan:
    """The plan of a run; it never changes, so it is read once."""
    return Plan.model_validate(Run.objects.values_list("plan", flat=True).get(pk=run_id))


def advance(record: Record, fresh: Mapping[str, Outputs] | None = None) -> None:
    """Bring a locked run as far as it goes without a worker, and queue what needs one.

    `fresh` are outputs that the caller has at hand, by node.
    """
    run, plan = record.run, plan_of(record.run.pk)
    statuses = dict(RunStep.objects.filter(run_id=run.pk).values_list("node", "status"))
    outputs = dict(fresh or {})
    while (now := ready(plan, statuses)).run or now.skip:
        for node in now.skip:
            record.step("step_skipped", node)
            statuses[node] = "skipped"
        steps = [plan.step(node) for node in now.run]
        _fetch_outputs(run, outputs, (node for step in steps for node in step.upstream))
        recipes = {step.node: recipe_of(step, input_digests(step, outputs)) for step in steps}
        known = known_results(run, [recipe.key for recipe in recipes.values() if recipe])
        for step in steps:
            if step.dataset is not None:
                statuses[step.node] = _settle_dataset(record, step.node, step.dataset, outputs)
            else:
                recipe = recipes[step.node]
                result = known.get(recipe.key) if recipe else None
                statuses[step.node] = _settle_module(record, step, recipe, result, outputs)
    if run.status == "running" and all(statuses[step.node] in FINAL_STEP for step in plan.steps):
        record.end("run_failed" if "failed" in statuses.values() else "run_completed")


def _fetch_outputs(run: Run, outputs: dict[str, Outputs], nodes: Iterable[str]) -> None:
    missing = set(nodes) - outputs.keys()
    if missing:
        outputs.update(RunStep.objects.filter(run_id=run.pk, node__in=missing).values_list("node", "outputs"))


def _settle_dataset(record: Record, node: str, dataset: PinnedDataset, outputs: dict[str, Outputs]) -> str:
    try:
        artifact = store().artifact(dataset.digest)
    except KeyError:
        said = f"The rows of dataset '{dataset.name}' version {dataset.version} are no longer stored"
        failure = Failure(code="0048", message=said, hint="Upload the dataset again.").model_dump(mode="json")
        record.step("step_failed", node, {"error": failure}, error=failure)
        return "failed"
    found = {"dataset": {"digest": artifact.digest, "type": artifact.type, "meta": dict(artifact.meta)}}
    outputs[node] = found
    allow_outputs(record.run, found)
    record.step("step_completed", node, {"outputs": found, "seconds": 0}, outputs=found, seconds=0)
    return "completed"


def _settle_module(
    record: Record, step: Step, recipe: Recipe | None, result: Result | None, outputs: dict[str, Outputs]
) -> str:
    stored = {**recipe.model_dump(mode="json"), "key": recipe.key} if recipe else None
    if result is not None:
        outputs[step.node] = result.outputs
        data = {"outputs": result.outputs, "metrics": result.metrics, "tables": result.tables}
        record.step("step_reused", step.node, data, recipe=stored, **data)
        return "reused"
    record.step("step_queued", step.node, {"attempt": 1}, recipe=stored)
    enqueue(record.run.pk, step.node, 1)
    return "queued"


def input_digests(step: Step, outputs: Mapping[str, Outputs]) -> dict[str, tuple[str, ...]]:
    """Digests of what flows into a step, by port."""
    return {
        port: tuple(outputs[wire.node][wire.port]["digest"] for wire in wires) for port, wires in step.inputs.items()
    }


def enqueue(run_id: object, node: str, attempt: int) -> None:
    """Send a step to the workers once the transaction has committed; ids only."""
    from designer.runs.tasks import run_step

    transaction.on_commit(lambda: run_step.apply_async((str(run_id), node, attempt), retry=False), robust=True)

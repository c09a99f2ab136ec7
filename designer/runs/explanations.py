"""Gather from the database what explanations are made of."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from pydantic import JsonValue

from designer.assets.queries import DatasetEntries
from designer.assets.uploads import find_files
from designer.engine.explanation import Explainer, Explanation, Facts, Origin, RunFacts
from designer.engine.forecast import Known, forecast
from designer.engine.recipe import Recipe
from designer.engine.step import UploadedFile
from designer.engine.words import in_words
from designer.graph.document import Document
from designer.graph.examination import examine
from designer.graph.plan import Blocked, Plan, compile_what_can_run
from designer.graph.selection import EVERYTHING, Selection
from designer.pipelines.models import Draft
from designer.runs.advance import plan_of
from designer.runs.likeness import runs_like, runs_of
from designer.runs.models import Result, Run, RunStep
from designer.runs.results import known_results
from designer.workspaces.models import User, Workspace
from modules.kit import Catalog

RUNS_LOOKED_AT = 30
"""How far back a node is looked for that did not take part in the newest runs."""

LARGE = ("document", "plan")
FACTS = ("node", "status", "recipe", "files", "lost_result", "awaits")
ORIGIN = ("node", "finished_at", "run__number")


def explain_run(run: Run) -> dict[str, Explanation]:
    """Why each node of a run ran, was reused or did not run."""
    steps = list(_steps_of(run).select_related("reused_from__run").only(*FACTS, *(f"reused_from__{n}" for n in ORIGIN)))
    now = _facts_of(run, steps)
    earlier = _earlier_runs(runs_like(run).filter(number__lt=run.number), now.nodes)
    explainer = Explainer(now, earlier, _origins(run, steps), is_cancelled=run.status == "cancelled")
    return {node: in_words(explainer.explain(node)) for node in now.nodes}


def forecast_run(
    workspace: Workspace,
    author: User,
    document: Document,
    catalog: Catalog,
    *,
    draft: Draft | None = None,
    values: Mapping[str, JsonValue] | None = None,
    selection: Selection = EVERYTHING,
) -> dict[str, Explanation]:
    """What a submission would do with each node, and why; nodes that cannot run yet are named with what is wrong.

    Raises InvalidDocument for values and selected nodes that mean nothing.
    """
    found = examine(document, catalog, DatasetEntries(workspace))
    plan, blocked = compile_what_can_run(found.graph, values, selection, problems=found.problems)
    files, more = find_files(plan, catalog, workspace)
    if more:
        problems = [*found.problems, *more]
        plan, blocked = compile_what_can_run(found.graph, values, selection, problems=problems)

    earlier = _earlier_runs(runs_of(workspace, author, draft, document.name), [step.node for step in plan.steps])
    datasets = {step.node: step.dataset.digest for step in plan.steps if step.dataset}
    told = forecast(plan, earlier, _Results(workspace, earlier), datasets=datasets, files=files)
    told |= _blocked(plan, blocked, found.graph.upstream_closure)
    told |= {key: Explanation(node=key, outcome="disabled") for key, node in document.nodes.items() if node.disabled}
    return {node: in_words(explanation) for node, explanation in told.items()}


class _Results:
    """Results of recipes; those of the earlier runs are asked for in one go, since most nodes are as they were."""

    def __init__(self, workspace: Workspace, earlier: Iterable[RunFacts]) -> None:
        self._workspace_id = workspace.pk
        recipes = (facts.recipe for run in earlier for facts in run.nodes.values())
        self._asked = frozenset(recipe.key for recipe in recipes if recipe)
        self._found = self._ask(self._asked)

    def __call__(self, keys: Iterable[str]) -> dict[str, Known]:
        wanted = frozenset(keys)
        known = {key: self._found[key] for key in wanted & self._found.keys()}
        return known | self._ask(wanted - self._asked)

    def _ask(self, keys: frozenset[str]) -> dict[str, Known]:
        results = known_results(self._workspace_id, keys)
        return {key: _known(result) for key, result in results.whole.items()} | dict.fromkeys(results.lost, Known(None))


def _blocked(plan: Plan, blocked: Blocked, above: Any) -> dict[str, Explanation]:
    wrong = sorted(node for node, problems in blocked.items() if problems)
    told: dict[str, Explanation] = {}
    for node, problems in blocked.items():
        first = problems[0].message.removeprefix(f"Node '{node}': ") if problems else None
        stopped_by = None if problems else next((key for key in wrong if key in above([node])), None)
        told[node] = Explanation(node=node, outcome="blocked", problem=first, stopped_by=stopped_by)
    return told


def _earlier_runs(runs: QuerySet[Run], nodes: Collection[str]) -> tuple[RunFacts, ...]:
    """The newest runs so that each node that ever took part is in one of them where it did, the newest first."""
    found: list[Run] = []
    missing = set(nodes)
    for candidates in (runs.defer(*LARGE)[:1], runs.defer(*LARGE)[1:RUNS_LOOKED_AT]):
        if not missing:
            break
        listed = list(candidates)
        took_part: dict[UUID, set[str]] = {run.pk: set() for run in listed}
        rows = RunStep.objects.filter(Q(recipe__isnull=False) | Q(status="completed"), run__in=listed)
        for run_id, node in rows.values_list("run_id", "node"):
            took_part[run_id].add(node)
        for run in listed:
            if took_part[run.pk] & missing:
                found.append(run)
                missing -= took_part[run.pk]
    return tuple(_facts_of(run, _steps_of(run).only(*FACTS)) for run in found)


def _steps_of(run: Run) -> QuerySet[RunStep]:
    return RunStep.objects.filter(run=run)


def _facts_of(run: Run, steps: Iterable[RunStep]) -> RunFacts:
    rows = {step.node: step for step in steps}
    plan = plan_of(run.pk)
    nodes: dict[str, Facts] = {}
    for step in plan.steps:
        row = rows[step.node]
        recipe = _recipe_of(row.recipe)
        nodes[step.node] = Facts(
            step,
            status=row.status,
            recipe=recipe,
            inputs=recipe.inputs if recipe else {},
            files={key: UploadedFile.model_validate(file) for key, file in row.files.items()},
            lost_result=row.lost_result,
        )
    return RunFacts(run.number, nodes)


def _recipe_of(stored: dict[str, Any] | None) -> Recipe | None:
    if stored is None:
        return None
    return Recipe.model_validate({name: value for name, value in stored.items() if name != "key"})


def _origins(run: Run, steps: Iterable[RunStep]) -> dict[str, Origin]:
    """Where reused results come from, and who computes what waiting steps wait for."""
    listed = list(steps)
    found = {step.node: _origin_of(step.reused_from, run) for step in listed if step.reused_from is not None}
    awaited = {step.awaits: step.node for step in listed if step.status == "waiting" and step.awaits}
    results = Result.objects.filter(workspace_id=run.workspace_id, key__in=awaited).select_related("step__run")
    for result in results.only("key", *(f"step__{name}" for name in ORIGIN)):
        if result.step is not None:
            found[awaited[result.key]] = _origin_of(result.step, run)
    return found


def _origin_of(step: RunStep, asking: Run | None = None) -> Origin:
    finished = step.finished_at
    return Origin(
        run_id=str(step.run_id),
        run_number=step.run.number,
        node=step.node,
        finished_at=finished.isoformat() if finished else None,
        at_same_time=asking is not None and finished is not None and finished > asking.created_at,
    )


def _known(result: Result) -> Known:
    outputs = {port: output["digest"] for port, output in (result.outputs or {}).items()}
    return Known(outputs, _origin_of(result.step) if result.step else None)

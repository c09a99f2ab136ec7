"""What a submission would do: which nodes would be reused and which would run, and why."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from designer.engine.explanation import Digests, Explainer, Explanation, Facts, Origin, RunFacts
from designer.engine.recipe import Recipe, ingredients_of, may_reuse
from designer.engine.schedule import GOOD
from designer.engine.step import UploadedFile
from designer.graph.plan import Plan, Step

Files = Mapping[str, Mapping[str, UploadedFile]]


@dataclass(frozen=True)
class Known:
    """A stored result of a recipe; `outputs` are digests by port, none where the bytes are gone."""

    outputs: Mapping[str, str] | None
    origin: Origin | None = None


Lookup = Callable[[Iterable[str]], Mapping[str, Known]]
"""Results by the keys of their recipes."""


@dataclass
class _Walk:
    """Nodes in the order of the plan, with the outputs that are known before anything runs."""

    facts: dict[str, Facts] = field(default_factory=dict)
    outputs: dict[str, Mapping[str, str] | None] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)


def forecast(
    plan: Plan,
    earlier: tuple[RunFacts, ...],
    lookup: Lookup,
    *,
    datasets: Mapping[str, str],
    files: Files | None = None,
) -> dict[str, Explanation]:
    """Tell for each node of a plan whether it would be reused or run; `datasets` gives each dataset node its digest."""
    walk = _Walk()
    for steps in _levels(plan):
        known = {step.node: _known_inputs(step, walk) for step in steps}
        recipes = {
            step.node: ingredients_of(step, inputs) for step in steps if (inputs := known[step.node]) is not None
        }
        keys = {step.node: found.key for step in steps if may_reuse(step) and (found := recipes.get(step.node))}
        results = lookup(keys.values())
        for step in steps:
            result = results.get(keys.get(step.node, ""))
            _settle(walk, step, recipes.get(step.node), result, datasets, (files or {}).get(step.node, {}))
    explainer = Explainer(RunFacts(0, walk.facts), earlier, walk.origins)
    return {step.node: _told(explainer, step.node) for step in plan.steps}


def _levels(plan: Plan) -> Iterator[list[Step]]:
    """Steps whose inputs are all settled by the levels before."""
    level_of: dict[str, int] = {}
    levels: list[list[Step]] = []
    for step in plan.steps:
        level = 1 + max((level_of[node] for node in step.upstream), default=-1)
        level_of[step.node] = level
        if level == len(levels):
            levels.append([])
        levels[level].append(step)
    yield from levels


def _inputs(step: Step, walk: _Walk) -> Digests:
    return {
        port: tuple((walk.outputs[wire.node] or {}).get(wire.port) for wire in wires)
        for port, wires in step.inputs.items()
    }


def _known_inputs(step: Step, walk: _Walk) -> dict[str, tuple[str, ...]] | None:
    """Digests of all that flows in; None where some of it is still to be made."""
    found: dict[str, tuple[str, ...]] = {}
    for port, digests in _inputs(step, walk).items():
        known = tuple(digest for digest in digests if digest is not None)
        if len(known) < len(digests):
            return None
        found[port] = known
    return found if step.module is not None else None


def _settle(
    walk: _Walk,
    step: Step,
    recipe: Recipe | None,
    result: Known | None,
    datasets: Mapping[str, str],
    files: Mapping[str, UploadedFile],
) -> None:
    node = step.node
    outputs = result.outputs if result else None
    if step.dataset is not None:
        outputs = {output.name: datasets[node] for output in step.outputs}
    if result is not None and outputs is not None and result.origin is not None:
        walk.origins[node] = result.origin
    walk.outputs[node] = outputs
    walk.facts[node] = Facts(
        step,
        status="waiting" if outputs is None else "completed" if step.dataset else "reused",
        recipe=recipe or ingredients_of(step, {}),
        inputs=_inputs(step, walk),
        files=files,
        lost_result=result is not None and outputs is None,
    )


def _told(explainer: Explainer, node: str) -> Explanation:
    facts = explainer.now.nodes[node]
    if facts.status == "completed":
        return explainer.explain(node)
    if facts.status == "reused":
        return explainer.of_reuse(node, "will_reuse")
    found = explainer.of_run(node, "will_run")
    comparison = explainer.comparison_of(node)
    before = comparison.before.nodes[node] if comparison else None
    return found.model_copy(update={"outcome": "may_run"}) if before and _may_be_reused(found, facts, before) else found


def _may_be_reused(found: Explanation, now: Facts, before: Facts) -> bool:
    """Whether all that keeps a node from being reused is data that are still to be made."""
    if before.status not in GOOD or any(cause.kind != "input" for cause in found.causes):
        return False
    return all(
        digest is None or digest == was
        for port, digests in now.inputs.items()
        for digest, was in zip(digests, before.inputs[port], strict=True)
    )

"""Runs for tests of explanations, made by an engine of three lines: outputs are digests of recipes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from designer.engine.explanation import Facts, Origin, RunFacts
from designer.engine.forecast import Known
from designer.engine.recipe import Recipe, ingredients_of, may_reuse
from designer.graph.plan import Output, PinnedDataset, Plan, Step, Wire


def dataset(node: str, version: int = 1) -> Step:
    pinned = PinnedDataset(name=node, version=version, digest=f"{node}@{version}")
    return Step(node=node, kind="dataset", dataset=pinned, outputs=(Output(name="out", type="Table"),))


def step(node: str, *above: str, **changes: Any) -> Step:
    """A module node with one input for each node above it."""
    inputs = {f"from_{name}": (Wire(node=name, port="out"),) for name in above}
    values = {"module": f"make_{node}", "version": 1, "fingerprint": "f", "params": {"depth": 1}, **changes}
    return Step(node=node, kind="module", inputs=inputs, outputs=(Output(name="out", type="Table"),), **values)


@dataclass
class Engine:
    """Runs plans: what a recipe gives is its key, unless `gives` names another digest for a node."""

    number: int = 0
    results: dict[str, Known] = field(default_factory=dict)
    runs: list[RunFacts] = field(default_factory=list)

    def run(
        self, *steps: Step, gives: Mapping[str, str] | None = None, ends: Mapping[str, str] | None = None
    ) -> RunFacts:
        """Run a plan to its end; `ends` says which nodes end otherwise than well."""
        self.number += 1
        nodes: dict[str, Facts] = {}
        outputs: dict[str, str] = {}
        for one in steps:
            if one.dataset is not None:
                outputs[one.node] = one.dataset.digest
                nodes[one.node] = Facts(one, "completed")
                continue
            if not one.upstream <= outputs.keys():
                nodes[one.node] = Facts(one, "skipped")
                continue
            recipe = recipe_of(one, outputs)
            known = self.results.get(recipe.key) if may_reuse(one) else None
            found = (known.outputs or {}).get("out") if known else None
            status = "reused" if found else (ends or {}).get(one.node, "completed")
            nodes[one.node] = Facts(one, status, recipe, recipe.inputs, lost_result=known is not None and found is None)
            if status in ("completed", "reused"):
                outputs[one.node] = found or (gives or {}).get(one.node, recipe.key)
                if status == "completed" and one.varies is None:
                    origin = Origin(run_id=str(self.number), run_number=self.number, node=one.node)
                    self.results[recipe.key] = Known({"out": outputs[one.node]}, origin)
        self.runs.insert(0, RunFacts(self.number, nodes))
        return self.runs[0]

    def lose_everything(self) -> None:
        self.results = {key: Known(None) for key in self.results}

    @property
    def earlier(self) -> tuple[RunFacts, ...]:
        """The runs before the newest one, the newest first."""
        return tuple(self.runs[1:])


def recipe_of(one: Step, outputs: Mapping[str, str]) -> Recipe:
    inputs = {port: tuple(outputs[wire.node] for wire in wires) for port, wires in one.inputs.items()}
    recipe = ingredients_of(one, inputs)
    assert recipe is not None
    return recipe


def with_library(run: RunFacts, node: str, **versions: str) -> RunFacts:
    """The same run, made with other versions of libraries."""
    facts = run.nodes[node]
    assert facts.recipe is not None
    recipe = facts.recipe.model_copy(update={"environment": {**facts.recipe.environment, **versions}})
    return RunFacts(run.number, {**run.nodes, node: replace(facts, recipe=recipe)})


def plan_of(*steps: Step) -> Plan:
    return Plan(steps=steps)

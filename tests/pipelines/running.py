"""Run a plan step by step in this process, as the engine would."""

from dataclasses import dataclass
from pathlib import Path

from designer.engine.execution import execute
from designer.engine.sandbox import Limits, ScriptSandbox
from designer.engine.schedule import ready
from designer.engine.step import Done, StepRequest, StoredOutput
from designer.graph.examination import Examination
from designer.graph.plan import Plan
from designer.store.artifacts import Store
from modules.kit import Context

PIPELINES = sorted((Path(__file__).parents[2] / "samples" / "pipelines").glob("*.yaml"))


@dataclass(frozen=True)
class Ran:
    """A document, what was known of it before, and what each node put out."""

    examination: Examination
    plan: Plan
    outputs: dict[str, dict[str, StoredOutput]]


def run(plan: Plan, store: Store) -> dict[str, dict[str, StoredOutput]]:
    """The outputs of each node by port; a step that fails fails the test."""
    outputs: dict[str, dict[str, StoredOutput]] = {}
    statuses: dict[str, str] = {}
    while now := ready(plan, statuses).run:
        for node in now:
            step = plan.step(node)
            if step.dataset is not None:
                digest = step.dataset.digest
                meta = dict(store.artifact(digest).meta)
                outputs[node] = {"dataset": StoredOutput(digest=digest, type="Table", meta=meta)}
            else:
                inputs = {p: tuple(outputs[w.node][w.port].digest for w in wires) for p, wires in step.inputs.items()}
                outcome = execute(StepRequest(step=step, inputs=inputs), store, context())
                assert isinstance(outcome, Done), outcome
                outputs[node] = outcome.outputs
            statuses[node] = "completed"
    return outputs


def context() -> Context:
    """What a step may use: scripts run, and what they print is dropped."""
    return Context(sandbox=ScriptSandbox(Limits(wall_seconds=60), lambda _: None))

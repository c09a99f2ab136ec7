"""Run a plan step by step in this process, as the engine would."""

from designer.engine.execution import execute
from designer.engine.schedule import ready
from designer.engine.step import Done, StepRequest, StoredOutput
from designer.graph.plan import Plan
from designer.store.artifacts import Store
from modules.kit import Context


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
                outcome = execute(StepRequest(step=step, inputs=inputs), store, Context())
                assert isinstance(outcome, Done), outcome
                outputs[node] = outcome.outputs
            statuses[node] = "completed"
    return outputs

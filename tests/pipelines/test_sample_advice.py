"""No sample leaks, by its graph or by what its splits find in their data, or it says why that may stand."""

from pathlib import Path

import pytest
from pydantic import JsonValue

from designer.engine.execution import execute
from designer.engine.schedule import ready
from designer.engine.step import Done, StepRequest, StoredOutput
from designer.graph.advice.facts import facts_by_lineage
from designer.graph.examination import examine
from designer.graph.graph import DatasetEntry
from designer.graph.plan import Plan, compile_plan
from designer.graph.reading import read
from designer.store.artifacts import Store
from modules import catalog
from modules.kit.declaration import FACTS
from tests.pipelines.running import PIPELINES, context

pytestmark = pytest.mark.filterwarnings("ignore")


def facts_found(plan: Plan, store: Store) -> dict[str, list[dict[str, JsonValue]]]:
    """What each node has found, after running all."""
    outputs: dict[str, dict[str, StoredOutput]] = {}
    found = {}
    while now := ready(plan, dict.fromkeys(outputs, "completed")).run:
        for node in now:
            step = plan.step(node)
            if step.dataset is not None:
                outputs[node] = {"dataset": StoredOutput(digest=step.dataset.digest, type="Table", meta={})}
                continue
            inputs = {port: tuple(outputs[w.node][w.port].digest for w in wires) for port, wires in step.inputs.items()}
            outcome = execute(StepRequest(step=step, inputs=inputs), store, context())
            assert isinstance(outcome, Done), outcome
            outputs[node] = outcome.outputs
            found[node] = outcome.tables.get(FACTS, [])
    return found


@pytest.mark.parametrize("path", PIPELINES, ids=lambda path: path.stem)
def test_a_sample_is_clean_or_says_why_not(path: Path, store: Store, datasets: dict[str, DatasetEntry]) -> None:
    document = read(path.read_bytes())
    graph = examine(document, catalog.load(), datasets).graph
    splits = [key for key, item in graph.nodes.items() if item.definition and item.definition.spec.splits]
    facts = facts_by_lineage(graph, facts_found(compile_plan(graph, targets=splits), store))
    advice = examine(document, catalog.load(), datasets, facts=facts).advice
    assert [one.message for one in advice if not one.dismissed] == []

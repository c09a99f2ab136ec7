"""Run the example of a module as the engine would, without its processes."""

import json
import zipfile
from pathlib import Path

import polars as pl

from designer.docs.examples import example
from designer.engine.execution import execute
from designer.engine.sandbox import Limits, ScriptSandbox
from designer.engine.schedule import ready
from designer.engine.step import Done, Failed, StepRequest
from designer.graph.examination import examine
from designer.graph.graph import DATASET_PORT, DatasetEntry, Graph
from designer.graph.plan import Plan, compile_plan
from designer.store.artifacts import Store
from modules import catalog
from modules.kit import Context, Table, TableSchema

DATA = Path(__file__).parents[2] / "samples" / "data"


def shipped(store: Store) -> dict[str, DatasetEntry]:
    """The shipped data in a store."""
    found = {}
    for facts in DATA.glob("*.json"):
        path = DATA / json.loads(facts.read_text("utf-8"))["file"]
        table = Table(pl.scan_csv(path) if path.suffix == ".csv" else pl.scan_parquet(path))
        found[path.stem] = DatasetEntry(path.stem, 1, store.save(table, "Table").digest, TableSchema.of(table))
    return found


def values_for(module: str, folder: Path) -> dict[str, str]:
    """What a person gives the examples that cannot bring it along."""
    if module == "import_data":
        table = folder / "cars.csv"
        table.write_text("name,price\na,1\nb,2\n", "utf-8")
        return {"file": str(table)}
    if module == "import_file":
        archive = folder / "scripts.zip"
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("tools.py", "WORD = 'bundled'\n")
        return {"file": str(archive)}
    return {}


def compiled(module: str, datasets: dict[str, DatasetEntry], folder: Path) -> tuple[Graph, Plan]:
    """The example of a module, ready to run; a problem fails the test."""
    document = example(module)
    assert document is not None
    examination = examine(document, catalog.load(), datasets)
    assert examination.problems == []
    return examination.graph, compile_plan(examination.graph, values_for(module, folder))


def run(plan: Plan, store: Store, folder: Path) -> dict[str, Done | Failed]:
    """The outcomes of the nodes up to the first failure; a dataset has none."""
    digests: dict[tuple[str, str], str] = {}
    statuses: dict[str, str] = {}
    outcomes: dict[str, Done | Failed] = {}
    while now := ready(plan, statuses).run:
        for node in now:
            step = plan.step(node)
            statuses[node] = "completed"
            if step.dataset is not None:
                digests[node, DATASET_PORT] = step.dataset.digest
                continue
            inputs = {name: tuple(digests[w.node, w.port] for w in wires) for name, wires in step.inputs.items()}
            context = Context(folder, ScriptSandbox(Limits(wall_seconds=60), lambda _: None))
            outcome = outcomes[node] = execute(StepRequest(step=step, inputs=inputs), store, context)
            if isinstance(outcome, Failed):
                return outcomes
            digests |= {(node, port): output.digest for port, output in outcome.outputs.items()}
    return outcomes


def node_of(module: str, plan: Plan) -> str:
    """The node of the example that shows the module."""
    return next(step.node for step in plan.steps if step.module == module)

"""Whether the columns that a module promises before a run are those that come out of one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from designer.engine.execution import execute
from designer.engine.step import Done, Failed, StepRequest
from designer.graph.examination import examine
from designer.graph.graph import DatasetEntry
from designer.graph.plan import compile_plan
from designer.graph.reading import read
from designer.store.artifacts import Store
from modules import catalog
from modules.kit import Context, Table, TableSchema


def outcome_and_promise(
    root: Path, module: str, inputs: Mapping[str, pl.LazyFrame | Table], context: Context | None = None, **params: Any
) -> tuple[Done | Failed, Mapping[str, Any], Store]:
    """Run one module on tables as the engine would; its outcome, what was known of its outputs, and the store."""
    store = Store.in_folder(root)
    datasets = {}
    for port, value in inputs.items():
        table = value if isinstance(value, Table) else Table(value)
        digest = store.save(table, "Table").digest
        datasets[f"{port}-data"] = DatasetEntry(f"{port}-data", 1, digest, TableSchema.of(table))
    nodes: dict[str, Any] = {name: {"dataset": name} for name in datasets}
    nodes["node"] = {"module": module, "params": params, "inputs": {port: f"{port}-data" for port in inputs}}
    document = read({"format": "designer/pipeline@1", "nodes": nodes})
    examination = examine(document, catalog.load(), datasets)
    step = compile_plan(examination.graph, {}, ["node"]).step("node")
    digests = {name: (datasets[wires[0].node].digest,) for name, wires in step.inputs.items()}
    outcome = execute(StepRequest(step=step, inputs=digests), store, context or Context())
    return outcome, examination.schemas["node"], store


def assert_promise_is_kept(
    root: Path, module: str, inputs: Mapping[str, pl.LazyFrame | Table], context: Context | None = None, **params: Any
) -> set[str]:
    """Run a module and compare; the ports of which columns were known before."""
    outcome, promised, store = outcome_and_promise(root, module, inputs, context, **params)
    assert isinstance(outcome, Done), outcome.failure
    known = {port for port, schema in promised.items() if isinstance(schema, TableSchema)}
    for port in known:
        found = TableSchema.of(store.load_table(outcome.outputs[port].digest))
        assert found.to_json() == promised[port].to_json(), port
    return known

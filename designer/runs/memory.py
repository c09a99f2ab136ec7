"""What the runs of a draft have given, for columns that nothing tells before a run."""

from collections.abc import Mapping
from functools import lru_cache
from uuid import UUID

from pydantic import JsonValue

from designer.graph.document import Document, parameter_reference
from designer.graph.graph import build
from designer.graph.lineage import lineages
from designer.graph.plan import Plan
from designer.graph.schemas import Memory, PortSchema, Seen
from designer.pipelines.models import Draft
from designer.runs.findings import RUNS_LOOKED_AT, pinned_entries
from designer.runs.models import Run, RunStep
from modules.kit import Catalog, ModelSchema, TableSchema


def memory_of_draft(draft: Draft, catalog: Catalog) -> Memory:
    """Ask the newest runs of a draft, one after the other, and none before something is asked."""
    recent: list[tuple[UUID, int]] | None = None

    def remembered(lineage: str) -> Seen | None:
        nonlocal recent
        if recent is None:
            runs = Run.objects.filter(draft=draft).order_by("-number").values_list("pk", "number")
            recent = list(runs[:RUNS_LOOKED_AT])
        for pk, number in recent:
            for node in _nodes_by_lineage(pk, catalog).get(lineage, ()):
                outputs = RunStep.objects.filter(run_id=pk, node=node).values_list("outputs", flat=True).first()
                if outputs:
                    return Seen(number, {port: _schema_of(output) for port, output in outputs.items()})
        return None

    return remembered


@lru_cache(maxsize=64)
def _nodes_by_lineage(run_id: UUID, catalog: Catalog) -> Mapping[str, tuple[str, ...]]:
    """What a run was made of never changes, so it is worked out once."""
    run = Run.objects.get(pk=run_id)
    graph = build(_settled(run), catalog, pinned_entries(run))
    found: dict[str, tuple[str, ...]] = {}
    for node, lineage in lineages(graph).items():
        found[lineage] = (*found.get(lineage, ()), node)
    return found


def _settled(run: Run) -> Document:
    """The document of a run with the values that it has run with in place of pipeline parameters."""
    document, plan = Document.model_validate(run.document), Plan.model_validate(run.plan)
    nodes = dict(document.nodes)
    for step in plan.steps:
        given = nodes[step.node].params
        bound = [name for name, value in given.items() if parameter_reference(value) is not None]
        params = {**given, **{name: step.params[name] for name in bound}}
        nodes[step.node] = nodes[step.node].model_copy(update={"params": params})
    return document.model_copy(update={"nodes": nodes})


def _schema_of(output: Mapping[str, JsonValue]) -> PortSchema:
    match output:
        case {"type": "Table", "meta": {"columns": list(columns)}}:
            return TableSchema.from_json(column for column in columns if isinstance(column, dict))
        case {"meta": {"task": str(task), "label": str(label), "features": list(features), **others}}:
            classes = others.get("classes")
            known = tuple(classes) if isinstance(classes, list) else None
            return ModelSchema(task, label, tuple(map(str, features)), known)
    return None

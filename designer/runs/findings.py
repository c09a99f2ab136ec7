"""What runs have found in data, for advice about a draft that goes on changing and about a run that does not."""

from collections.abc import Mapping
from dataclasses import replace

from designer.assets.queries import DatasetEntries
from designer.graph.advice.facts import NO_FACTS, Facts, facts_by_lineage
from designer.graph.document import Document
from designer.graph.examination import Examination, examine
from designer.graph.graph import DatasetEntry, build
from designer.graph.plan import Plan
from designer.pipelines.models import Draft
from designer.runs.models import Run, RunStep
from modules.kit import Catalog, TableSchema
from modules.kit.declaration import FACTS

RUNS_LOOKED_AT = 5
"""A newer run may have been of another part of the pipeline, or have failed before it looked at data."""


def facts_of_draft(draft: Draft, catalog: Catalog) -> Facts:
    """What the newest run of a draft that has found anything has found."""
    recent = Run.objects.filter(draft=draft).order_by("-number").values_list("pk", flat=True)[:RUNS_LOOKED_AT]
    steps = RunStep.objects.filter(run_id__in=list(recent), tables__has_key=FACTS)
    newest = steps.order_by("-run__number").values_list("run_id", flat=True).first()
    if newest is None:
        return NO_FACTS
    run = Run.objects.get(pk=newest)
    return _facts(run, Document.model_validate(run.document), catalog, pinned_entries(run))


def examination_of_run(run: Run, catalog: Catalog) -> Examination:
    """A run's own pipeline with what the run has found, on the data that it has seen."""
    document = Document.model_validate(run.document)
    entries = pinned_entries(run)
    return examine(document, catalog, entries, facts=_facts(run, document, catalog, entries))


def pinned_entries(run: Run) -> Mapping[str, DatasetEntry]:
    """Datasets as a run has seen them, by the names that its document has for them."""
    plan = Plan.model_validate(run.plan)
    known = DatasetEntries(run.workspace)
    named = {node: given["dataset"] for node, given in run.document["nodes"].items() if given.get("dataset")}
    found: dict[str, DatasetEntry] = {}
    for step in plan.steps:
        if step.dataset is not None and step.node in named:
            pinned = step.dataset
            seen = known.get(f"{pinned.name}@{pinned.version}")
            entry = seen or DatasetEntry(pinned.name, pinned.version, pinned.digest, TableSchema(()))
            found[named[step.node]] = replace(entry, digest=pinned.digest)
    return found


def _facts(run: Run, document: Document, catalog: Catalog, entries: Mapping[str, DatasetEntry]) -> Facts:
    found = RunStep.objects.filter(run=run, tables__has_key=FACTS).values_list("node", "tables")
    return facts_by_lineage(build(document, catalog, entries), {node: tables[FACTS] for node, tables in found})

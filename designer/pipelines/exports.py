"""Take a pipeline away as plain Python, with the data that it reads."""

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from pydantic import JsonValue

from designer.assets.store import store
from designer.assets.uploads import files_of
from designer.errors import InvalidDocument
from designer.graph.document import Document
from designer.graph.examination import examine
from designer.graph.export.program import program_of
from designer.graph.export.source import Source, Upload
from designer.graph.graph import DatasetEntry, build
from designer.graph.plan import Plan, compile_plan
from designer.graph.script import ENDINGS, Target, notebook_of, script_of
from designer.graph.writing import write
from designer.workspaces.models import Workspace
from modules.kit import Catalog, TableSchema

DOCUMENT_FILE = "pipeline.yaml"
LONGEST_STEM = 60


def export_document(
    workspace: Workspace,
    document: Document,
    target: Target,
    folder: Path,
    catalog: Catalog,
    datasets: Mapping[str, DatasetEntry],
    values: Mapping[str, JsonValue] | None = None,
) -> Path:
    """Write a document as a program: a single file or, where it reads data, a zip archive of it and them.

    Blank seeds are drawn as for a run and written down. Raises InvalidDocument and NotExportable.
    """
    examination = examine(document, catalog, datasets)
    errors = [problem for problem in examination.problems if problem.severity == "error"]
    if errors:
        raise InvalidDocument(errors)
    plan = compile_plan(examination.graph, values)
    source = Source(examination.graph, plan, _uploads(plan, catalog, workspace))
    return _write(source, target, folder, catalog)


def export_plan(
    workspace: Workspace, document: Document, plan: Plan, target: Target, folder: Path, catalog: Catalog
) -> Path:
    """Write what a run has done as a program: with its seeds, its values and the datasets as they were then."""
    pinned = {step.node: step.dataset for step in plan.steps if step.dataset is not None}
    datasets = {
        document.nodes[node].dataset or "": DatasetEntry(
            dataset.name,
            dataset.version,
            dataset.digest,
            TableSchema.from_json(store().artifact(dataset.digest).meta["columns"]),
        )
        for node, dataset in pinned.items()
    }
    source = Source(build(document, catalog, datasets), plan, _uploads(plan, catalog, workspace))
    return _write(source, target, folder, catalog)


def stem_of(name: str) -> str:
    """The name of a pipeline as that of a file."""
    words = re.sub(r"[\W_]+", "-", name.lower()).strip("-")
    return words[:LONGEST_STEM].strip("-") or "pipeline"


def _uploads(plan: Plan, catalog: Catalog, workspace: Workspace) -> dict[str, Upload]:
    found = (files for files in files_of(plan, catalog, workspace).values())
    return {key: Upload(file.name, file.digest) for files in found for key, file in files.items()}


def _write(source: Source, target: Target, folder: Path, catalog: Catalog) -> Path:
    program = program_of(source)
    stem = stem_of(source.graph.document.name)
    path = folder / f"{stem}.{ENDINGS[target]}"
    text = script_of(program, path.name) if target == "python" else notebook_of(program, path.name)
    if not program.files:
        path.write_text(text, "utf-8")
        return path
    archive = folder / f"{stem}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        file.writestr(f"{stem}/{path.name}", text)
        file.writestr(f"{stem}/{DOCUMENT_FILE}", write(source.graph.document, catalog=catalog))
        for data in program.files:
            if data.text is not None:
                file.writestr(f"{stem}/{data.path}", data.text)
            elif data.is_artifact:
                with store().arrow_file(data.digest) as table:
                    file.write(table, f"{stem}/{data.path}")
            else:
                file.write(store().blobs.path(data.digest), f"{stem}/{data.path}")
    return archive

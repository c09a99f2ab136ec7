"""Write a model that a run has trained to a file that can be taken away."""

import json
from typing import Any, Literal

from django.db import transaction
from django.db.models import Max

from designer.assets.store import store
from designer.errors import NotExportable, NotFound
from designer.graph.document import Document
from designer.graph.plan import Output, PinnedDataset, Plan, Step, Wire
from designer.graph.writing import to_json
from designer.pipelines.exports import stem_of
from designer.runs.advance import advance
from designer.runs.models import Run, RunStep
from designer.runs.record import locked
from designer.workspaces.models import User, Workspace
from modules.kit import port_fits
from modules.kit.fingerprint import fingerprint_of

ModelFormat = Literal["skops", "onnx", "mlflow"]
MODULE = "export_model"
SOURCE = "designer.engine.model_files.export_model"
"""Named and not imported: what it needs is for step processes only."""
MODEL_NODE, ROWS_NODE, FILE_NODE, PORT = "model", "rows", "file", "dataset"


def export_model(run: Run, author: User, node: str, port: str, file_format: ModelFormat) -> Run:
    """Start a run of one step that writes a model of another run; its output `model_file` is the archive.

    Raises NotFound where there is no such output, and NotExportable where it is no trained model.
    """
    digest = _model_digest(run, node, port)
    plan = _plan(run, node, port, digest, file_format)
    document = Document(name=f"{node} of run {run.number} as {file_format}"[:200])
    with transaction.atomic():
        Workspace.objects.select_for_update(no_key=True).get(pk=run.workspace_id)
        last = Run.objects.filter(workspace=run.workspace_id).aggregate(last=Max("number"))["last"] or 0
        made = Run.objects.create(
            workspace=run.workspace,
            author=author,
            number=last + 1,
            name=document.name,
            document=to_json(document),
            plan=plan.model_dump(mode="json"),
        )
        RunStep.objects.bulk_create(RunStep(run=made, node=step.node) for step in plan.steps)
    with locked(made.pk) as record:
        record.begin()
        advance(record)
    made.refresh_from_db()
    return made


def _model_digest(run: Run, node: str, port: str) -> str:
    step = RunStep.objects.filter(run=run, node=node).first()
    output = (step.outputs or {}).get(port) if step else None
    if output is None:
        raise NotFound(f"Run {run.number} has no output '{port}' of node '{node}'")
    if not port_fits(output["type"], "Model"):
        raise NotExportable(f"'{node}.{port}' is {output['type']}, and only trained models are written to such files")
    _stored(output["digest"])
    return str(output["digest"])


def _stored(digest: str) -> None:
    try:
        store().artifact(digest)
    except KeyError:
        raise NotFound("This output is no longer stored; run the pipeline again") from None


def _plan(run: Run, node: str, port: str, digest: str, file_format: ModelFormat) -> Plan:
    whole = Plan.model_validate(run.plan)
    rows = _rows_digest(run, whole.step(node))
    inputs = {"model": (Wire(node=MODEL_NODE, port=PORT),)}
    sources = [_source(MODEL_NODE, f"{node}.{port}", digest)]
    if rows is not None:
        inputs["dataset"] = (Wire(node=ROWS_NODE, port=PORT),)
        sources.append(_source(ROWS_NODE, "training rows", rows))
    params: dict[str, Any] = {
        "file_format": file_format,
        "name": f"{stem_of(run.name)}-{stem_of(node)}-{file_format}",
        "carried": json.dumps(_carried(run, whole, node, port, digest), ensure_ascii=False),
    }
    writing = Step(
        node=FILE_NODE,
        kind="module",
        module=MODULE,
        version=1,
        entry=f"{SOURCE}:{MODULE}",
        fingerprint=fingerprint_of(SOURCE),
        params=params,
        inputs=inputs,
        outputs=(Output(name="model_file", type="File"),),
    )
    return Plan(steps=(*sources, writing))


def _source(node: str, name: str, digest: str) -> Step:
    """A stored output as the start of a plan, as datasets are."""
    pinned = PinnedDataset(name=name, version=0, digest=digest)
    return Step(node=node, kind="dataset", dataset=pinned, outputs=(Output(name=PORT, type="Table"),))


def _rows_digest(run: Run, step: Step) -> str | None:
    """The table that a training step read, where it is still stored."""
    for wires in step.inputs.values():
        for wire in wires:
            output = (RunStep.objects.get(run=run, node=wire.node).outputs or {}).get(wire.port)
            if output and output["type"] == "Table" and store().blobs.has(output["digest"]):
                return str(output["digest"])
    return None


def _carried(run: Run, whole: Plan, node: str, port: str, digest: str) -> dict[str, Any]:
    """What goes with the model: enough to draw its pipeline again and to know what it was trained on."""
    datasets = {step.dataset.digest: step.dataset for step in whole.steps if step.dataset is not None}
    return {
        "pipeline": run.document,
        "node": node,
        "port": port,
        "digest": digest,
        "run": {"id": str(run.pk), "number": run.number},
        "data": [{"name": item.name, "version": item.version, "digest": item.digest} for item in datasets.values()],
    }

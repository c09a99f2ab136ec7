"""Write a trained model to a file that can be taken away. A step of a run like any other; not in the library."""

import json
import shutil
import zipfile
from pathlib import Path
from typing import Annotated, Any, Literal

from designer.engine.model_files.mlflow_files import write_mlflow
from designer.engine.model_files.onnx_files import write_onnx
from designer.engine.model_files.passport import WithPipeline, checked, passport_of, write_passport
from designer.engine.model_files.predicting import predicting_program
from designer.engine.model_files.skops_files import write_skops
from modules.kit import Context, File, InvalidModel, Model, Param, Port, Script, Table, module

Format = Literal["skops", "onnx", "mlflow"]
PROGRAM_FILE = "predict.py"


@module()
def export_model(
    model: Model,
    dataset: Annotated[Table | None, Port(help="What it was trained on, for the check of ONNX")] = None,
    *,
    file_format: Annotated[Format, Param("How the model is written")] = "skops",
    name: Annotated[str, Param("The name of the file")] = "model",
    carried: Annotated[Script, Param("The pipeline, its data and the run, as JSON", language="text")] = "{}",
    context: Context,
) -> Annotated[File, Port("model_file", help="A zip archive of the model and all that is known of it")]:
    """Write a trained model as an archive: the model, what made it, and how to use it.

    The file for skops is read back with trusted types only; ONNX is compared with the model on rows of its training;
    the folder of MLflow is read by `mlflow.pyfunc.load_model`.
    """
    trained = checked(model)
    folder = context.working_folder / name
    folder.mkdir()
    passport = _written(trained, dataset, file_format, folder, json.loads(carried))
    write_passport(passport, folder)
    if file_format == "mlflow":
        write_passport(passport, folder / "data")
    return File(_packed(folder), f"{name}.zip")


def _written(
    model: WithPipeline, dataset: Table | None, file_format: Format, folder: Path, carried: dict[str, Any]
) -> dict[str, Any]:
    """Write the files of a format; the passport that goes beside them."""
    match file_format:
        case "skops":
            untrusted = write_skops(model, folder)
            program = predicting_program(model, untrusted, for_mlflow=False)
            (folder / PROGRAM_FILE).write_text(program.code, "utf-8")
            return {**passport_of(model, carried, program.requirements), "trusted_types": untrusted}
        case "mlflow":
            return passport_of(model, carried, write_mlflow(model, folder))
    if dataset is None:
        raise InvalidModel(
            "The rows that the model was trained on are no longer stored, so that ONNX could not be checked",
            port="model",
            hint="Run the pipeline again.",
        )
    found = write_onnx(model, dataset.frame.collect(), folder)
    facts = {"inputs": found.inputs, "outputs": found.outputs, "parity": found.parity}
    return {**passport_of(model, carried, ["onnxruntime"]), "onnx": facts}


def _packed(folder: Path) -> Path:
    """The folder as a zip archive beside it; the same files give the same bytes."""
    archive = folder.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder)}")
            entry.compress_type = zipfile.ZIP_DEFLATED
            with path.open("rb") as source, file.open(entry, "w") as target:
                shutil.copyfileobj(source, target)
    return archive

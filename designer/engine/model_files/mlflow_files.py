"""Models in the format of MLflow, written without MLflow: a folder that `mlflow.pyfunc.load_model` reads."""

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from designer.engine.model_files.passport import WithPipeline
from designer.engine.model_files.predicting import predicting_program
from designer.engine.model_files.skops_files import MODEL_FILE, write_skops

LOADER = "designer_model"
COLUMN_TYPES = {
    **dict.fromkeys(("Int8", "Int16", "Int32", "UInt8", "UInt16"), "integer"),
    **dict.fromkeys(("Int64", "UInt32", "UInt64"), "long"),
    "Float32": "float",
    "Float64": "double",
    "Boolean": "boolean",
    **dict.fromkeys(("Date", "Datetime"), "datetime"),
}
"""What MLflow calls the types of columns; all others are taken as texts."""


def write_mlflow(model: WithPipeline, folder: Path) -> tuple[str, ...]:
    """Write the folder; the packages that the model needs there."""
    data, code = folder / "data", folder / "code"
    data.mkdir()
    code.mkdir()
    untrusted = write_skops(model, data)
    program = predicting_program(model, untrusted, for_mlflow=True)
    # Python knows a module by its name alone, and a process may load several models.
    loader = f"{LOADER}_{hashlib.sha256((data / MODEL_FILE).read_bytes()).hexdigest()[:16]}"
    (code / f"{loader}.py").write_text(program.code, "utf-8")
    requirements = (*program.requirements, *_also_needed(program.requirements))
    (folder / "requirements.txt").write_text("\n".join(requirements) + "\n", "utf-8")
    python = platform.python_version()
    _write_yaml(folder / "python_env.yaml", {"python": python, "dependencies": ["-r requirements.txt"]})
    conda = {"name": "model", "channels": ["conda-forge"], "dependencies": [f"python={python}", "pip"]}
    _write_yaml(folder / "conda.yaml", {**conda, "dependencies": [*conda["dependencies"], {"pip": list(requirements)}]})
    _write_yaml(folder / "MLmodel", _description(model, loader, python))
    return requirements


def _also_needed(requirements: Sequence[str]) -> list[str]:
    """MLflow hands over pandas frames."""
    from importlib.metadata import version

    known = {requirement.partition("==")[0] for requirement in requirements}
    return [f"{name}=={version(name)}" for name in ("pandas", "pyarrow") if name not in known]


def _description(model: WithPipeline, loader: str, python: str) -> Mapping[str, Any]:
    types = model.details["types"]
    inputs = [
        {"type": COLUMN_TYPES.get(types[name], "string"), "name": name, "required": True} for name in model.features
    ]
    return {
        "flavors": {
            "python_function": {
                "loader_module": loader,
                "code": "code",
                "data": "data",
                "env": {"conda": "conda.yaml", "virtualenv": "python_env.yaml"},
                "python_version": python,
            }
        },
        "signature": {"inputs": json.dumps(inputs), "outputs": None, "params": None},
    }


def _write_yaml(path: Path, values: Mapping[str, Any]) -> None:
    path.write_text(yaml.safe_dump(dict(values), sort_keys=False, allow_unicode=True), "utf-8")

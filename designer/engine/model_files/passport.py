"""What a model file carries beside the model: the pipeline that made it, its data, and where it was made."""

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

from modules.kit import AnomalyModel, ClusterModel, InvalidModel, Model, PredictiveModel, ScriptModel
from modules.kit.ports import json_of

PASSPORT_FILE = "designer.json"
FORMAT = "designer/model@1"
WithPipeline = PredictiveModel | ClusterModel | AnomalyModel
MADE_WITH = ("scikit-learn", "numpy", "scipy", "polars", "skops")


def checked(model: Model) -> WithPipeline:
    """The model, where it is one that can be written without running code; raises 0159."""
    if isinstance(model, ScriptModel):
        raise InvalidModel(
            "A model of your own script has no form to be taken away: only the script can read what it keeps",
            port="model",
            hint="Export the pipeline as a Python script, which trains it again.",
        )
    if not isinstance(model, PredictiveModel | ClusterModel | AnomalyModel):
        raise InvalidModel(
            f"{type(model).__name__} is no scikit-learn pipeline, and only such can be taken away as a model file",
            port="model",
            hint="Export the pipeline as a Python script, which trains it again.",
        )
    return model


def passport_of(model: WithPipeline, carried: Mapping[str, Any], requirements: Sequence[str]) -> dict[str, Any]:
    """All that is known of a model; `carried` holds the pipeline, the data and the run."""
    described = {field.name: json_of(getattr(model, field.name)) for field in fields(model) if field.name != "pipeline"}
    return {
        "format": FORMAT,
        "model": {"type": type(model).__name__, **described},
        **carried,
        "environment": {
            "python": platform.python_version(),
            "packages": {name: version(name) for name in MADE_WITH},
            "needed": list(requirements),
        },
    }


def write_passport(passport: Mapping[str, Any], folder: Path) -> None:
    """Put the passport into the folder of a model."""
    text = json.dumps(passport, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    (folder / PASSPORT_FILE).write_text(text, "utf-8")

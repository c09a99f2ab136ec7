"""Use a model apart from the product. Its source goes beside the model as it stands here."""

import json
import sys
import types
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import polars as pl
import skops.io


def load_model(kind: type[Any], folder: Path, trusted_types: Sequence[str], own_types: Mapping[str, type[Any]]) -> Any:
    """Read a model from its folder; nothing but the trusted types and those of scikit-learn is ever made.

    `own_types` are classes of this file, by the names under which the model knows them.
    """
    stand_ins: dict[str, types.ModuleType] = {}
    for name, own_type in own_types.items():
        module, _, attribute = name.rpartition(".")
        setattr(stand_ins.setdefault(module, types.ModuleType(module)), attribute, own_type)
    with patch.dict(sys.modules, stand_ins):
        pipeline = skops.io.load(folder / "model.skops", trusted=list(trusted_types))
    described = json.loads((folder / "designer.json").read_text("utf-8"))["model"]
    del described["type"]
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in described.items()}
    return kind(pipeline=pipeline, **values)


def read_rows(path: Path) -> pl.DataFrame:
    """Read a CSV or Parquet file."""
    return pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path)


class LoadedModel:
    """What MLflow calls."""

    def __init__(self, model: Any, predict: Any) -> None:
        self._model = model
        self._predict = predict

    def predict(self, model_input: Any, params: Any = None) -> Any:
        """The rows with their scores, as a pandas frame; pandas knows no dates but moments."""
        rows = pl.from_pandas(model_input)
        dates = {name for name, kind in self._model.details["types"].items() if kind == "Date"}
        moments = [name for name, kind in rows.schema.items() if name in dates and kind == pl.Datetime]
        return self._predict(self._model, rows.with_columns(pl.col(name).cast(pl.Date) for name in moments)).to_pandas()

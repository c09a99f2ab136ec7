"""Models as ONNX, where the estimator has a form there; with a check that the predictions stay the same."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

from designer.engine.model_files.passport import WithPipeline
from modules.kit import ClusterModel, InvalidModel, PredictiveModel

MODEL_FILE = "model.onnx"
CHECKED_ROWS = 2000
MISSING = ""
"""Stands for a missing text: texts of ONNX are never missing."""
LARGEST_DIFFERENCE = 1e-3
LARGEST_SHARE_OF_OTHERS = 0.01
"""ONNX works with floats of 32 bits: a row that lies on the edge of two leaves may fall on the other side."""
OPSETS = {"": 21, "ai.onnx.ml": 3}


@dataclass(frozen=True, slots=True)
class Onnx:
    """What is said of the file: its inputs and outputs, and how its predictions compare with the model's."""

    inputs: list[dict[str, str]]
    outputs: list[str]
    parity: dict[str, Any]


def write_onnx(model: WithPipeline, rows: pl.DataFrame, folder: Path) -> Onnx:
    """Write the model and compare its predictions for some rows; raises 0159 where there is no form or another result.

    Each feature is an input of its own: floats, or texts for what is encoded.
    """
    import onnxruntime

    content = _converted(model)
    (folder / MODEL_FILE).write_bytes(content)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    parity = _parity(model, session, rows.head(CHECKED_ROWS))
    numeric = set(model.details["numeric"])
    return Onnx(
        inputs=[{"name": name, "type": "float" if name in numeric else "string"} for name in model.features],
        outputs=[output.name for output in session.get_outputs()],
        parity=parity,
    )


def _converted(model: WithPipeline) -> bytes:
    import skl2onnx
    from skl2onnx.common.data_types import FloatTensorType, StringTensorType
    from skl2onnx.common.exceptions import MissingConverter, MissingShapeCalculator

    numeric = set(model.details["numeric"])
    inputs = [(name, (FloatTensorType if name in numeric else StringTensorType)([None, 1])) for name in model.features]
    pipeline = _with_inputs(model)
    last = pipeline[-1]
    options = {id(last): {"zipmap": False}} if hasattr(last, "predict_proba") else None
    try:
        found = skl2onnx.convert_sklearn(pipeline, initial_types=inputs, options=options, target_opset=OPSETS)
    except (MissingConverter, MissingShapeCalculator):
        raise _no_form(_unknown_part(pipeline)) from None
    except (NotImplementedError, RuntimeError, ValueError, TypeError) as error:
        raise _no_form(f"{type(last).__name__} as it is set ({str(error).splitlines()[0][:200]})") from None
    content: bytes = found.SerializeToString()
    return content


def _with_inputs(model: WithPipeline) -> Pipeline:
    """The pipeline with a first step that takes the features one by one."""
    first, *others = [(name, _of_scikit_learn(step)) for name, step in model.pipeline.steps]
    if first[0] == "encode":
        return Pipeline([("encode", _without_missing_levels(first[1])), *others])
    every = list(range(len(model.features)))
    collect = ColumnTransformer([("features", "passthrough", every)]).fit(np.zeros((1, len(every))))
    return Pipeline([("features", collect), first, *others])


def _of_scikit_learn(step: Any) -> Any:
    """The same fitted estimator as the class of scikit-learn that it extends: converters go by the exact class."""
    if isinstance(step, Pipeline):
        return Pipeline([(name, _of_scikit_learn(inner)) for name, inner in step.steps])
    if not isinstance(step, LogisticRegression):
        return step
    plain = LogisticRegression()
    vars(plain).update(vars(step))
    return plain


def _without_missing_levels(encoder: ColumnTransformer) -> ColumnTransformer:
    """The same encoder with an empty text in place of a missing one."""
    one_hot: OneHotEncoder = encoder.named_transformers_["one_hot"]
    levels = [np.array([MISSING if item is None else item for item in found], object) for found in one_hot.categories_]
    if any(len(set(found)) < len(found) for found in levels):
        raise _no_form("A model that tells missing texts from empty ones")
    changed = OneHotEncoder(categories=levels, handle_unknown="ignore", sparse_output=False)
    places = encoder.transformers_[0][2]
    sample = np.zeros((1, encoder.n_features_in_), dtype=object)
    for place, found in zip(places, levels, strict=True):
        sample[0, place] = found[0]
    return ColumnTransformer([("one_hot", changed, places)], remainder="passthrough", sparse_threshold=0).fit(sample)


def _unknown_part(pipeline: Pipeline) -> str:
    from skl2onnx import supported_converters

    known = {name.removeprefix("Sklearn") for name in supported_converters()}
    parts = [type(step) for _, step in pipeline.steps]
    return next((kind.__name__ for kind in parts if kind.__name__ not in known), parts[-1].__name__)


def _no_form(what: str) -> InvalidModel:
    return InvalidModel(
        f"{what} has no form in ONNX", port="model", hint="Take the model as skops or in the format of MLflow."
    )


def _parity(model: WithPipeline, session: Any, rows: pl.DataFrame) -> dict[str, Any]:
    """Compare the predictions of both for rows that lack nothing; raises 0159 where they differ."""
    complete = rows.select(model.features).filter(
        pl.all_horizontal(pl.col(name).cast(pl.Float64, strict=False).is_finite() for name in model.details["numeric"])
        if model.details["numeric"]
        else pl.lit(value=True)
    )
    if complete.is_empty():
        return {"rows": 0, "largest_difference": None, "rows_beyond": 0}
    expected = _expected(model, complete)
    given = _given(model, session, complete)
    scale = np.maximum(1.0, np.abs(expected))
    differences = np.abs(expected - given) / scale
    beyond = int((differences.reshape(len(complete), -1).max(axis=1) > LARGEST_DIFFERENCE).sum())
    if beyond > LARGEST_SHARE_OF_OTHERS * len(complete):
        raise InvalidModel(
            f"As ONNX the model predicts otherwise for {beyond} of {len(complete)} rows, so it is not handed out",
            port="model",
            hint="Take the model as skops or in the format of MLflow.",
        )
    return {
        "rows": len(complete),
        "largest_difference": float(differences.max()),
        "tolerance": LARGEST_DIFFERENCE,
        "rows_beyond": beyond,
    }


def _expected(model: WithPipeline, rows: pl.DataFrame) -> np.ndarray[Any, Any]:
    """Numbers, probabilities or distances that the pipeline itself gives."""
    matrix = np.empty((rows.height, len(model.features)), dtype=object)
    numeric = set(model.details["numeric"])
    for place, name in enumerate(model.features):
        column = rows[name].cast(pl.Float64) if name in numeric else rows[name].cast(pl.String)
        matrix[:, place] = column.to_numpy()
    values = matrix.astype(float) if numeric >= set(model.features) else matrix
    pipeline = model.pipeline
    if isinstance(model, ClusterModel):
        return np.asarray(pipeline.transform(values))
    if isinstance(model, PredictiveModel) and model.classes is not None:
        return np.asarray(pipeline.predict_proba(values))
    return np.asarray(pipeline.predict(values), dtype=float).reshape(len(rows), -1)


def _given(model: WithPipeline, session: Any, rows: pl.DataFrame) -> np.ndarray[Any, Any]:
    numeric = set(model.details["numeric"])
    feed = {
        name: (
            rows[name].cast(pl.Float32).to_numpy().reshape(-1, 1)
            if name in numeric
            else rows[name].cast(pl.String).fill_null(MISSING).to_numpy().astype(object).reshape(-1, 1)
        )
        for name in model.features
    }
    found = session.run(None, feed)
    return np.asarray(found[-1], dtype=float).reshape(len(rows), -1)

"""What single features do to the predictions of a model."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from scipy import sparse

from modules.kit import Model, PredictiveModel, ScriptModel
from modules.kit.errors import WrongLearner
from modules.ml.scoring import matrix_for, readable_rows, shares_of
from modules.ml.shapley import Floats, Game, shapley_values

EXPLAINED_ROWS, BACKGROUND_ROWS = 100, 50
"""Of the training table, where Train Model explains its model."""


def check_explainable(model: Model) -> None:
    """Raise 0013 for a model that is not a fitted pipeline of ours."""
    if not isinstance(model, PredictiveModel) or isinstance(model, ScriptModel):
        found = getattr(model, "kind", "") or type(model).__name__
        raise WrongLearner(port="trained_model", found=found, expected="a classification or regression model")


def answers_of(model: PredictiveModel, matrix: Any) -> Floats:
    """What the model predicts, a column for each of `answer_names`."""
    estimator = model.pipeline[-1]
    if model.classes is None:
        predicted = estimator.predict(matrix).astype(np.float64)
        answers: Floats = predicted.reshape(len(predicted), -1)
        return answers
    shares = shares_of(estimator, matrix, model.classes)
    return shares[:, 1:] if model.task == "two_class" else shares


def answer_names(model: PredictiveModel) -> list[str]:
    """The predicted number, the quantiles, or the classes whose probabilities are predicted."""
    if model.task == "quantile_regression":
        return [f"{value:g}" for value in model.details["quantiles"]]
    if model.classes is None:
        return [model.label]
    return [str(value) for value in (model.classes[1:] if model.task == "two_class" else model.classes)]


def contributions_of(model: PredictiveModel, rows: pl.DataFrame, background: pl.DataFrame, *, seed: int) -> Floats:
    """Rows × features × answers: the Shapley values of rows from `readable_rows`, against a background of such."""
    game = Game(
        _dense(matrix_for(model, rows)),
        _dense(matrix_for(model, background)),
        feature_of_column=_feature_of_column(model),
        features=len(model.features),
        predict=lambda matrix: answers_of(model, matrix),
    )
    return shapley_values(game, seed)


def explained_places(
    model: PredictiveModel, predictions: Floats, name: str = ""
) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Which answer is explained of each row: of classes the named or the predicted one, of quantiles the middle."""
    count = len(predictions)
    if model.task == "multiclass":
        names = answer_names(model)
        return np.full(count, names.index(name)) if name else predictions.argmax(axis=1)
    if model.task == "quantile_regression":
        return np.full(count, np.abs(np.array(model.details["quantiles"]) - 0.5).argmin())
    return np.zeros(count, dtype=np.int64)


def importances_of(model: PredictiveModel, rows: pl.DataFrame) -> list[dict[str, Any]]:
    """The mean size of what each feature adds to the predictions of some of the rows, the largest first."""
    frame, _ = readable_rows(model, rows, port="dataset")
    explained, background = drawn(frame, EXPLAINED_ROWS, 0), drawn(frame, BACKGROUND_ROWS, 1)
    values = contributions_of(model, explained, background, seed=0)
    places = explained_places(model, answers_of(model, matrix_for(model, explained)))
    sizes = np.abs(values[np.arange(len(explained)), :, places]).mean(axis=0)
    order = np.argsort(-sizes, kind="stable")
    return [{"feature": model.features[place], "contribution": float(sizes[place])} for place in order]


def drawn(frame: pl.DataFrame, most: int, seed: int) -> pl.DataFrame:
    """At most so many of the rows, in order."""
    if frame.height <= most:
        return frame
    places = np.random.default_rng(seed).choice(frame.height, size=most, replace=False)
    return frame[np.sort(places)]


def _dense(matrix: Any) -> Floats:
    dense: Floats = matrix.toarray() if sparse.issparse(matrix) else np.asarray(matrix)
    return dense


def _feature_of_column(model: PredictiveModel) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The feature behind each column of the matrix: the levels of all categories, then the numbers."""
    numeric = frozenset(model.details["numeric"])
    encoder = model.pipeline.named_steps.get("encode")
    levels: Sequence[Any] = () if encoder is None else encoder.named_transformers_["one_hot"].categories_
    categories = [place for place, name in enumerate(model.features) if name not in numeric]
    numbers = [place for place, name in enumerate(model.features) if name in numeric]
    return np.array([*np.repeat(categories, [len(found) for found in levels]), *numbers], dtype=np.int64)

"""Predict with a trained model."""

import warnings
from typing import Any

import numpy as np
import polars as pl
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier

from modules.kit import AnomalyModel, PredictiveModel
from modules.kit.names import counted
from modules.kit.schema import dtype_of
from modules.ml.encoding import conformed, encode, usable_rows
from modules.ml.scores import LABELS, PROBABILITIES, probability_column, quantile_column

CERTAIN = 0.5
"""The probability above which a row counts as the positive class."""

Floats = np.ndarray[Any, np.dtype[np.float64]]


def scores_of(model: PredictiveModel | AnomalyModel, rows: pl.DataFrame, *, port: str = "dataset") -> pl.DataFrame:
    """The score columns of each row, null where the row cannot be scored.

    The features are prepared as in training: found by name, read as the types that they had then;
    categories that were not seen then are none of the known ones. Raises 0001 and 0016.
    """
    frame, usable = readable_rows(model, rows, port=port)
    if not usable.all():
        warnings.warn(f"{counted(int((~usable).sum()), 'row')} with a missing number left unscored", stacklevel=3)
    scores = _scores(model, matrix_for(model, frame))
    return scores if usable.all() else pl.DataFrame([_spread(column, usable) for column in scores])


def readable_rows(
    model: PredictiveModel | AnomalyModel, rows: pl.DataFrame, *, port: str
) -> tuple[pl.DataFrame, np.ndarray[Any, np.dtype[np.bool_]]]:
    """The features of the rows that the model can score, and which rows these are; raises 0001 and 0016."""
    numeric = frozenset(model.details["numeric"])
    frame = conformed(rows, model.features, numeric, model.details["types"], port=port)
    usable = usable_rows(frame, [name for name in model.features if name in numeric], model.pipeline[-1])
    return (frame, usable) if usable.all() else (frame.filter(usable), usable)


def matrix_for(model: PredictiveModel | AnomalyModel, frame: pl.DataFrame) -> Any:
    """What the estimator of a model reads of rows from `readable_rows`."""
    encoder = model.pipeline.named_steps.get("encode")
    return encode(frame, model.features, frozenset(model.details["numeric"]), encoder)


def shares_of(estimator: Any, matrix: Any, classes: tuple[Any, ...]) -> Floats:
    """A column of probabilities for each class; 0 for a class that the estimator has not met."""
    if not matrix.shape[0]:
        return np.empty((0, len(classes)))
    shares: Floats = estimator.predict_proba(matrix)
    known = np.asarray(estimator.classes_).tolist()
    if known == list(classes):
        return shares
    aligned = np.zeros((len(shares), len(classes)))
    aligned[:, [classes.index(value) for value in known]] = shares
    return aligned


def numbers_of(estimator: Any, matrix: Any) -> Floats:
    """What a regression predicts."""
    if not matrix.shape[0]:
        return np.empty(0)
    predicted: Floats = estimator.predict(matrix).astype(np.float64)
    return predicted


def places_of(estimator: Any, matrix: Any, shares: Floats, classes: tuple[Any, ...]) -> np.ndarray[Any, Any]:
    """The place of the class that is predicted for each row."""
    if len(shares) and isinstance(estimator, OneVsOneClassifier | OneVsRestClassifier):
        # Several classes may have equal shares; these decide by margins then.
        place = {value: index for index, value in enumerate(classes)}
        return np.array([place[value] for value in estimator.predict(matrix).tolist()], dtype=np.int64)
    found: np.ndarray[Any, Any] = shares.argmax(axis=1)
    return found


def _scores(model: PredictiveModel | AnomalyModel, matrix: Any) -> pl.DataFrame:
    estimator = model.pipeline[-1]
    if isinstance(model, AnomalyModel):
        return _anomalies(estimator, matrix)
    if model.task == "quantile_regression":
        quantiles = model.details["quantiles"]
        found = estimator.predict(matrix) if matrix.shape[0] else np.empty((0, len(quantiles)))
        return pl.DataFrame([pl.Series(quantile_column(q), found[:, place]) for place, q in enumerate(quantiles)])
    if model.classes is None:
        numbers = pl.Series(LABELS, numbers_of(estimator, matrix))
        return pl.DataFrame([pl.select(pl.when(numbers.is_finite()).then(numbers)).to_series().alias(LABELS)])
    shares = shares_of(estimator, matrix, model.classes)
    classes = pl.Series(LABELS, model.classes, dtype=dtype_of(model.details["label_type"]))
    if model.task == "two_class":
        labels = classes.gather((shares[:, 1] > CERTAIN).astype(np.uint32))
        return pl.DataFrame([labels, pl.Series(PROBABILITIES, shares[:, 1])])
    columns = [pl.Series(probability_column(value), shares[:, place]) for place, value in enumerate(model.classes)]
    places = places_of(estimator, matrix, shares, model.classes)
    return pl.DataFrame([*columns, classes.gather(places.astype(np.uint32))])


def _anomalies(estimator: Any, matrix: Any) -> pl.DataFrame:
    steps = estimator.scores(matrix) if matrix.shape[0] else np.empty(0)
    labels = np.where(steps > CERTAIN, 0, 1)
    return pl.DataFrame([pl.Series(LABELS, labels, dtype=pl.Int64), pl.Series(PROBABILITIES, steps)])


def _spread(column: pl.Series, usable: np.ndarray[Any, np.dtype[np.bool_]]) -> pl.Series:
    if column.is_empty():
        return pl.Series(column.name, [None] * len(usable), dtype=column.dtype)
    places = pl.Series(np.maximum(np.cumsum(usable) - 1, 0))
    found = column.gather(places)
    return pl.select(pl.when(pl.Series(usable)).then(found)).to_series().alias(column.name)

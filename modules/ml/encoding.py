"""From a table to the matrix that an estimator reads."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

MISSING = "(missing)"


def is_number(dtype: pl.DataType) -> bool:
    """Whether a column is used as it is; all others are one-hot encoded."""
    return dtype.is_numeric()


def matrix_of(frame: pl.DataFrame, features: Sequence[str], numeric: frozenset[str]) -> np.ndarray[Any, Any]:
    """Rows × features, in order: all floats where every feature is numeric, else objects.

    A missing category is a level of its own.
    """
    if numeric.issuperset(features):
        return frame.select(pl.col(features).cast(pl.Float64)).to_numpy()
    columns = [
        frame[name].cast(pl.Float64).to_numpy()
        if name in numeric
        else frame[name].cast(pl.String).fill_null(MISSING).to_numpy()
        for name in features
    ]
    matrix = np.empty((frame.height, len(features)), dtype=object)
    for index, column in enumerate(columns):
        matrix[:, index] = column
    return matrix


def pipeline_of(features: Sequence[str], numeric: frozenset[str], estimator: Any) -> Pipeline:
    """One-hot encode what is no number, then the estimator."""
    categories = [index for index, name in enumerate(features) if name not in numeric]
    if not categories:
        return Pipeline([("estimator", estimator)])
    encoder = ColumnTransformer(
        [("one_hot", OneHotEncoder(handle_unknown="ignore", sparse_output=False), categories)],
        remainder="passthrough",
        sparse_threshold=0,
    )
    return Pipeline([("encode", encoder), ("estimator", estimator)])

"""From the columns of a table to the numbers that an estimator reads.

A fitted pipeline is plain scikit-learn: it reads the matrix of `matrix_of`. `encode` makes what its
first step would make, on all columns at once and without a Python object for each cell.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import polars as pl
from scipy import sparse
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.frozen import FrozenEstimator
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier
from sklearn.preprocessing import OneHotEncoder
from sklearn.utils import get_tags

from modules.kit.errors import ColumnNotFound, NotFinite, TooManyUniqueValues, TypesDiffer, WrongColumnType
from modules.kit.schema import dtype_of, type_name

Floats = np.ndarray[Any, np.dtype[np.float64]]
Matrix: TypeAlias = Any
"""A numpy array or, where it is mostly zeros, a scipy matrix of compressed rows."""

# Both must be exceeded: the reference stops at columns that are names or ids, not categories.
MOST_UNIQUE_VALUES = 1000
MOST_UNIQUE_SHARE = 0.97

DENSE_CELLS = 20_000_000  # 160 MB; below, dense numbers are faster than sparse ones
SPARSE_SHARE = 0.1  # a sparse cell takes three times the memory of a dense one
TRUTH = {"true": True, "false": False, "1": True, "0": False, None: None}
TEXT_TYPES = (pl.String, pl.Categorical, pl.Enum)


def numeric_features(
    schema: Mapping[str, pl.DataType], features: Sequence[str], categorical: Collection[str], *, port: str
) -> frozenset[str]:
    """The features that are used as they are; the others are one-hot encoded.

    Numbers that are marked as categories are categories. Raises 0017 for a type that is neither.
    """
    for name in features:
        dtype = schema[name]
        if dtype.is_nested() or dtype in (pl.Binary, pl.Object):
            raise WrongColumnType(
                name,
                found=type_name(dtype),
                expected="a number, text, Boolean or date",
                port=port,
                hint="Leave it out with Select Columns in Dataset, or clear its feature flag.",
            )
    return frozenset(name for name in features if schema[name].is_numeric() and name not in categorical)


def matrix_of(frame: pl.DataFrame, features: Sequence[str], numeric: Collection[str]) -> np.ndarray[Any, Any]:
    """Rows × features, in order: all floats where every feature is numeric, else objects.

    Categories are texts, and None where missing.
    """
    if set(features) <= set(numeric):
        return _floats(frame, features)
    matrix = np.empty((frame.height, len(features)), dtype=object)
    for index, name in enumerate(features):
        column = frame[name].cast(pl.Float64) if name in numeric else texts_of(frame[name])
        matrix[:, index] = column.to_numpy()
    return matrix


def texts_of(column: pl.Series) -> pl.Series:
    """Categories as texts; NaN is a missing one."""
    if column.dtype == pl.Duration:
        return column.dt.to_string("iso")
    return (column.fill_nan(None) if column.dtype.is_float() else column).cast(pl.String)


def levels_of(column: pl.Series, *, port: str) -> np.ndarray[Any, Any]:
    """The different categories, sorted; a missing one is a level of its own, the last. Raises 0014."""
    found = texts_of(column).unique().sort(nulls_last=True)
    if len(found) > MOST_UNIQUE_VALUES and len(found) > MOST_UNIQUE_SHARE * len(column):
        raise TooManyUniqueValues(column.name, unique=len(found), rows=len(column), port=port)
    return np.array(found.to_list(), dtype=object)


def fit_encoder(
    frame: pl.DataFrame, features: Sequence[str], numeric: Collection[str], estimator: Any, *, port: str
) -> ColumnTransformer | None:
    """One-hot encode what is no number and pass the numbers on after it; None where all are numbers.

    Categories that are met later for the first time are ignored. The result is sparse where that
    saves much memory and the estimator reads it.
    """
    places = [index for index, name in enumerate(features) if name not in numeric]
    if not places:
        return None
    levels = [levels_of(frame[features[index]], port=port) for index in places]
    width = len(features) - len(places) + sum(len(found) for found in levels)
    is_sparse = (
        bool(get_tags(estimator).input_tags.sparse)
        and frame.height * width > DENSE_CELLS
        and len(features) < SPARSE_SHARE * width
    )
    one_hot = OneHotEncoder(categories=levels, handle_unknown="ignore", sparse_output=is_sparse)
    encoder = ColumnTransformer(
        [("one_hot", one_hot, places)], remainder="passthrough", sparse_threshold=float(is_sparse)
    )
    # The levels are given, so that one row is enough to learn the number of columns.
    return encoder.fit(matrix_of(frame.head(1), features, numeric))


def encode(
    frame: pl.DataFrame, features: Sequence[str], numeric: Collection[str], encoder: ColumnTransformer | None
) -> Matrix:
    """What the encoder makes of `matrix_of`: the levels of all categories, then the numbers."""
    numbers = [name for name in features if name in numeric]
    if encoder is None:
        return _floats(frame, numbers)
    one_hot: OneHotEncoder = encoder.named_transformers_["one_hot"]
    categories = [name for name in features if name not in numeric]
    codes = [_codes(frame[name], levels) for name, levels in zip(categories, one_hot.categories_, strict=True)]
    starts = np.cumsum([0, *map(len, one_hot.categories_)])
    if one_hot.sparse_output:
        return _sparse(codes, starts, _floats(frame, numbers))
    # Columns lie one after the other: each is filled at once, and trees read them that way.
    matrix = np.zeros((frame.height, starts[-1] + len(numbers)), order="F")
    for start, found in zip(starts, codes, strict=False):
        known = np.flatnonzero(found >= 0)
        matrix[known, start + found[known]] = 1.0
    for place, name in enumerate(numbers, start=starts[-1]):
        matrix[:, place] = frame[name].cast(pl.Float64).to_numpy()
    return matrix


def encoded_names(features: Sequence[str], numeric: Collection[str], encoder: ColumnTransformer | None) -> list[str]:
    """The names of the columns of `encode`: `make_audi` for the level `audi` of `make`."""
    numbers = [name for name in features if name in numeric]
    if encoder is None:
        return numbers
    categories = [name for name in features if name not in numeric]
    levels = encoder.named_transformers_["one_hot"].categories_
    pairs = zip(categories, levels, strict=True)
    return [f"{name}_{'' if level is None else level}" for name, found in pairs for level in found] + numbers


def check_finite(frame: pl.DataFrame, numbers: Sequence[str], *, port: str) -> None:
    """Raise 0033 for a column that holds infinity."""
    schema = frame.schema
    floats = [name for name in numbers if schema[name].is_float()]
    infinite = frame.select(pl.col(name).is_infinite().any() for name in floats).row(0) if floats else ()
    for name, found in zip(floats, infinite, strict=True):
        if found:
            raise NotFinite(
                f"Column `{name}` of `{port}` holds infinity, and finite numbers are expected",
                column=name,
                port=port,
                hint="Clip Values or Apply SQL Transformation can replace it.",
            )


def usable_rows(frame: pl.DataFrame, numbers: Sequence[str], estimator: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Rows that the estimator can read: finite numbers only, or also missing ones where it copes with them."""
    if not numbers:
        return np.ones(frame.height, dtype=bool)
    copes = copes_with_missing(estimator)
    schema = frame.schema
    values = (pl.col(name).cast(pl.Float64) if schema[name].is_decimal() else pl.col(name) for name in numbers)
    tests: Iterator[pl.Expr] = (
        ~value.is_infinite().fill_null(value=False) if copes else value.is_finite().fill_null(value=False)
        for value in values
    )
    return frame.select(pl.all_horizontal(tests)).to_series().to_numpy()


def copes_with_missing(estimator: Any) -> bool:
    """Tell whether an estimator reads missing numbers, also where it is one inside of others that only pass rows on."""
    while isinstance(estimator, CalibratedClassifierCV | FrozenEstimator | OneVsRestClassifier | OneVsOneClassifier):
        estimator = estimator.estimator
    return bool(get_tags(estimator).input_tags.allow_nan)


def conformed(
    frame: pl.DataFrame, features: Sequence[str], numeric: Collection[str], types: Mapping[str, str], *, port: str
) -> pl.DataFrame:
    """The features of another table, with the types that they had in training.

    Raises 0001 for a missing feature and 0016 for values that cannot be read as their type.
    """
    columns = []
    known = frozenset(frame.columns)
    for name in features:
        if name not in known:
            raise ColumnNotFound(name, port=port, available=frame.columns)
        try:
            columns.append(_as_trained(frame[name], types[name], is_number=name in numeric))
        except pl.exceptions.PolarsError:
            expected = "a number" if name in numeric else types[name]
            raise TypesDiffer(
                name, found=type_name(frame.schema[name]), expected=f"{expected}, as in training", port=port
            ) from None
    return pl.DataFrame(columns)


def _as_trained(column: pl.Series, trained_type: str, *, is_number: bool) -> pl.Series:
    if is_number:
        if column.dtype.is_temporal():
            raise pl.exceptions.InvalidOperationError("a date is no number")
        return (column.cast(pl.String) if column.dtype in TEXT_TYPES else column).cast(pl.Float64)
    if type_name(column.dtype) == trained_type or trained_type in ("String", "Categorical", "Enum", "Null"):
        return column.cast(pl.String) if column.dtype.is_nested() else column
    if trained_type in ("Date", "Datetime", "Time", "Duration", "Decimal"):
        return column.cast(pl.String)
    if trained_type == "Boolean" and column.dtype in TEXT_TYPES:
        # Polars reads no truth from text.
        words = column.cast(pl.String).str.strip_chars().str.to_lowercase()
        return words.replace_strict(TRUTH, return_dtype=pl.Boolean)
    if column.dtype.is_float() and dtype_of(trained_type).is_integer():
        # A cast would cut 2.5 to 2, which is another category.
        numbers = column.fill_nan(None)
        whole = numbers.cast(dtype_of(trained_type), strict=False).cast(pl.String)
        return whole.zip_with((numbers == numbers.floor()).fill_null(value=True), numbers.cast(pl.String))
    return column.cast(dtype_of(trained_type))


def _floats(frame: pl.DataFrame, names: Sequence[str]) -> Floats:
    if not names:
        return np.empty((frame.height, 0))
    return frame.select(pl.col(name).cast(pl.Float64) for name in names).to_numpy()


def _codes(column: pl.Series, levels: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The place of each value among the levels; -1 where it is not one of them."""
    texts = texts_of(column)
    known = [level for level in levels if level is not None]
    codes = texts.cast(pl.Enum(known), strict=False).to_physical().cast(pl.Int64).fill_null(-1).to_numpy()
    if len(known) == len(levels):
        return codes
    return np.where(texts.is_null().to_numpy(), len(known), codes)


def _sparse(codes: Sequence[np.ndarray[Any, Any]], starts: np.ndarray[Any, Any], numbers: Floats) -> sparse.csr_matrix:
    """Every row holds one cell for each category, which is 0 where the category is unknown, and the numbers."""
    rows, width = len(numbers), len(codes) + numbers.shape[1]
    columns = np.empty((rows, width), dtype=np.int32)
    cells = np.empty((rows, width))
    for place, (start, found) in enumerate(zip(starts, codes, strict=False)):
        columns[:, place] = start + np.maximum(found, 0)
        cells[:, place] = found >= 0
    columns[:, len(codes) :] = starts[-1] + np.arange(numbers.shape[1])
    cells[:, len(codes) :] = numbers
    ends = np.arange(0, rows * width + 1, width)
    return sparse.csr_matrix((cells.ravel(), columns.ravel(), ends), shape=(rows, starts[-1] + numbers.shape[1]))

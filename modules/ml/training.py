"""Fit a supervised learner to the rows of a table."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline
from sklearn.utils import get_tags

from modules.kit import (
    Classifier,
    PredictiveModel,
    QuantileRegressor,
    Regressor,
    SupervisedLearner,
    Table,
    TwoClassClassifier,
)
from modules.kit.errors import (
    ColumnNotFound,
    EmptyInput,
    FeatureMissing,
    MissingLabel,
    NotFinite,
    TooManyUniqueValues,
    UnsuitableLabel,
    UnusableTraining,
    WrongLearner,
)
from modules.kit.names import counted, listed
from modules.kit.schema import type_name
from modules.ml.calibration import SigmoidCalibrated
from modules.ml.encoding import (
    MOST_UNIQUE_SHARE,
    MOST_UNIQUE_VALUES,
    check_finite,
    encode,
    encoded_names,
    fit_encoder,
    numeric_features,
    usable_rows,
)

SHOWN_WEIGHTS = 200
"""The description of a model lists at most this many features, the weightiest."""

Flags = np.ndarray[Any, np.dtype[np.bool_]]
Places = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Lesson:
    """Rows that a learner can learn from: each has a label and the numbers that the learner needs.

    `kept` tells which rows of the table these are. `classes` are those of all rows, also where a part
    of them is taken.
    """

    rows: pl.DataFrame
    label: pl.Series
    numeric: frozenset[str]
    types: dict[str, str]
    classes: tuple[Any, ...] | None
    kept: Flags
    port: str

    @property
    def features(self) -> list[str]:
        """The names of the features, in order."""
        return self.rows.columns

    @property
    def table(self) -> Table:
        """The rows with their label."""
        return Table(self.rows.with_columns(self.label).lazy(), {self.label.name: "label"})

    def take(self, places: Places) -> "Lesson":
        """Some of the rows."""
        return replace(self, rows=self.rows[places], label=self.label.gather(places))


def lesson_of(learner: SupervisedLearner, dataset: Table, label_column: str, *, port: str = "dataset") -> Lesson:
    """What the learner can learn from a table.

    Features are all columns but the label, scores and those whose feature flag is cleared. Rows
    without a label are left out, and so are rows with a missing number unless the learner copes with
    them; a warning counts them. Raises the codes of Train Model.
    """
    if not isinstance(learner, SupervisedLearner):
        found = getattr(learner, "kind", "") or type(learner).__name__
        raise WrongLearner(port="untrained_model", found=found, expected="a classification or regression learner")
    schema = dataset.frame.collect_schema()
    if label_column not in schema:
        raise ColumnNotFound(label_column, port=port, available=schema.names(), parameter="label_column")
    features = [name for name in dataset.columns_with("feature") if name != label_column]
    if not features:
        raise FeatureMissing("No feature column is left beside the label", port=port)
    numeric = numeric_features(schema, features, dataset.categorical, port=port)
    rows = dataset.frame.select(*features, label_column).collect()
    if rows.is_empty():
        raise EmptyInput(port=port, hint="There is no row to learn from.")
    label = label_values(rows[label_column], learner, port=port)
    numbers = [name for name in features if name in numeric]
    check_finite(rows, numbers, port=port)
    kept = _labelled(label, port) & _complete(rows, numbers, learner.estimator, port)
    if not kept.any():
        raise UnusableTraining("No row has both a label and all numbers", port=port)
    if not kept.all():
        rows, label = rows.filter(kept), label.filter(kept)
    return Lesson(
        rows=rows.select(features),
        label=label,
        numeric=numeric,
        types={name: type_name(schema[name]) for name in features},
        classes=classes_of(label, learner, port=port),
        kept=kept,
        port=port,
    )


def train(learner: SupervisedLearner, lesson: Lesson, estimator: Any = None) -> PredictiveModel:
    """Fit the learner, or another configuration of its estimator; raises 0014 and 0083."""
    estimator = clone(learner.estimator if estimator is None else estimator)
    encoder = fit_encoder(lesson.rows, lesson.features, lesson.numeric, estimator, port=lesson.port)
    matrix = encode(lesson.rows, lesson.features, lesson.numeric, encoder)
    fit(estimator, matrix, lesson.label.to_numpy(), port=lesson.port)
    return model_of(learner, lesson, encoder, estimator)


def model_of(
    learner: SupervisedLearner, lesson: Lesson, encoder: ColumnTransformer | None, estimator: Any
) -> PredictiveModel:
    """The model of a fitted encoder and a fitted estimator."""
    steps = [("encode", encoder), ("estimator", estimator)] if encoder is not None else [("estimator", estimator)]
    details = {
        "parameters": dict(learner.parameters),
        "numeric": [name for name in lesson.features if name in lesson.numeric],
        "label_type": type_name(lesson.label.dtype),
        "types": lesson.types,
        "rows": lesson.rows.height,
        "rows_left_out": int((~lesson.kept).sum()),
    }
    if isinstance(learner, QuantileRegressor):
        details["quantiles"] = list(learner.estimator.quantiles)
    names = encoded_names(lesson.features, lesson.numeric, encoder)
    return PredictiveModel(
        pipeline=Pipeline(steps),
        task=task_of(learner),
        label=lesson.label.name,
        features=tuple(lesson.features),
        classes=lesson.classes,
        kind=learner.kind,
        details={**details, **weights_of(estimator, names, lesson.classes)},
    )


def task_of(learner: SupervisedLearner) -> Any:
    """What a learner of this kind predicts."""
    if isinstance(learner, Classifier):
        return "two_class" if isinstance(learner, TwoClassClassifier) else "multiclass"
    return "quantile_regression" if isinstance(learner, QuantileRegressor) else "regression"


def label_values(label: pl.Series, learner: SupervisedLearner, *, port: str) -> pl.Series:
    """Numbers for a regression, else texts, whole numbers or Booleans; NaN is a missing label.

    Raises 0033 and 0058.
    """
    if label.dtype.is_float() or label.dtype.is_decimal():
        label = label.cast(pl.Float64).fill_nan(None)
        if label.is_infinite().any():
            raise NotFinite(
                f"Label column `{label.name}` holds infinity, and finite numbers are expected",
                column=label.name,
                port=port,
            )
    if isinstance(learner, Regressor | QuantileRegressor):
        return _numbers(label, learner, port)
    if label.dtype.is_nested() or label.dtype in (pl.Binary, pl.Object):
        found = f"is {type_name(label.dtype)}, and texts, whole numbers or Booleans are expected"
        raise _unsuitable(label.name, found, port)
    if label.dtype.is_float() and (label != label.round()).any():
        raise _unsuitable(
            label.name,
            "holds fractions, and a classification predicts a few distinct values",
            port,
            hint="Choose a regression learner, or group the values with Group Data into Bins.",
        )
    return label if label.dtype.is_numeric() or label.dtype == pl.Boolean else label.cast(pl.String)


def _numbers(label: pl.Series, learner: SupervisedLearner, port: str) -> pl.Series:
    if not (label.dtype.is_numeric() or label.dtype == pl.Boolean):
        raise _unsuitable(
            label.name,
            f"is {type_name(label.dtype)}, and a regression predicts numbers",
            port,
            hint="Choose a numeric label or a classification learner.",
        )
    numbers = label.cast(pl.Float64)
    least = numbers.min()
    if get_tags(learner.estimator).target_tags.positive_only and isinstance(least, float) and least < 0:
        raise _unsuitable(
            label.name,
            f"holds {least:g}, and this learner predicts counts, which are never negative",
            port,
            hint="Choose another regression learner, or leave out the rows with negative labels.",
        )
    return numbers


def classes_of(label: pl.Series, learner: SupervisedLearner, *, port: str) -> tuple[Any, ...] | None:
    """The sorted classes of a label without missing values; None for a regression. Raises 0014 and 0058."""
    if not isinstance(learner, Classifier):
        return None
    classes = tuple(label.unique().sort().to_list())
    if isinstance(learner, TwoClassClassifier):
        if len(classes) != 2:
            raise _unsuitable(
                label.name,
                f"has {counted(len(classes), 'different value')} ({listed(classes)}), and exactly 2 are expected",
                port,
                hint="A multiclass learner takes more than two." if len(classes) > 2 else None,
            )
    elif len(classes) < 2:
        raise _unsuitable(label.name, f"has only the value {listed(classes)}, and at least 2 are expected", port)
    elif len(classes) > MOST_UNIQUE_VALUES and len(classes) > MOST_UNIQUE_SHARE * len(label):
        raise TooManyUniqueValues(label.name, unique=len(classes), rows=len(label), port=port)
    return classes


def fit(estimator: Any, matrix: Any, label: np.ndarray[Any, Any], *, port: str) -> None:
    """Fit in place; what the algorithm cannot do with the numbers is error 0083."""
    try:
        estimator.fit(matrix, label)
    except (ValueError, FloatingPointError, np.linalg.LinAlgError) as error:
        raise UnusableTraining(
            f"{type(estimator).__name__} cannot learn from this table: {str(error).splitlines()[0]}",
            port=port,
            hint="Normalize Data brings columns of very different size to one scale.",
        ) from error
    if getattr(estimator, "n_jobs", None) == -1:
        # Trees that are summed by several threads are summed in any order, which shows in the last digits.
        estimator.set_params(n_jobs=None)


def weights_of(estimator: Any, names: Sequence[str], classes: tuple[Any, ...] | None) -> dict[str, Any]:
    """Coefficients and intercepts of a linear model or importances of a forest, the largest first."""
    last = _innermost(estimator)
    if hasattr(last, "feature_importances_"):
        values = last.feature_importances_
        order = np.argsort(-values, kind="stable")[:SHOWN_WEIGHTS]
        return {"importances": [{"feature": names[index], "importance": float(values[index])} for index in order]}
    if not hasattr(last, "coef_"):
        return {}
    coefficients = np.atleast_2d(last.coef_)
    order = np.argsort(-np.abs(coefficients).max(axis=0), kind="stable")[:SHOWN_WEIGHTS]
    columns = ["coefficient"] if len(coefficients) == 1 else [f"coefficient of {value}" for value in classes or ()]
    return {
        "intercepts": np.atleast_1d(last.intercept_).astype(float).tolist(),
        "coefficients": [
            {"feature": names[index], **dict(zip(columns, coefficients[:, index].astype(float).tolist(), strict=True))}
            for index in order
        ],
    }


def _innermost(estimator: Any) -> Any:
    """The fitted algorithm inside of what scales and calibrates."""
    while isinstance(estimator, Pipeline | SigmoidCalibrated):
        estimator = estimator[-1] if isinstance(estimator, Pipeline) else estimator.fitted_estimator
    return estimator


def _labelled(label: pl.Series, port: str) -> Flags:
    mask = label.is_not_null().to_numpy()
    if not mask.any():
        raise MissingLabel(f"Column `{label.name}` has no value to learn from", column=label.name, port=port)
    if not mask.all():
        warnings.warn(f"{counted(int((~mask).sum()), 'row')} without a label left out", stacklevel=4)
    return mask


def _complete(rows: pl.DataFrame, numbers: list[str], estimator: Any, port: str) -> Flags:
    mask = usable_rows(rows, numbers, estimator)
    if not mask.any():
        gaps = rows.select(pl.col(name).cast(pl.Float64).fill_nan(None).null_count() for name in numbers).row(0)
        worst = numbers[int(np.argmax(gaps))]
        raise UnusableTraining(
            f"Every row has a missing number (column `{worst}` in {max(gaps)} of {counted(rows.height, 'row')}), "
            "and this learner needs complete rows",
            port=port,
            column=worst,
            hint="Put Clean Missing Data before, or leave out the columns that are mostly empty.",
        )
    if not mask.all():
        warnings.warn(f"{counted(int((~mask).sum()), 'row')} with a missing number left out", stacklevel=4)
    return mask


def _unsuitable(column: str, found: str, port: str, *, hint: str | None = None) -> UnsuitableLabel:
    return UnsuitableLabel(
        f"Label column `{column}` {found}", column=column, port=port, parameter="label_column", hint=hint
    )

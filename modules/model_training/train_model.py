"""Train Model: fit a learner to a labelled table."""

import warnings
from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
import polars as pl
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from modules.kit import (
    Classifier,
    Column,
    ModelSchema,
    Param,
    Port,
    PredictiveModel,
    Regressor,
    SupervisedLearner,
    Table,
    TableSchema,
    TwoClassClassifier,
    module,
)
from modules.kit.errors import (
    EmptyInput,
    FeatureMissing,
    MissingLabel,
    NotFinite,
    TooManyUniqueValues,
    UnsuitableLabel,
    UnusableTraining,
)
from modules.kit.names import counted, listed
from modules.kit.schema import type_name
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
from modules.ml.learners import first_values

SHOWN_WEIGHTS = 200
"""The description of a model lists at most this many features, the weightiest."""


@module()
def train_model(
    untrained_model: SupervisedLearner,
    dataset: Table,
    *,
    label_column: Annotated[Column, Param("The column to predict", port="dataset")],
) -> Annotated[PredictiveModel, Port("trained_model", help="Predicts the label from the features")]:
    """Fit a classification or regression learner.

    Features are all columns but the label, scores and those whose feature flag is cleared. Numbers
    are used as they are; everything else, also numbers that are marked as categories, is one-hot
    encoded, a missing value being a category of its own. Rows without a label are dropped, and so
    are rows with a missing number unless the learner copes with them; the log counts them.
    Categories that were not seen are ignored later. A learner in range mode is trained with the
    first value of each of its lists.
    """
    features = [name for name in dataset.columns_with("feature") if name != label_column]
    if not features:
        raise FeatureMissing("No feature column is left beside the label", port="dataset")
    schema = dataset.frame.collect_schema()
    numeric = numeric_features(schema, features, dataset.categorical, port="dataset")
    rows = dataset.frame.select(*features, label_column).collect()
    if rows.is_empty():
        raise EmptyInput(port="dataset", hint="There is no row to learn from.")
    estimator = clone(untrained_model.estimator)
    label = label_values(rows[label_column], untrained_model)
    numbers = [name for name in features if name in numeric]
    check_finite(rows, numbers, port="dataset")
    kept = _labelled(label) & _complete(rows, numbers, estimator)
    if not kept.any():
        raise UnusableTraining("No row has both a label and all numbers", port="dataset")
    if not kept.all():
        rows, label = rows.filter(kept), label.filter(kept)
    classes = classes_of(label, untrained_model)
    if first := first_values(untrained_model.parameters):
        said = ", ".join(f"{name} = {value}" for name, value in first.items())
        warnings.warn(f"The learner holds lists of values; the first of each is used: {said}", stacklevel=2)
    encoder = fit_encoder(rows, features, numeric, estimator, port="dataset")
    fit(estimator, encode(rows, features, numeric, encoder), label.to_numpy())
    steps = [("encode", encoder), ("estimator", estimator)] if encoder is not None else [("estimator", estimator)]
    return PredictiveModel(
        pipeline=Pipeline(steps),
        task=task_of(untrained_model),
        label=label_column,
        features=tuple(features),
        classes=classes,
        kind=untrained_model.kind,
        details={
            "parameters": dict(untrained_model.parameters),
            "numeric": numbers,
            "label_type": type_name(label.dtype),
            "types": {name: type_name(schema[name]) for name in features},
            "rows": rows.height,
            "rows_left_out": int((~kept).sum()),
            **weights_of(estimator, encoded_names(features, numeric, encoder), classes),
        },
    )


def task_of(learner: SupervisedLearner) -> Any:
    """What a learner of this kind predicts."""
    if isinstance(learner, Regressor):
        return "regression"
    return "two_class" if isinstance(learner, TwoClassClassifier) else "multiclass"


def label_values(label: pl.Series, learner: SupervisedLearner) -> pl.Series:
    """Numbers for a regression, else texts, whole numbers or Booleans; NaN is a missing label.

    Raises 0033 and 0058.
    """
    if label.dtype.is_float() or label.dtype.is_decimal():
        label = label.cast(pl.Float64).fill_nan(None)
        if label.is_infinite().any():
            raise NotFinite(
                f"Label column `{label.name}` holds infinity, and finite numbers are expected",
                column=label.name,
                port="dataset",
            )
    if isinstance(learner, Regressor):
        if not (label.dtype.is_numeric() or label.dtype == pl.Boolean):
            raise _unsuitable(
                label.name,
                f"is {type_name(label.dtype)}, and a regression predicts numbers",
                hint="Choose a numeric label or a classification learner.",
            )
        return label.cast(pl.Float64)
    if label.dtype.is_nested() or label.dtype in (pl.Binary, pl.Object):
        raise _unsuitable(label.name, f"is {type_name(label.dtype)}, and texts, whole numbers or Booleans are expected")
    if label.dtype.is_float() and (label != label.round()).any():
        raise _unsuitable(
            label.name,
            "holds fractions, and a classification predicts a few distinct values",
            hint="Choose a regression learner, or group the values with Group Data into Bins.",
        )
    return label if label.dtype.is_numeric() or label.dtype == pl.Boolean else label.cast(pl.String)


def classes_of(label: pl.Series, learner: SupervisedLearner) -> tuple[Any, ...] | None:
    """The sorted classes of a label without missing values; None for a regression. Raises 0014 and 0058."""
    if not isinstance(learner, Classifier):
        return None
    classes = tuple(label.unique().sort().to_list())
    if isinstance(learner, TwoClassClassifier):
        if len(classes) != 2:
            raise _unsuitable(
                label.name,
                f"has {counted(len(classes), 'different value')} ({listed(classes)}), and exactly 2 are expected",
                hint="A multiclass learner takes more than two." if len(classes) > 2 else None,
            )
    elif len(classes) < 2:
        raise _unsuitable(label.name, f"has only the value {listed(classes)}, and at least 2 are expected")
    elif len(classes) > MOST_UNIQUE_VALUES and len(classes) > MOST_UNIQUE_SHARE * len(label):
        raise TooManyUniqueValues(label.name, unique=len(classes), rows=len(label), port="dataset")
    return classes


def fit(estimator: Any, matrix: Any, label: np.ndarray[Any, Any]) -> None:
    """Fit in place; what the algorithm cannot do with the numbers is error 0083."""
    try:
        estimator.fit(matrix, label)
    except (ValueError, FloatingPointError, np.linalg.LinAlgError) as error:
        raise UnusableTraining(
            f"{type(estimator).__name__} cannot learn from this table: {str(error).splitlines()[0]}",
            port="dataset",
            hint="Normalize Data brings columns of very different size to one scale.",
        ) from error
    if getattr(estimator, "n_jobs", None) == -1:
        # Trees that are summed by several threads are summed in any order, which shows in the last digits.
        estimator.set_params(n_jobs=None)


def weights_of(estimator: Any, names: Sequence[str], classes: tuple[Any, ...] | None) -> dict[str, Any]:
    """Coefficients and intercepts of a linear model or importances of a forest, the largest first."""
    last = estimator[-1] if isinstance(estimator, Pipeline) else estimator
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


def _labelled(label: pl.Series) -> np.ndarray[Any, np.dtype[np.bool_]]:
    mask = label.is_not_null().to_numpy()
    if not mask.any():
        raise MissingLabel(f"Column `{label.name}` has no value to learn from", column=label.name, port="dataset")
    if not mask.all():
        warnings.warn(f"{counted(int((~mask).sum()), 'row')} without a label left out", stacklevel=3)
    return mask


def _complete(rows: pl.DataFrame, numbers: list[str], estimator: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
    mask = usable_rows(rows, numbers, estimator)
    if not mask.any():
        gaps = rows.select(pl.col(name).cast(pl.Float64).fill_nan(None).null_count() for name in numbers).row(0)
        worst = numbers[int(np.argmax(gaps))]
        raise UnusableTraining(
            f"Every row has a missing number (column `{worst}` in {max(gaps)} of {counted(rows.height, 'row')}), "
            "and this learner needs complete rows",
            port="dataset",
            column=worst,
            hint="Put Clean Missing Data before, or leave out the columns that are mostly empty.",
        )
    if not mask.all():
        warnings.warn(f"{counted(int((~mask).sum()), 'row')} with a missing number left out", stacklevel=3)
    return mask


def _unsuitable(column: str, found: str, *, hint: str | None = None) -> UnsuitableLabel:
    return UnsuitableLabel(
        f"Label column `{column}` {found}", column=column, port="dataset", parameter="label_column", hint=hint
    )


@train_model.schema
def train_model_schema(
    untrained_model: ModelSchema | None, dataset: TableSchema | None, label_column: str
) -> ModelSchema:
    features = tuple(n for n in dataset.with_role_of("feature") if n != label_column) if dataset else None
    return ModelSchema(untrained_model.task if untrained_model else None, label_column, features)

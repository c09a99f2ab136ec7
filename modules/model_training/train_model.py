"""Train Model: fit a learner to a labelled table."""

import warnings
from typing import Annotated, Any

import polars as pl
from sklearn.base import clone
from sklearn.utils import get_tags

from modules.kit import (
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
    FeatureMissing,
    MissingLabel,
    TooManyUniqueValues,
    UnsuitableLabel,
    UnusableTraining,
)
from modules.ml.encoding import is_number, matrix_of, pipeline_of

# Both must be exceeded: the reference stops at columns that are names or ids, not categories.
MOST_UNIQUE_VALUES = 1000
MOST_UNIQUE_SHARE = 0.97


@module()
def train_model(
    untrained_model: SupervisedLearner,
    dataset: Table,
    *,
    label_column: Annotated[Column, Param("The column to predict", port="dataset")],
) -> Annotated[PredictiveModel, Port("trained_model", help="Predicts the label from the features")]:
    """Fit a classification or regression learner.

    Features are all columns but the label, scores and those whose feature flag is cleared. Numbers
    are used as they are; everything else is one-hot encoded, a missing value being a category of
    its own. Rows without a label are dropped, and so are rows with a missing number unless the
    learner copes with them; the log counts them. Categories that were not seen are ignored later.
    """
    schema = dataset.frame.collect_schema()
    features = [name for name in dataset.columns_with("feature") if name != label_column]
    if not features:
        raise FeatureMissing("No feature column is left beside the label", port="dataset")
    numeric = frozenset(name for name in features if is_number(schema[name]))
    rows = dataset.frame.select(*features, label_column).collect()
    label = label_values(rows[label_column], untrained_model)
    usable = label.is_not_null()
    if not usable.any():
        raise MissingLabel(f"Column `{label_column}` has no value to learn from", column=label_column, port="dataset")
    if not usable.all():
        warnings.warn(f"{(~usable).sum()} rows without a label are left out", stacklevel=2)
    rows, label = rows.filter(usable), label.filter(usable)
    rows, label = _complete(rows, label, sorted(numeric, key=features.index), untrained_model.estimator)
    for name in features:
        if name not in numeric:
            _check_levels(rows[name])
    classes = _classes_of(label, untrained_model, label_column)
    pipeline = pipeline_of(features, numeric, clone(untrained_model.estimator))
    pipeline.fit(matrix_of(rows, features, numeric), label.to_numpy())
    return PredictiveModel(
        pipeline=pipeline,
        task=task_of(untrained_model),
        label=label_column,
        features=tuple(features),
        classes=classes,
        kind=untrained_model.kind,
        details={"numeric": sorted(numeric), "rows": rows.height},
    )


def task_of(learner: SupervisedLearner) -> Any:
    """What a learner of this kind predicts."""
    if isinstance(learner, Regressor):
        return "regression"
    return "two_class" if isinstance(learner, TwoClassClassifier) else "multiclass"


def label_values(label: pl.Series, learner: SupervisedLearner) -> pl.Series:
    """Numbers for a regression, else texts or numbers; NaN is a missing label."""
    if label.dtype.is_float():
        label = label.fill_nan(None)
    if isinstance(learner, Regressor):
        if not (label.dtype.is_numeric() or label.dtype == pl.Boolean):
            raise UnsuitableLabel(
                f"Label column `{label.name}` is {label.dtype}, and a regression predicts numbers",
                column=label.name,
                port="dataset",
                parameter="label_column",
                hint="Choose a numeric label or a classification learner.",
            )
        return label.cast(pl.Float64)
    return label.cast(pl.String) if label.dtype in (pl.Categorical, pl.Enum) else label


def _complete(
    rows: pl.DataFrame, label: pl.Series, numeric: list[str], estimator: Any
) -> tuple[pl.DataFrame, pl.Series]:
    if not numeric or get_tags(estimator).input_tags.allow_nan:
        return rows, label
    finite = rows.select(pl.all_horizontal(pl.col(numeric).cast(pl.Float64).is_finite().fill_null(value=False)))
    mask = finite.to_series()
    if not mask.any():
        raise UnusableTraining(
            "Every row has a missing or infinite number, and this learner needs complete rows",
            port="dataset",
            hint="Put Clean Missing Data before, or leave out the columns that are mostly empty.",
        )
    if not mask.all():
        warnings.warn(f"{(~mask).sum()} rows with a missing number are left out", stacklevel=3)
    return rows.filter(mask), label.filter(mask)


def _check_levels(column: pl.Series) -> None:
    unique = column.n_unique()
    if unique > MOST_UNIQUE_VALUES and unique > MOST_UNIQUE_SHARE * len(column):
        raise TooManyUniqueValues(column.name, unique=unique, rows=len(column), port="dataset")


def _classes_of(label: pl.Series, learner: SupervisedLearner, name: str) -> tuple[Any, ...] | None:
    if isinstance(learner, Regressor):
        return None
    classes = tuple(label.unique().sort().to_list())
    expected = 2 if isinstance(learner, TwoClassClassifier) else None
    if len(classes) < 2 or (expected is not None and len(classes) != expected):
        raise UnsuitableLabel(
            f"Label column `{name}` has {len(classes)} different values, and "
            f"{'exactly 2' if expected else 'at least 2'} are expected",
            column=name,
            port="dataset",
            parameter="label_column",
        )
    return classes


@train_model.schema
def train_model_schema(
    untrained_model: ModelSchema | None, dataset: TableSchema | None, label_column: str
) -> ModelSchema:
    features = tuple(n for n in dataset.with_role_of("feature") if n != label_column) if dataset else None
    return ModelSchema(untrained_model.task if untrained_model else None, label_column, features)

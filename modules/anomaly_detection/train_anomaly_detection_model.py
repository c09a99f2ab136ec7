"""Train Anomaly Detection Model: fit an anomaly learner to rows that are mostly normal."""

import warnings
from typing import Annotated

import numpy as np
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from modules.kit import AnomalyDetector, AnomalyModel, ModelSchema, Port, Table, TableSchema, module
from modules.kit.errors import (
    EmptyInput,
    FeatureMissing,
    ModelTypesDiffer,
    TooFewRows,
    TooManyComponents,
    UnusableTraining,
)
from modules.kit.names import counted, listed
from modules.kit.schema import type_name
from modules.ml.encoding import check_finite, encode, fit_encoder, numeric_features, usable_rows


@module()
def train_anomaly_detection_model(
    untrained_model: AnomalyDetector, dataset: Table
) -> Annotated[AnomalyModel, Port("trained_model", help="Tells how unlike the rows of the training a row is")]:
    """Fit an anomaly learner, without a label.

    Features are all columns but scores and those whose feature flag is cleared. Numbers are used as
    they are; everything else is one-hot encoded. Rows with a missing number are left out; the log
    counts them. A column that is marked as the label is refused, so that none is learnt from by
    mistake: leave it out with Select Columns in Dataset, and keep it in the table that is scored.
    """
    if not isinstance(untrained_model, AnomalyDetector):
        raise ModelTypesDiffer(
            f"`untrained_model` holds {getattr(untrained_model, 'kind', '') or type(untrained_model).__name__}, "
            "and a learner that detects anomalies is expected",
            port="untrained_model",
        )
    if labels := dataset.columns_with("label"):
        raise UnusableTraining(
            f"{listed(labels)} of `dataset` is marked as the label, and anomalies are learnt without one",
            port="dataset",
            column=labels[0],
            hint="Leave it out with Select Columns in Dataset.",
        )
    features = dataset.columns_with("feature")
    if not features:
        raise FeatureMissing("No feature column is there to learn from", port="dataset")
    schema = dataset.frame.collect_schema()
    numeric = numeric_features(schema, features, dataset.categorical, port="dataset")
    rows = dataset.frame.select(features).collect()
    if rows.is_empty():
        raise EmptyInput(port="dataset", hint="There is no row to learn from.")
    numbers = [name for name in features if name in numeric]
    check_finite(rows, numbers, port="dataset")
    estimator = clone(untrained_model.estimator)
    usable = usable_rows(rows, numbers, estimator)
    if not usable.any():
        raise UnusableTraining(
            "Every row has a missing number, and this learner needs complete rows",
            port="dataset",
            hint="Put Clean Missing Data before, or leave out the columns that are mostly empty.",
        )
    if not usable.all():
        warnings.warn(f"{counted(int((~usable).sum()), 'row')} with a missing number left out", stacklevel=2)
        rows = rows.filter(usable)
    encoder = fit_encoder(rows, features, numeric, estimator, port="dataset")
    matrix = encode(rows, features, numeric, encoder)
    _check_size(estimator.n_components, matrix.shape, is_encoded=encoder is not None)
    estimator.fit(matrix)
    steps = [("encode", encoder), ("estimator", estimator)] if encoder is not None else [("estimator", estimator)]
    return AnomalyModel(
        pipeline=Pipeline(steps),
        features=tuple(features),
        kind=untrained_model.kind,
        details={
            "parameters": dict(untrained_model.parameters),
            "numeric": numbers,
            "types": {name: type_name(schema[name]) for name in features},
            "rows": rows.height,
            "rows_left_out": int((~usable).sum()),
            "explained_variance_ratio": np.asarray(estimator.projection_.explained_variance_ratio_).tolist(),
            "smallest_error": estimator.nearest_,
            "largest_error": estimator.farthest_,
        },
    )


def _check_size(components: int, shape: tuple[int, int], *, is_encoded: bool) -> None:
    """Raise 0021 and 0081; as many components as columns leave no error by which rows differ."""
    rows, columns = shape
    if components > columns or (is_encoded and components == columns):
        raise TooManyComponents(
            f"The features make {counted(columns, 'column')}, and fewer than these are expected as components; "
            f"the learner asks for {components}",
            port="dataset",
            hint="Lower the number of components to use in PCA.",
        )
    if components > rows:
        raise TooFewRows(port="dataset", required=components, actual=rows)
    if components == columns:
        warnings.warn(
            f"{counted(components, 'component')} explain {counted(columns, 'column')} wholly: no row sticks out",
            stacklevel=3,
        )


@train_anomaly_detection_model.schema
def train_anomaly_detection_model_schema(dataset: TableSchema | None) -> ModelSchema:
    features = tuple(dataset.with_role_of("feature")) if dataset else None
    return ModelSchema("anomaly_detection", None, features)

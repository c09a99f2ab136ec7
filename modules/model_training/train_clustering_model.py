"""Train Clustering Model: fit a clustering learner and assign the rows."""

import warnings
from typing import Annotated, Any, NamedTuple

import polars as pl
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from modules.kit import (
    ALL_COLUMNS,
    Clusterer,
    ClusterModel,
    Columns,
    ModelSchema,
    Param,
    Port,
    Table,
    TableSchema,
    module,
)
from modules.kit.errors import EmptyInput, FeatureMissing, TooFewRows, UnusableTraining
from modules.kit.names import counted
from modules.kit.schema import type_name
from modules.ml.clusters import assigned_schema, assignments_of, filled, with_assignments
from modules.ml.encoding import check_finite, encode, encoded_names, fit_encoder, numeric_features, usable_rows
from modules.ml.scores import ASSIGNMENTS, DISTANCES

SHOWN_FEATURES = 200


class Clustered(NamedTuple):
    """The model, and the rows that it was trained with."""

    trained_model: Annotated[ClusterModel, Port(help="Assigns rows to clusters")]
    results_dataset: Annotated[Table, Port(help="The rows with their cluster and the distance to each centre")]


@module()
def train_clustering_model(
    untrained_model: Clusterer,
    dataset: Table,
    *,
    columns: Annotated[
        Columns, Param("The columns that rows are compared by", title="Column set", initial=ALL_COLUMNS)
    ],
    append_results: Annotated[
        bool, Param("Keep the columns of the table", title="Check for append or uncheck for result only")
    ] = True,
) -> Clustered:
    """Fit a clustering learner.

    Numbers are used as they are, or scaled by the learner; everything else is one-hot encoded. The
    learner says what is done with a column that is marked as the label. Rows with a missing number
    are left out of the training and get no cluster; the log counts them. The results add
    `Assignments`, counted from 0, and `DistancesToClusterCenter no.0` and so on, measured between
    features as the learner scales them.
    """
    mode = untrained_model.parameters.get("assign_label_mode", "ignore_label_column")
    labels = [name for name in columns if dataset.role_of(name) == "label"]
    features = columns if mode == "fill_missing_values" else [name for name in columns if name not in labels]
    if not features:
        raise FeatureMissing("No column is left to compare rows by", port="dataset")
    rows = dataset.frame.collect()
    if rows.is_empty():
        raise EmptyInput(port="dataset", hint="There is no row to learn from.")
    fill = _fill_values(rows, labels) if mode == "fill_missing_values" else {}
    model = fit_clusters(untrained_model, filled(rows, fill), features, dataset.categorical, fill)
    assigned = assignments_of(model, rows)
    if mode == "overwrite_from_closest_to_center":
        dataset = dataset.with_frame(_overwritten(rows, assigned, labels).lazy())
    return Clustered(model, with_assignments(dataset, assigned, append=append_results))


def fit_clusters(
    learner: Clusterer, rows: pl.DataFrame, features: list[str], categorical: frozenset[str], fill: dict[str, Any]
) -> ClusterModel:
    """Fit the learner to the rows without missing numbers; raises 0021, 0033 and 0083."""
    numeric = numeric_features(rows.schema, features, categorical, port="dataset")
    numbers = [name for name in features if name in numeric]
    check_finite(rows, numbers, port="dataset")
    estimator = clone(learner.estimator)
    usable = usable_rows(rows, numbers, estimator)
    if not usable.any():
        raise UnusableTraining(
            "Every row has a missing number, and clustering needs complete rows",
            port="dataset",
            hint="Put Clean Missing Data before, or leave out the columns that are mostly empty.",
        )
    if not usable.all():
        warnings.warn(f"{counted(int((~usable).sum()), 'row')} with a missing number left out", stacklevel=3)
    chosen = rows.filter(usable).select(features)
    clusters = int(learner.parameters["number_of_centroids"])
    if len(chosen) < clusters:
        hint = "Look for fewer groups than there are rows."
        raise TooFewRows(port="dataset", required=clusters, actual=len(chosen), hint=hint)
    encoder = fit_encoder(chosen, features, numeric, estimator, port="dataset")
    matrix = encode(chosen, features, numeric, encoder)
    steps = estimator.steps if isinstance(estimator, Pipeline) else [("kmeans", estimator)]
    for _, scaler in steps[:-1]:
        matrix = scaler.fit_transform(matrix)
    means = steps[-1][1]
    if learner.parameters["initialization"] == "default":
        means.set_params(init=matrix[:clusters])
    means.fit(matrix)
    if encoder is not None:
        steps = [("encode", encoder), *steps]
    names = encoded_names(features, numeric, encoder)[:SHOWN_FEATURES]
    return ClusterModel(
        pipeline=Pipeline(steps),
        features=tuple(features),
        cluster_count=clusters,
        kind=learner.kind,
        details={
            "parameters": dict(learner.parameters),
            "numeric": numbers,
            "types": {name: type_name(rows[name].dtype) for name in features},
            "fill": fill,
            "rows": len(chosen),
            "rows_left_out": len(rows) - len(chosen),
            "iterations": int(means.n_iter_),
            "inertia": float(means.inertia_),
            "centers": [dict(zip(names, center.tolist(), strict=False)) for center in means.cluster_centers_],
        },
    )


def _fill_values(rows: pl.DataFrame, labels: list[str]) -> dict[str, Any]:
    """The mean of numbers, else the most frequent value; a column without any value is not filled."""
    values = {}
    for name in labels:
        column = rows[name].fill_nan(None) if rows.schema[name].is_float() else rows[name]
        values[name] = column.mean() if column.dtype.is_numeric() else column.drop_nulls().mode().sort().first()
    return {name: value for name, value in values.items() if value is not None}


def _overwritten(rows: pl.DataFrame, assigned: pl.DataFrame, labels: list[str]) -> pl.DataFrame:
    """Each label becomes that of the row nearest to the centre of its cluster."""
    distance = pl.concat_list(pl.col(f"^{DISTANCES}.*$")).list.min()
    nearest = (
        assigned.with_row_index("\0row")
        .drop_nulls()
        .group_by(ASSIGNMENTS)
        .agg(pl.col("\0row").sort_by(distance, maintain_order=True).first())
    )
    sources = assigned.select(ASSIGNMENTS).join(nearest, on=ASSIGNMENTS, how="left", maintain_order="left")["\0row"]
    return rows.with_columns(rows[name].gather(sources).alias(name) for name in labels)


@train_clustering_model.schema
def train_clustering_model_schema(
    untrained_model: ModelSchema | None, dataset: TableSchema | None, columns: list[str], append_results: bool
) -> tuple[ModelSchema, TableSchema | None]:
    classes = untrained_model.classes if untrained_model else None
    clusters = len(classes) if classes else None
    model = ModelSchema("clustering", None, tuple(columns), classes)
    return model, assigned_schema(dataset, clusters, append=append_results)

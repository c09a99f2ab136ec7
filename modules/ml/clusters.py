"""Assign rows to the clusters of a fitted model."""

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from modules.kit import ClusterModel, ColumnSchema, Table, TableSchema
from modules.kit.names import counted
from modules.ml.encoding import conformed, encode, usable_rows
from modules.ml.scores import ASSIGNMENTS, DISTANCES


def assignments_of(model: ClusterModel, rows: pl.DataFrame) -> pl.DataFrame:
    """The nearest cluster of each row and the distance to each centre; null where a number is missing."""
    features, numeric = model.features, frozenset(model.details["numeric"])
    frame = filled(rows, model.details.get("fill", {}))
    frame = conformed(frame, features, numeric, model.details["types"], port="dataset")
    usable = usable_rows(frame, [name for name in features if name in numeric], model.pipeline[-1])
    if not usable.all():
        warnings.warn(f"{counted(int((~usable).sum()), 'row')} with a missing number left unassigned", stacklevel=3)
        frame = frame.filter(usable)
    matrix = encode(frame, features, numeric, model.pipeline.named_steps.get("encode"))
    distances = np.full((len(rows), model.cluster_count), np.nan)
    if len(frame):
        for name, step in model.pipeline.steps:
            matrix = step.transform(matrix) if name != "encode" else matrix
        distances[usable] = matrix
    nearest = np.argmin(np.nan_to_num(distances), axis=1)
    columns = {f"{DISTANCES}{index}": distances[:, index] for index in range(model.cluster_count)}
    found = pl.DataFrame({ASSIGNMENTS: nearest.astype(np.int64), **columns})
    return found if usable.all() else found.with_columns(pl.when(pl.Series(usable)).then(pl.all()))


def with_assignments(table: Table, assignments: pl.DataFrame, *, append: bool) -> Table:
    """The assignments after the columns of the table, or alone."""
    if not append:
        return Table(assignments.lazy(), {name: assignment_role(name) for name in assignments.columns})
    rows = table.frame.collect()
    kept = rows.drop(name for name in assignments.columns if name in rows.columns)
    roles = {name: role for name, role in table.roles.items() if name in kept.columns}
    roles |= {name: assignment_role(name) for name in assignments.columns}
    assigned = kept.hstack(assignments) if kept.columns else assignments
    return Table(assigned.lazy(), roles, table.categorical & frozenset(kept.columns))


def assignment_role(name: str) -> str:
    """The role of a column that assigning adds."""
    return "assignments" if name == ASSIGNMENTS else "distances"


def assigned_schema(dataset: TableSchema | None, clusters: int | None, *, append: bool) -> TableSchema | None:
    """The columns that assigning gives, where the number of clusters is known."""
    if clusters is None or (append and dataset is None):
        return None
    names = [ASSIGNMENTS, *(f"{DISTANCES}{index}" for index in range(clusters))]
    added = [ColumnSchema(name, "Int64" if name == ASSIGNMENTS else "Float64", assignment_role(name)) for name in names]
    if not append or dataset is None:
        return TableSchema(tuple(added))
    return dataset.drop(names).with_columns(*added)


def filled(rows: pl.DataFrame, values: Mapping[str, Any]) -> pl.DataFrame:
    """Put the given value in each gap of its column."""
    schema = rows.schema
    return rows.with_columns(
        (pl.col(name).fill_nan(None) if schema[name].is_float() else pl.col(name)).fill_null(value)
        for name, value in values.items()
        if name in schema
    )

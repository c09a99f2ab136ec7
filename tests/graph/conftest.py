"""A small catalog: enough kinds of ports and parameters to build every graph that matters."""

from typing import Annotated, Literal, NamedTuple

import polars as pl
import pytest

from designer.graph.graph import DatasetEntry
from modules.kit import (
    ALL_COLUMNS,
    Catalog,
    Column,
    Columns,
    ColumnSchema,
    Definition,
    Learner,
    Model,
    ModelSchema,
    Param,
    Port,
    Regressor,
    Seed,
    TableSchema,
    module,
)


@module()
def keep_columns(
    dataset: pl.LazyFrame, *, columns: Annotated[Columns, Param("Which", initial=ALL_COLUMNS)]
) -> Annotated[pl.LazyFrame, Port("results_dataset")]:
    """Keep the chosen columns."""
    return dataset.select(columns)


class Halves(NamedTuple):
    """Both parts."""

    left: pl.LazyFrame
    right: pl.LazyFrame


@module()
def halve(
    dataset: pl.LazyFrame,
    *,
    mode: Annotated[Literal["share", "head"], Param("How")] = "share",
    share: Annotated[float, Param("How much", ge=0, le=1, when={"mode": "share"})] = 0.5,
    seed: Annotated[Seed | None, Param("Same seed, same halves")] = None,
) -> Halves:
    """Divide the rows."""
    return Halves(dataset.head(1), dataset.slice(1))


@module()
def line() -> Annotated[Regressor, Port("untrained_model")]:
    """Fit a line."""
    return Regressor(estimator=None)


@line.schema
def line_schema() -> ModelSchema:
    return ModelSchema("regression")


@module()
def fit(
    untrained_model: Learner, dataset: pl.DataFrame, *, label: Annotated[Column, Param("What to predict")]
) -> Annotated[Model, Port("trained_model")]:
    """Fit a learner."""
    raise AssertionError("nothing runs here")


@fit.schema
def fit_schema(untrained_model: ModelSchema | None, dataset: TableSchema | None, label: str) -> ModelSchema | None:
    return ModelSchema(untrained_model.task if untrained_model else None, label)


@module()
def stack(tables: list[pl.LazyFrame]) -> Annotated[pl.LazyFrame, Port("results_dataset")]:
    """Append tables."""
    return pl.concat(tables)


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return Catalog([Definition.of(item) for item in (keep_columns, halve, line, fit, stack)])


@pytest.fixture(scope="session")
def datasets() -> dict[str, DatasetEntry]:
    schema = TableSchema((ColumnSchema("make", "String"), ColumnSchema("price", "Float64")))
    return {"cars": DatasetEntry("cars", 1, "d" * 64, schema)}

"""Normalize Data: bring numbers to a common scale."""

from typing import Annotated, NamedTuple

import polars as pl

from modules.kit import Columns, ColumnSchema, Learns, Param, Port, Table, TableSchema, Transform, module
from modules.kit.errors import TooFewRows, WrongColumnType
from modules.ml.columns import family_of
from modules.ml.scaling import LEARNT, Method, fit_scaling, scale


class Normalized(NamedTuple):
    """The rescaled table, and what was learnt to rescale others alike."""

    transformed_dataset: Annotated[Table, Port(help="The table on the new scale")]
    transformation_function: Annotated[Transform, Port(help="Rescales another table with the same figures")]


@module(learns=Learns(when={"transformation_method": LEARNT}))
def normalize_data(
    dataset: Table,
    *,
    transformation_method: Annotated[
        Method,
        Param("How numbers are rescaled", titles={"z_score": "ZScore", "min_max": "MinMax", "log_normal": "LogNormal"}),
    ] = "z_score",
    use_zero_for_constant_columns: Annotated[
        bool,
        Param(
            "A column with one value becomes 0; off makes it missing (NaN)",
            title="Use 0 for constant columns when checked",
            when={"transformation_method": LEARNT},
        ),
    ] = True,
    columns: Annotated[
        Columns,
        Param(
            "The columns to rescale, all of them numbers",
            title="Columns to transform",
            initial={"base": "none", "rules": [{"op": "include", "by": "types", "values": ["numeric"]}]},
        ),
    ],
) -> Normalized:
    """Rescale columns of numbers in place.

    - ZScore: (x - mean) / standard deviation, that of the whole population
    - MinMax: (x - least) / (most - least), from 0 to 1
    - Logistic: 1 / (1 + e^-x)
    - LogNormal: the share of a log-normal distribution below x, with the mean and deviation of the logarithms; what is
      not above 0 becomes 0
    - Tanh: the hyperbolic tangent of x

    Missing values stay missing and count for nothing. All numeric columns are chosen at first, with numeric labels and
    ids among them. The transformation keeps the figures of this table: use Apply Transformation to rescale test data.
    """
    schema = dataset.frame.collect_schema()
    for name in columns:
        if not (schema[name].is_numeric() or schema[name] == pl.Null):
            raise WrongColumnType(
                name, found=family_of(schema[name]), expected="a number", port="dataset", parameter="columns"
            )
    if transformation_method in LEARNT and dataset.frame.head(1).collect().is_empty():
        raise TooFewRows(port="dataset", required=1, actual=0)
    state = fit_scaling(dataset.frame, columns, transformation_method, zero_for_constant=use_zero_for_constant_columns)
    return Normalized(scale(dataset, state), Transform("normalize_data", scale, state))


@normalize_data.schema
def normalize_data_schema(dataset: TableSchema | None, columns: list[str]) -> tuple[TableSchema | None, None]:
    if dataset is None:
        return None, None
    chosen = [dataset[name] for name in columns]
    return dataset.with_columns(*(ColumnSchema(c.name, "Float64", c.role, c.categorical) for c in chosen)), None

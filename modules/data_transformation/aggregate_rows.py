"""Aggregate Rows: one row for each group, with figures of its rows."""

from typing import Annotated

import polars as pl

from modules.kit import NO_COLUMNS, Columns, Param, Port, Table, module
from modules.kit.errors import NoColumnSelected
from modules.ml.checks import check_plain
from modules.ml.columns import free_name, present
from modules.ml.figures import figure_of


@module()
def aggregate_rows(
    dataset: Table,
    *,
    group_columns: Annotated[
        Columns,
        Param(
            "Rows with equal values in these make a group; none makes one group of all rows",
            title="Group by",
            initial=NO_COLUMNS,
            optional=True,
        ),
    ],
    columns: Annotated[
        Columns,
        Param(
            "The columns that figures are made of",
            title="Columns to aggregate",
            initial={"base": "none", "rules": [{"op": "include", "by": "types", "values": ["numeric"]}]},
            optional=True,
        ),
    ],
    count_rows: Annotated[bool, Param("The number of rows, as `Rows`")] = True,
    sum: Annotated[bool, Param("The sum of the values")] = False,  # noqa: A002  the name of the figure
    mean: Annotated[bool, Param("Their mean")] = True,
    median: Annotated[bool, Param("Their median")] = False,
    minimum: Annotated[bool, Param("The least value")] = False,
    maximum: Annotated[bool, Param("The greatest value")] = False,
    standard_deviation: Annotated[bool, Param("The standard deviation of a sample")] = False,
    variance: Annotated[bool, Param("The variance of a sample")] = False,
    first: Annotated[bool, Param("The first value that is not missing")] = False,
    last: Annotated[bool, Param("The last value that is not missing")] = False,
    present_values: Annotated[bool, Param("How many values are not missing")] = False,
    missing_values: Annotated[bool, Param("How many values are missing")] = False,
    distinct_values: Annotated[bool, Param("How many different values there are")] = False,
) -> Annotated[Table, Port("results_dataset", help="One row for each group, in the order in which they first come")]:
    """Make one row of each group of rows.

    New columns are called `<column>_<figure>`, as in `price_mean`. Missing values, NaN among them, make a group of
    their own and count for no figure; a figure of no values is missing, but a sum of none is 0. Sum, mean, median,
    deviation and variance take numbers, and true and false as 1 and 0; least and greatest take all that has an order.
    """
    chosen = {
        "sum": sum,
        "mean": mean,
        "median": median,
        "minimum": minimum,
        "maximum": maximum,
        "standard_deviation": standard_deviation,
        "variance": variance,
        "first": first,
        "last": last,
        "present": present_values,
        "missing": missing_values,
        "distinct": distinct_values,
    }
    figures = [name for name, is_wanted in chosen.items() if is_wanted]
    if not count_rows and not (figures and columns):
        raise NoColumnSelected(parameter="columns", port="dataset")
    schema = dataset.frame.collect_schema()
    check_plain(schema, group_columns, parameter="group_columns")
    made: list[pl.Expr] = []
    taken = set(group_columns)
    if count_rows:
        made.append(pl.len().cast(pl.Int64).alias(free_name("Rows", taken, "")))
        taken.add(made[0].meta.output_name())
    for name in dict.fromkeys(columns):
        for figure in figures:
            label = free_name(f"{name}_{figure}", taken, "")
            taken.add(label)
            made.append(figure_of(name, schema[name], figure, parameter="columns").alias(label))
    keys = [present(name, schema[name]) for name in dict.fromkeys(group_columns)]
    grouped = dataset.frame.group_by(keys, maintain_order=True).agg(made) if keys else dataset.frame.select(made)
    kept = set(group_columns)
    roles = {name: role for name, role in dataset.roles.items() if name in kept}
    return Table(grouped, roles, dataset.categorical & kept)

"""Unpivot Data: turn columns into rows."""

from typing import Annotated

import polars as pl

from modules.kit import Columns, Param, Port, module
from modules.kit.errors import DuplicateColumn, EmptyInput, MixedColumnTypes
from modules.ml.columns import family_of, is_text, without


@module()
def unpivot_data(
    dataset: pl.LazyFrame,
    *,
    columns: Annotated[Columns, Param("Each of them makes a row of each row", title="Columns that become rows")],
    name_of_the_names: Annotated[str, Param("What the column of their names is called")] = "Column",
    name_of_the_values: Annotated[str, Param("What the column of their values is called")] = "Value",
    leave_out_missing_values: Annotated[bool, Param("Make no row of a value that is missing")] = False,
) -> Annotated[pl.LazyFrame, Port("results_dataset", help="The other columns, and one row for each value")]:
    """Turn columns into rows: one row for each value, with the name of its column.

    The other columns are repeated. All rows of the first column come first. The columns hold values of one kind; whole
    numbers beside others become numbers with a decimal point.
    """
    schema = dataset.collect_schema()
    chosen = list(dict.fromkeys(columns))
    kept = without(schema, chosen)
    labels = {"name_of_the_names": name_of_the_names, "name_of_the_values": name_of_the_values}
    for parameter, name in labels.items():
        if not name.strip():
            raise EmptyInput(parameter=parameter, hint="Write a name.")
        if name in kept or (parameter == "name_of_the_values" and name == name_of_the_names):
            raise DuplicateColumn(name, port="dataset", parameter=parameter)
    families = {name: family_of(schema[name]) for name in chosen}
    first = next((name for name in chosen if families[name] != "empty"), chosen[0])
    for name in chosen:
        if families[name] not in (families[first], "empty"):
            raise MixedColumnTypes(
                f"Column `{first}` is {families[first]} and column `{name}` is {families[name]}",
                column=name,
                port="dataset",
                parameter="columns",
                hint="Convert one of them with Edit Metadata, or leave it out.",
            )
    parts = [
        dataset.select(
            *kept,
            pl.lit(name).alias(name_of_the_names),
            (pl.col(name).cast(pl.String) if is_text(schema[name]) else pl.col(name)).alias(name_of_the_values),
        )
        for name in chosen
    ]
    rows = pl.concat(parts, how="vertical_relaxed")
    return rows.filter(pl.col(name_of_the_values).is_not_null()) if leave_out_missing_values else rows

"""Pivot Data: turn the values of a column into columns."""

from typing import Annotated, Any, Literal

import polars as pl

from modules.kit import NO_COLUMNS, Column, Columns, Param, Port, Table, TableSchema, module
from modules.kit.errors import EqualColumnNames, TooManyColumns
from modules.kit.names import counted
from modules.ml.checks import check_plain
from modules.ml.columns import free_name, is_text, present
from modules.ml.figures import figure_of

MOST_COLUMNS = 10_000
MISSING = "Missing"


@module()
def pivot_data(
    dataset: Table,
    *,
    row_columns: Annotated[
        Columns,
        Param(
            "Each combination of their values makes a row; none makes one row",
            title="Columns that make rows",
            initial=NO_COLUMNS,
            optional=True,
        ),
    ],
    pivot_column: Annotated[Column, Param("Each of its values makes a column", title="Column that makes columns")],
    value_columns: Annotated[Columns, Param("What stands in the cells", title="Columns of values")],
    figure: Annotated[
        Literal["first", "last", "sum", "mean", "median", "minimum", "maximum", "present"],
        Param("What a cell shows of several values", titles={"present": "Number of values"}),
    ] = "first",
) -> Annotated[Table, Port("results_dataset", help="One row for each combination, one column for each value")]:
    """Turn the values of a column into columns.

    New columns are called after the values, in their order, or `<column>_<value>` where there are several columns of
    values; a missing one is called `Missing`. Rows come in the order in which they are first met. A cell without a
    value is missing, or 0 where values are counted.
    """
    schema = dataset.frame.collect_schema()
    check_plain(schema, row_columns, parameter="row_columns")
    check_plain(schema, [pivot_column], parameter="pivot_column")
    rows, values = list(dict.fromkeys(row_columns)), list(dict.fromkeys(value_columns))
    if pivot_column in rows:
        raise EqualColumnNames(
            f"Column `{pivot_column}` is to make rows and columns", parameter="row_columns", column=pivot_column
        )
    keys = [f"row {place}" for place in range(len(rows))]
    level = present(pivot_column, schema[pivot_column])
    groups = [present(name, schema[name]).alias(key) for name, key in zip(rows, keys, strict=True)]
    figures = [
        figure_of(name, schema[name], figure, parameter="value_columns").alias(f"value {place}")
        for place, name in enumerate(values)
    ]
    if is_text(schema[pivot_column]) and schema[pivot_column] != pl.Enum:
        level = level.cast(pl.String)
    cells = dataset.frame.group_by([*groups, level.alias("level")], maintain_order=True).agg(figures).collect()
    levels = cells["level"].unique().sort(nulls_last=True)
    if len(levels) * len(values) > MOST_COLUMNS:
        raise TooManyColumns(
            f"Column `{pivot_column}` has {counted(len(levels), 'value')}, for more than {MOST_COLUMNS} columns in all",
            column=pivot_column,
            port="dataset",
            parameter="pivot_column",
            hint="Filter the rows, or group the values before.",
        )
    made = dict(zip(rows, cells.select(keys).unique(maintain_order=True), strict=True))
    places = _places(cells, keys, levels)
    for place, name in enumerate(values):
        wide = _wide(places.with_columns(cells[f"value {place}"].alias("value")), len(levels))
        for number, text in enumerate(map(_text, levels)):
            label = free_name(text if len(values) == 1 else f"{name}_{text}", made, "")
            made[label] = wide[str(number)].fill_null(0) if figure == "present" else wide[str(number)]
    kept = set(rows)
    roles = {name: role for name, role in dataset.roles.items() if name in kept}
    return Table(pl.LazyFrame(made), roles, dataset.categorical & kept)


def _places(cells: pl.DataFrame, keys: list[str], levels: pl.Series) -> pl.DataFrame:
    """The row and the level of each cell, as numbers."""
    level = (cells["level"].rank("dense").cast(pl.Int64) - 1).fill_null(len(levels) - 1).alias("level")
    if not keys:
        return pl.DataFrame([level.alias("row") * 0, level])
    rows = cells.select(keys).unique(maintain_order=True).with_row_index("row")
    return (
        cells.select(keys).join(rows, on=keys, how="left", nulls_equal=True, maintain_order="left").select("row", level)
    )


def _wide(cells: pl.DataFrame, levels: int) -> pl.DataFrame:
    """One row for each row of cells, one column for each level, called by its number."""
    return (
        cells.lazy()
        .pivot(
            "level",
            on_columns=range(levels),
            index="row",
            values="value",
            aggregate_function="first",
            maintain_order=True,
        )
        .collect()
    )


def _text(level: Any) -> str:
    if level is None:
        return MISSING
    return str(level).lower() if isinstance(level, bool) else str(level)


@pivot_data.schema
def pivot_data_schema() -> TableSchema | None:
    """Which columns are made depends on the values."""
    return None

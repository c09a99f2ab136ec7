"""Sort Rows: put the rows of a table in order."""

from typing import Annotated, Literal

import polars as pl

from modules.kit import NO_COLUMNS, Columns, Param, Port, module
from modules.kit.errors import InvalidDataset
from modules.ml.checks import check_plain
from modules.ml.columns import is_text, present, without


@module()
def sort_rows(
    dataset: pl.LazyFrame,
    *,
    columns: Annotated[
        Columns,
        Param(
            "What rows are sorted by, the most important first",
            title="Columns to sort by",
            initial={"base": "none", "ordered": True, "rules": []},
        ),
    ],
    descending_columns: Annotated[
        Columns,
        Param(
            "Those of them that go from the greatest value to the least",
            title="Of these, descending",
            initial=NO_COLUMNS,
            optional=True,
        ),
    ],
    missing_values: Annotated[
        Literal["last", "first"], Param("Where rows with a missing value go, whatever the direction")
    ] = "last",
) -> Annotated[pl.LazyFrame, Port("results_dataset", help="The same rows in order")]:
    """Put the rows of a table in order.

    Rows that are equal in all of the columns keep their order. Text goes by its letters, capitals first; stored
    categories with an order of their own go by that; false comes before true. NaN counts as missing.
    """
    schema = dataset.collect_schema()
    check_plain(schema, columns, parameter="columns")
    others = without(descending_columns, columns)
    if others:
        raise InvalidDataset(
            f"Column `{others[0]}` is to go down, and rows are not sorted by it",
            column=others[0],
            port="dataset",
            parameter="descending_columns",
            hint="Add it to the columns to sort by.",
        )
    keys = [
        present(name, schema[name]).cast(pl.String)
        if is_text(schema[name]) and schema[name] != pl.Enum
        else present(name, schema[name])
        for name in columns
    ]
    downwards = [name in descending_columns for name in columns]
    return dataset.sort(keys, descending=downwards, nulls_last=missing_values == "last", maintain_order=True)

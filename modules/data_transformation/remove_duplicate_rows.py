"""Remove Duplicate Rows: keep one row of those that agree in their key columns."""

from typing import Annotated

import polars as pl

from modules.kit import ALL_COLUMNS, Columns, Param, Port, module
from modules.ml.columns import is_missing


@module()
def remove_duplicate_rows(
    dataset: pl.LazyFrame,
    *,
    columns: Annotated[
        Columns,
        Param(
            "Rows that agree in all of these columns are duplicates",
            title="Key column selection filter expression",
            initial=ALL_COLUMNS,
        ),
    ],
    retain_first_duplicate_row: Annotated[
        bool, Param("Keep the first of the rows that agree; off keeps the last")
    ] = True,
) -> Annotated[pl.LazyFrame, Port("results_dataset", help="The rows without their duplicates, in the same order")]:
    """Keep one row of those that agree in all key columns.

    A row whose key has a missing value is never a duplicate: it always stays. Rows keep their order.
    """
    if not columns:
        return dataset
    schema = dataset.collect_schema()
    key = pl.col(columns[0]) if len(columns) == 1 else pl.struct(columns)
    chosen = key.is_first_distinct() if retain_first_duplicate_row else key.is_last_distinct()
    return dataset.filter(chosen | pl.any_horizontal([is_missing(name, schema[name]) for name in columns]))

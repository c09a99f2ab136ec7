"""Select Columns in Dataset: keep some columns of a table."""

from typing import Annotated

import polars as pl

from modules.kit import Columns, Param, Port, module
from modules.kit.errors import DuplicateColumn


@module()
def select_columns_in_dataset(
    dataset: pl.LazyFrame,
    *,
    columns: Annotated[Columns, Param("The columns to keep", title="Select columns")],
) -> Annotated[pl.LazyFrame, Port("results_dataset", help="The selected columns")]:
    """Keep the selected columns of a table.

    The columns keep the order of the table, unless the selection says that its own order counts.
    """
    if len(set(columns)) < len(columns):
        repeated = next(name for index, name in enumerate(columns) if name in columns[:index])
        raise DuplicateColumn(repeated, port="dataset", parameter="columns")
    return dataset.select(columns)

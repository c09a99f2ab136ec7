"""Add Columns: put two tables side by side."""

from typing import Annotated

import polars as pl

from modules.kit import Port, Table, module
from modules.ml.columns import free_name, renamed, without


@module()
def add_columns(
    left_dataset: Annotated[Table, Port(help="Its columns come first")],
    right_dataset: Annotated[Table, Port(help="Its columns come last")],
) -> Annotated[Table, Port("combined_dataset", help="The columns of both")]:
    """Put all columns of the right table beside those of the left one.

    Where one table has fewer rows, its columns end in missing values. A name that both have gets `_1` on the left and
    `_2` on the right.
    """
    if not left_dataset.names or not right_dataset.names:
        return left_dataset if left_dataset.names else right_dataset
    both = set(left_dataset.names) & set(right_dataset.names)
    left = _with_suffix(left_dataset, both, right_dataset.names, "_1")
    right = _with_suffix(right_dataset, both, left.names, "_2")
    return Table(
        pl.concat([left.frame, right.frame], how="horizontal_extend"),
        {**left.roles, **right.roles},
        left.categorical | right.categorical,
    )


def _with_suffix(table: Table, names: set[str], taken_beside: list[str], suffix: str) -> Table:
    taken = {*without(table.names, names), *taken_beside}
    new = {}
    for name in table.names:
        if name in names:
            new[name] = free_name(name, taken, suffix)
            taken.add(new[name])
    return renamed(table, new)

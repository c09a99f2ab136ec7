"""Select Columns Transform: remember which columns a table has."""

from collections.abc import Mapping
from typing import Annotated, Any

from modules.kit import Port, Table, Transform, module
from modules.kit.errors import ColumnNotFound
from modules.ml.checks import check_has_columns


@module(learns=False)
def select_columns_transform(
    dataset_with_desired_columns: Annotated[Table, Port(help="A table with the columns to keep, and no others")],
) -> Annotated[Transform, Port("columns_selection_transformation", help="Keeps these columns of another table")]:
    """Remember the columns of a table, to keep the same ones of other tables.

    It goes with feature selection: select on training data, and let Apply Transformation take the same columns of test
    data and of what is to be scored. Columns come out in the order of the first table, whatever their order in the
    other. A label that the other table lacks, as rows to be scored do, is passed over; any other column must be there.
    """
    table = dataset_with_desired_columns
    check_has_columns(table.frame.collect_schema(), port="dataset_with_desired_columns")
    state = {"columns": table.names, "labels": table.columns_with("label")}
    return Transform("select_columns_transform", keep_columns, state)


def keep_columns(table: Table, state: Mapping[str, Any]) -> Table:
    """Keep the columns of `state`; raises 0001."""
    there = table.frame.collect_schema()
    kept = [name for name in state["columns"] if name in there]
    for name in state["columns"]:
        if name not in there and name not in state["labels"]:
            raise ColumnNotFound(name, port="dataset", available=there.names())
    return table.with_frame(table.frame.select(kept))

"""Apply Transformation: replay on a table what was fitted on another."""

from typing import Annotated

from modules.kit import Port, Table, TableSchema, Transform, module


@module()
def apply_transformation(
    transformation: Annotated[Transform, Port(help="What was fitted, such as the right output of Normalize Data")],
    dataset: Annotated[Table, Port(help="The table to change; it has the columns of the other")],
) -> Annotated[Table, Port("transformed_dataset", help="The changed table")]:
    """Change a table as another one was changed, with the figures of that one.

    Nothing is learnt anew: a mean is the mean of the table that the transformation was fitted on. Columns that the
    transformation does not touch pass through.
    """
    return transformation.apply(dataset)


@apply_transformation.schema
def apply_transformation_schema() -> TableSchema | None:
    """What a transformation does to the columns is known once it is fitted."""
    return None

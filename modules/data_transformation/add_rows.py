"""Add Rows: append one table to another."""

from typing import Annotated

import polars as pl

from modules.kit import Port, Table, module
from modules.kit.errors import DifferentColumnCounts, NamesDiffer, TypesDiffer
from modules.ml.columns import family_of


@module()
def add_rows(
    dataset1: Annotated[Table, Port(help="Its rows come first")],
    dataset2: Annotated[Table, Port(help="Its rows come last; the same columns as in the other table")],
) -> Annotated[Table, Port("results_dataset", help="The rows of both")]:
    """Append the rows of the second table to those of the first.

    Both have the same columns in the same order. Whole numbers beside others become numbers with a decimal point. No
    row is dropped, even if both have it. Roles and categories are those of the first table.
    """
    top, bottom = dataset1.frame.collect_schema(), dataset2.frame.collect_schema()
    if len(top) != len(bottom):
        raise DifferentColumnCounts(left=len(top), right=len(bottom), port="dataset2")
    for index, (left, right) in enumerate(zip(top, bottom, strict=True)):
        if left != right:
            raise NamesDiffer(index=index, left=left, right=right, port="dataset2")
        found, expected = family_of(bottom[left]), family_of(top[left])
        if found != expected and "empty" not in (found, expected):
            raise TypesDiffer(left, found=found, expected=expected, port="dataset2")
    frames = [_plain(dataset1.frame, top), _plain(dataset2.frame, bottom)]
    return dataset1.with_frame(pl.concat(frames, how="vertical_relaxed"))


def _plain(frame: pl.LazyFrame, schema: pl.Schema) -> pl.LazyFrame:
    """Text as text: two sets of categories do not go together."""
    return frame.with_columns(
        pl.col(name).cast(pl.String) for name, dtype in schema.items() if dtype in (pl.Categorical, pl.Enum)
    )

"""Convert to Dataset: mark values as missing, or replace values."""

from typing import Annotated, Any, Literal

import polars as pl

from modules.kit import Context, Param, Port, Table, module
from modules.kit.names import listed
from modules.ml.checks import check_has_columns
from modules.ml.columns import is_missing
from modules.ml.values import value_of

REPLACES = {"action": "replace_values"}


@module()
def convert_to_dataset(
    dataset: Table,
    *,
    action: Annotated[
        Literal["none", "set_missing_values", "replace_values"],
        Param(
            "What is done to the values",
            titles={"set_missing_values": "SetMissingValues", "replace_values": "ReplaceValues"},
        ),
    ] = "none",
    custom_missing_value: Annotated[
        str, Param("Values that equal this become missing", when={"action": "set_missing_values"})
    ] = "?",
    replace: Annotated[
        Literal["missing", "custom"],
        Param("Whether missing values or those that equal one are replaced", when=REPLACES),
    ] = "missing",
    custom_value: Annotated[
        str, Param("Values that equal this are replaced", when={**REPLACES, "replace": "custom"})
    ] = "obs",
    new_value: Annotated[str, Param("What stands in for them", when=REPLACES)] = "0",
    context: Context,
) -> Annotated[Table, Port("results_dataset", help="The table with the changed values")]:
    """Mark a token as missing, or replace missing or given values, in every column.

    Only whole values count: `obs` leaves `obsolete` alone, and 3 leaves 35 alone. In a column of numbers the texts are
    read as numbers, so that 3 means 3.0. A column keeps its type: one that cannot hold the new value is left as it is,
    and the log names it.
    """
    schema = dataset.frame.collect_schema()
    check_has_columns(schema, port="dataset")
    if action == "none":
        return dataset
    sought = custom_missing_value if action == "set_missing_values" else custom_value
    finds_missing = action == "replace_values" and replace == "missing"
    changed: list[pl.Expr] = []
    skipped: list[str] = []
    for name, dtype in schema.items():
        is_hit = is_missing(name, dtype) if finds_missing else _equals(name, dtype, sought)
        if is_hit is None:
            continue
        try:
            new = None if action == "set_missing_values" else value_of(new_value, dtype)
        except ValueError:
            skipped.append(name)
            continue
        changed.append(_replaced(name, dtype, is_hit, new))
    if skipped:
        context.log(
            f"`{new_value}` does not fit the type of these columns, which are left as they are: {listed(skipped)}"
        )
    return dataset.with_frame(dataset.frame.with_columns(changed))


def _equals(name: str, dtype: pl.DataType, text: str) -> pl.Expr | None:
    """Whether values equal the text read in their type; None where none can."""
    if dtype == pl.Boolean and text.strip() in ("0", "1"):  # those stand for numbers here
        return None
    try:
        value = value_of(text, dtype)
    except ValueError:
        return None
    column = pl.col(name).cast(pl.String) if dtype in (pl.Categorical, pl.Enum) else pl.col(name)
    return column == pl.lit(value, dtype=pl.String if dtype in (pl.Categorical, pl.Enum) else dtype)


def _replaced(name: str, dtype: pl.DataType, is_hit: pl.Expr, new: Any) -> pl.Expr:
    column = pl.col(name)
    if dtype in (pl.Categorical, pl.Enum):
        return (
            pl.when(~is_hit.fill_null(value=False))
            .then(column.cast(pl.String))
            .otherwise(pl.lit(new))
            .cast(dtype)
            .alias(name)
        )
    return pl.when(~is_hit.fill_null(value=False)).then(column).otherwise(pl.lit(new, dtype=dtype)).alias(name)

"""Clean Missing Data: replace or remove missing values."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

import polars as pl

from modules.kit import Columns, ColumnSchema, Param, Port, Table, TableSchema, Transform, module
from modules.kit.errors import NotConvertible, OutOfRange, WrongColumnType
from modules.kit.params import ALL_COLUMNS

CleaningMode = Literal[
    "custom_substitution_value",
    "replace_with_mean",
    "replace_with_median",
    "replace_with_mode",
    "remove_entire_row",
    "remove_entire_column",
]

STATISTICS = ("replace_with_mean", "replace_with_median", "replace_with_mode")
REPLACEMENTS = ("custom_substitution_value", *STATISTICS)


class Cleaned(NamedTuple):
    """The cleaned table, and what was learnt to clean others alike."""

    cleaned_dataset: Annotated[Table, Port(help="The table without the missing values")]
    cleaning_transformation: Annotated[Transform, Port(help="Replays the cleaning on another table")]


@module()
def clean_missing_data(
    dataset: Table,
    *,
    columns: Annotated[Columns, Param("The columns to clean", title="Columns to be cleaned", initial=ALL_COLUMNS)],
    minimum_missing_value_ratio: Annotated[
        float, Param("Columns with a smaller share of missing values are left alone", ge=0, le=1)
    ] = 0.0,
    maximum_missing_value_ratio: Annotated[
        float, Param("Columns with a larger share of missing values are left alone", ge=0, le=1)
    ] = 1.0,
    cleaning_mode: Annotated[CleaningMode, Param("What to do with missing values")] = "custom_substitution_value",
    replacement_value: Annotated[
        str, Param("Stands in for missing values", when={"cleaning_mode": "custom_substitution_value"})
    ] = "0",
    generate_missing_value_indicator_column: Annotated[
        bool, Param("Add a column that is true where a value was missing", when={"cleaning_mode": REPLACEMENTS})
    ] = False,
    cols_with_all_missing_values: Annotated[
        Literal["propagate", "remove"],
        Param("What happens to columns without any value", when={"cleaning_mode": STATISTICS}),
    ] = "remove",
) -> Cleaned:
    """Replace missing values, or remove the rows or columns that have them.

    A column is cleaned only if its share of missing values lies between the two ratios. NaN counts
    as missing. The mean of a whole-number or Boolean column is rounded to the type of the column.
    The transformation keeps the values that were put in: replaying it computes nothing anew.
    """
    if minimum_missing_value_ratio > maximum_missing_value_ratio:
        raise OutOfRange(
            parameter="minimum_missing_value_ratio",
            low=0,
            high=maximum_missing_value_ratio,
            actual=minimum_missing_value_ratio,
        )
    schema = dataset.frame.collect_schema()
    missing = dataset.frame.select(pl.len().alias("\0rows"), *[is_missing(name, schema).sum() for name in columns])
    counts = missing.collect().row(0, named=True)
    rows = counts.pop("\0rows")
    ratios = {name: count / rows if rows else 0.0 for name, count in counts.items()}
    touched = [name for name in columns if minimum_missing_value_ratio <= ratios[name] <= maximum_missing_value_ratio]
    state: dict[str, Any] = {"fill": {}, "drop_rows": [], "drop_columns": [], "dtypes": {}}
    if cleaning_mode == "remove_entire_row":
        state["drop_rows"] = touched
    elif cleaning_mode == "remove_entire_column":
        state["drop_columns"] = [name for name in touched if ratios[name] > 0]
    else:
        state["fill"] = fill_values(dataset.frame, touched, cleaning_mode, replacement_value)
        empty = [name for name in touched if state["fill"][name] is None]
        state["drop_columns"] = empty if cols_with_all_missing_values == "remove" else []
        state["fill"] = {name: value for name, value in state["fill"].items() if value is not None}
    state["dtypes"] = {name: str(schema[name]) for name in touched}
    indicators = []
    if generate_missing_value_indicator_column and cleaning_mode in REPLACEMENTS:
        indicators = [
            (is_missing(name, schema) if name in touched else pl.lit(value=False)).alias(f"{name}_IsMissing")
            for name in columns
        ]
    cleaned = replay_cleaning(dataset, state)
    if indicators:
        with_flags = replay_cleaning(dataset.with_frame(dataset.frame.with_columns(indicators)), state)
        cleaned = Table(with_flags.frame, cleaned.roles, cleaned.categorical)
    return Cleaned(cleaned, Transform("clean_missing_data", replay_cleaning, state))


def is_missing(name: str, schema: Mapping[str, pl.DataType]) -> pl.Expr:
    """Null, or NaN in a column of floats."""
    column = pl.col(name)
    return column.is_null() | column.is_nan().fill_null(value=False) if schema[name].is_float() else column.is_null()


def fill_values(frame: pl.LazyFrame, names: list[str], mode: str, replacement: str) -> dict[str, Any]:
    """The value that replaces missing ones in each column; None where a column has no value at all."""
    schema = frame.collect_schema()
    if mode == "custom_substitution_value":
        return {name: _converted(replacement, schema[name], name) for name in names}
    if mode != "replace_with_mode":
        for name in names:
            if not (schema[name].is_numeric() or schema[name] == pl.Boolean):
                raise WrongColumnType(
                    name,
                    found=str(schema[name]),
                    expected="a number or a Boolean",
                    port="dataset",
                    parameter="columns",
                    hint="Leave it out of the columns, or replace with the mode.",
                )
    present = {
        name: pl.col(name).fill_nan(None).drop_nulls() if schema[name].is_float() else pl.col(name).drop_nulls()
        for name in names
    }
    statistic = {
        "replace_with_mean": lambda column: column.cast(pl.Float64).mean(),
        "replace_with_median": lambda column: column.cast(pl.Float64).median(),
        "replace_with_mode": lambda column: column.mode().sort().first(),
    }[mode]
    found = frame.select(**{name: statistic(column) for name, column in present.items()}).collect().row(0, named=True)
    if mode == "replace_with_mode":
        return found
    return {name: _rounded(value, schema[name]) for name, value in found.items()}


def _rounded(value: float | None, dtype: pl.DataType) -> Any:
    if value is None:
        return None
    if dtype == pl.Boolean:
        return value >= 0.5
    return round(value) if dtype.is_integer() else value


def _converted(text: str, dtype: pl.DataType, column: str) -> Any:
    if dtype == pl.Boolean:
        known = {"true": True, "1": True, "false": False, "0": False}.get(text.strip().lower())
        if known is None:
            raise NotConvertible(value=text, to="true or false", parameter="replacement_value", column=column)
        return known
    if dtype in (pl.String, pl.Categorical, pl.Enum, pl.Null):
        return text
    try:
        return pl.Series([text]).cast(dtype)[0]
    except pl.exceptions.PolarsError:
        raise NotConvertible(
            value=text,
            to=str(dtype),
            parameter="replacement_value",
            column=column,
            hint="Clean columns of different types with two nodes.",
        ) from None


def replay_cleaning(table: Table, state: Mapping[str, Any]) -> Table:
    """Clean a table as the first one was; columns that it does not have are passed over."""
    frame = table.frame
    schema = frame.collect_schema()
    gone = [name for name in state["drop_columns"] if name in schema]
    tested = [name for name in state["drop_rows"] if name in schema]
    filled = [
        (pl.col(name).fill_nan(None) if schema[name].is_float() else pl.col(name)).fill_null(
            pl.lit(value, dtype=None if schema[name] == pl.Null else schema[name])
        )
        for name, value in state["fill"].items()
        if name in schema
    ]
    if tested:
        frame = frame.filter(~pl.any_horizontal([is_missing(name, schema) for name in tested]))
    return table.with_frame(frame.with_columns(filled).drop(gone))


@clean_missing_data.schema
def clean_missing_data_schema(
    dataset: TableSchema | None,
    columns: list[str],
    cleaning_mode: str,
    generate_missing_value_indicator_column: bool,
    cols_with_all_missing_values: str,
) -> tuple[TableSchema | None, None]:
    """Which columns disappear depends on the data in some modes: then the columns are not known."""
    if dataset is None or cleaning_mode == "remove_entire_column":
        return None, None
    if cleaning_mode in REPLACEMENTS and generate_missing_value_indicator_column:
        flags = [ColumnSchema(f"{name}_IsMissing", "Boolean") for name in columns]
        return dataset.with_columns(*flags), None
    return dataset, None

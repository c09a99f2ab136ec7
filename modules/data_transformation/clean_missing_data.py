"""Clean Missing Data: replace or remove missing values."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

import polars as pl

from modules.kit import ALL_COLUMNS, Columns, ColumnSchema, Learns, Param, Port, Table, TableSchema, Transform, module
from modules.kit.errors import DuplicateColumn, NotConvertible, OutOfRange, WrongColumnType
from modules.ml.columns import check_types, family_of, is_missing, is_text, present
from modules.ml.values import value_of

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


@module(learns=Learns(when=({"cleaning_mode": STATISTICS}, {"cleaning_mode": "remove_entire_column"})))
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

    A column is cleaned only if its share of missing values lies between the two ratios. NaN counts as missing. The mean
    of a whole-number or Boolean column is rounded to the type of the column. Indicator columns are called
    `<column>_IsMissing`. The transformation keeps the values that were put in: replaying it computes nothing anew, adds
    no indicator columns and passes over columns that the other table lacks.
    """
    if minimum_missing_value_ratio > maximum_missing_value_ratio:
        raise OutOfRange(
            parameter="minimum_missing_value_ratio",
            low=0,
            high=maximum_missing_value_ratio,
            actual=minimum_missing_value_ratio,
        )
    schema = dataset.frame.collect_schema()
    ratios = missing_ratios(dataset.frame, columns)
    touched = [name for name in columns if minimum_missing_value_ratio <= ratios[name] <= maximum_missing_value_ratio]
    state = _learnt(
        dataset.frame,
        touched,
        ratios,
        cleaning_mode,
        replacement_value,
        removes=cols_with_all_missing_values == "remove",
    )
    flagged = dataset
    if generate_missing_value_indicator_column and cleaning_mode in REPLACEMENTS:
        flagged = _with_indicators(dataset, columns, touched)
    state["types"] = {name: family_of(schema[name]) for name in touched}
    replay = replay_row_removal if cleaning_mode == "remove_entire_row" else replay_cleaning
    cleaned = replay(flagged, _needed_here(state, ratios))
    return Cleaned(cleaned, Transform("clean_missing_data", replay, state))


def _needed_here(state: Mapping[str, Any], ratios: Mapping[str, float]) -> dict[str, Any]:
    """What is to be done to the table itself: other tables may miss values where this one has them all."""
    return {
        **state,
        "fill": {name: value for name, value in state["fill"].items() if ratios[name] > 0},
        "drop_rows": [name for name in state["drop_rows"] if ratios[name] > 0],
    }


def missing_ratios(frame: pl.LazyFrame, columns: list[str]) -> dict[str, float]:
    """The share of missing values of each column; 0 without rows."""
    schema = frame.collect_schema()
    shares = frame.select(is_missing(name, schema[name]).mean().alias(name) for name in columns).collect()
    return {name: share or 0.0 for name, share in shares.row(0, named=True).items()} if columns else {}


def _learnt(
    frame: pl.LazyFrame,
    touched: list[str],
    ratios: Mapping[str, float],
    mode: CleaningMode,
    replacement: str,
    *,
    removes: bool,
) -> dict[str, Any]:
    """What cleaning does to each column, as plain values."""
    match mode:
        case "remove_entire_row":
            return {"fill": {}, "drop_rows": touched, "drop_columns": []}
        case "remove_entire_column":
            return {"fill": {}, "drop_rows": [], "drop_columns": [name for name in touched if ratios[name] > 0]}
        case "custom_substitution_value":
            schema = frame.collect_schema()
            fill = {name: _value_of(replacement, schema[name], name) for name in touched}
            return {"fill": fill, "drop_rows": [], "drop_columns": []}
    found = _statistics(frame, touched, mode)
    schema = frame.collect_schema()
    empty = [name for name in touched if found[name] is None and (ratios[name] == 1 or schema[name] == pl.Null)]
    fill = {name: value for name, value in found.items() if value is not None}
    return {"fill": fill, "drop_rows": [], "drop_columns": empty if removes else []}


def _statistics(frame: pl.LazyFrame, names: list[str], mode: CleaningMode) -> dict[str, Any]:
    """The mean, median or mode of each column in its own type; None where it has no value at all."""
    schema = frame.collect_schema()
    for name in names:
        dtype = schema[name]
        if mode != "replace_with_mode" and not (dtype.is_numeric() or dtype in (pl.Boolean, pl.Null)):
            raise WrongColumnType(
                name,
                found=family_of(dtype),
                expected="a number or true or false",
                port="dataset",
                parameter="columns",
                hint="Leave it out of the columns, or replace with the mode.",
            )
        if dtype.is_nested() or dtype in (pl.Binary, pl.Object):
            raise WrongColumnType(
                name, found=family_of(dtype), expected="a plain value", port="dataset", parameter="columns"
            )
    if not names:
        return {}
    found = frame.select(_statistic(name, schema[name], mode).alias(name) for name in names).collect()
    return {name: _rounded(value, schema[name]) for name, value in found.row(0, named=True).items()}


def _statistic(name: str, dtype: pl.DataType, mode: CleaningMode) -> pl.Expr:
    values = present(name, dtype).drop_nulls()
    if mode == "replace_with_mode":  # several may be as frequent: the least of them, to be the same each time
        return (values.cast(pl.String) if is_text(dtype) else values).mode().min()
    numbers = values.cast(pl.Float64)
    return numbers.mean() if mode == "replace_with_mean" else numbers.median()


def _rounded(value: Any, dtype: pl.DataType) -> Any:
    if isinstance(value, float) and dtype == pl.Boolean:
        return value >= 0.5
    return round(value) if isinstance(value, float) and dtype.is_integer() else value


def _value_of(text: str, dtype: pl.DataType, column: str) -> Any:
    """The text in the type of a column; raises 0002."""
    if dtype == pl.Null:
        return _guessed(text)
    try:
        return value_of(text, dtype)
    except ValueError:
        raise NotConvertible(
            value=text,
            to=f"{family_of(dtype)} ({dtype})",
            parameter="replacement_value",
            column=column,
            hint="Clean columns of different types with two nodes.",
        ) from None


def _guessed(text: str) -> float | str:
    """A value for a column that has none yet."""
    try:
        return float(text)
    except ValueError:
        return text


def _with_indicators(dataset: Table, columns: list[str], touched: list[str]) -> Table:
    """Add a Boolean column beside each: true where a value is missing and gets cleaned."""
    schema = dataset.frame.collect_schema()
    chosen = set(touched)
    for name in columns:
        if f"{name}_IsMissing" in schema:
            raise DuplicateColumn(
                f"{name}_IsMissing", port="dataset", parameter="generate_missing_value_indicator_column"
            )
    flags = [
        (is_missing(name, schema[name]) if name in chosen else pl.lit(value=False)).alias(f"{name}_IsMissing")
        for name in columns
    ]
    return dataset.with_frame(dataset.frame.with_columns(flags))


def replay_cleaning(table: Table, state: Mapping[str, Any]) -> Table:
    """Clean a table as the first one was; columns that it does not have are passed over. Raises 0016."""
    table = replay_row_removal(table, state)
    schema = table.frame.collect_schema()
    filled = [_filled(name, schema[name], value) for name, value in state["fill"].items() if name in schema]
    return table.with_frame(table.frame.with_columns(filled).drop([n for n in state["drop_columns"] if n in schema]))


def replay_row_removal(table: Table, state: Mapping[str, Any]) -> Table:
    """Remove the rows that the first table would have lost, and check the types of all columns. Raises 0016."""
    schema = table.frame.collect_schema()
    expected = {name: kind for name, kind in state["types"].items() if name in schema and kind != "empty"}
    check_types(table, expected, port="dataset")
    gaps = [is_missing(name, schema[name]) for name in state["drop_rows"] if name in schema]
    return table.with_frame(table.frame.filter(~pl.any_horizontal(gaps))) if gaps else table


def _filled(name: str, dtype: pl.DataType, value: Any) -> pl.Expr:
    if dtype == pl.Null:
        return pl.lit(value).alias(name)
    column = present(name, dtype)
    if isinstance(dtype, pl.Enum) and value not in dtype.categories:
        return column.cast(pl.String).fill_null(value)
    if dtype in (pl.Categorical, pl.Enum):
        return column.cast(pl.String).fill_null(value).cast(dtype)
    return column.fill_null(pl.lit(value, dtype=dtype))


@clean_missing_data.schema
def clean_missing_data_schema(
    dataset: TableSchema | None,
    columns: list[str],
    cleaning_mode: CleaningMode,
    replacement_value: str,
    generate_missing_value_indicator_column: bool,
    cols_with_all_missing_values: str,
) -> tuple[TableSchema | None, None]:
    """Which columns disappear depends on the data in one mode: then the columns are not known."""
    if dataset is None or cleaning_mode == "remove_entire_column":
        return None, None
    empty = [column for column in dataset.columns if column.name in set(columns) and column.dtype == "Null"]
    found = dataset
    if cleaning_mode == "custom_substitution_value":
        dtype = "String" if isinstance(_guessed(replacement_value), str) else "Float64"
        found = found.with_columns(*(ColumnSchema(c.name, dtype, c.role, c.categorical) for c in empty))
    elif cleaning_mode in STATISTICS and cols_with_all_missing_values == "remove":
        found = found.drop([column.name for column in empty])
    if cleaning_mode in REPLACEMENTS and generate_missing_value_indicator_column:
        found = found.with_columns(*(ColumnSchema(f"{name}_IsMissing", "Boolean") for name in columns))
    return found, None

"""Convert to Indicator Values: a column of 0 and 1 for each category."""

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

import polars as pl

from modules.kit import Columns, Param, Port, Table, TableSchema, Transform, module
from modules.kit.errors import NotCategorical, TooManyColumns
from modules.kit.names import counted, listed
from modules.ml.categories import as_category, levels_in
from modules.ml.checks import check_has_columns, check_plain
from modules.ml.columns import check_free, check_types, family_of, free_name

MOST_COLUMNS = 10_000
"""A table that is wider than this can hardly be looked at or learnt from."""
MISSING = "Missing"


class Indicated(NamedTuple):
    """The table with indicators, and what was learnt to make the same ones of others."""

    results_dataset: Annotated[Table, Port(help="The table with a column of 0 and 1 for each category")]
    indicator_values_transformation: Annotated[Transform, Port(help="Makes the same columns of another table")]


@module(learns=False)
def convert_to_indicator_values(
    dataset: Table,
    *,
    columns: Annotated[
        Columns,
        Param(
            "The columns to convert, all of them marked as categorical",
            title="Categorical columns to convert",
            initial={"base": "none", "rules": [{"op": "include", "by": "types", "values": ["categorical"]}]},
        ),
    ],
    overwrite_categorical_columns: Annotated[
        bool, Param("Drop the converted columns; off keeps them beside the indicators")
    ] = False,
) -> Indicated:
    """Make a column of 0 and 1 for each category of the selected columns.

    The columns are called `<column>-<value>` and stand at the end, in the order of the values; where values are
    missing, `<column>-Missing` tells so. Text is not categorical of itself: mark it with Edit Metadata.

    The transformation makes the same columns of another table. A value that it has not met, missing ones among them,
    gives 0 everywhere.
    """
    schema = dataset.frame.collect_schema()
    check_has_columns(schema, port="dataset")
    _check_categorical(dataset, columns)
    check_plain(schema, columns, parameter="columns")
    chosen = list(dict.fromkeys(columns))
    learnt: dict[str, dict[str, Any]] = {}
    taken = set(schema) - set(chosen if overwrite_categorical_columns else ())
    width = 0
    for name in chosen:
        levels = levels_in(dataset.frame, name, schema[name])
        width += len(levels)
        if width > MOST_COLUMNS:
            raise TooManyColumns(
                f"Column `{name}` has {counted(len(levels), 'value')}; more than {MOST_COLUMNS} columns would be made",
                column=name,
                port="dataset",
                parameter="columns",
                hint="Leave it out, or hash or encode its values instead.",
            )
        names = []
        for text in map(_text, levels):
            names.append(free_name(f"{name}-{text}", taken, ""))
            taken.add(names[-1])
        learnt[name] = {"levels": levels, "names": names}
    state = {
        "columns": learnt,
        "overwrites": overwrite_categorical_columns,
        "types": {name: family_of(schema[name]) for name in chosen},
    }
    return Indicated(indicate(dataset, state), Transform("convert_to_indicator_values", indicate, state))


def _check_categorical(dataset: Table, names: list[str]) -> None:
    """Raise 0056 for columns that are not categories."""
    schema = dataset.frame.collect_schema()
    plain = [
        name for name in names if name not in dataset.categorical and schema[name] not in (pl.Categorical, pl.Enum)
    ]
    if plain:
        raise NotCategorical(
            f"{listed(plain)} {'is' if len(plain) == 1 else 'are'} not marked as categorical",
            column=plain[0],
            port="dataset",
            parameter="columns",
            hint="Mark them before, with Edit Metadata and Categorical, or leave them out.",
        )


def _text(level: object) -> str:
    if level is None:
        return MISSING
    return str(level).lower() if isinstance(level, bool) else str(level)


def indicate(table: Table, state: Mapping[str, Any]) -> Table:
    """Make the indicators of `state`; raises 0001, 0016, and 0028 where a name is taken."""
    check_types(table, {name: kind for name, kind in state["types"].items() if kind != "empty"}, port="dataset")
    schema = table.frame.collect_schema()
    kept = [name for name in schema if not (state["overwrites"] and name in state["columns"])]
    flags: list[pl.Expr] = []
    for name, learnt in state["columns"].items():
        names, levels = learnt["names"], learnt["levels"]
        if name not in schema:  # it had no values and so no type when this was learnt
            flags += [pl.lit(0, dtype=pl.Int8).alias(label) for label in names]
            continue
        values = as_category(name, schema[name])
        hits = [values.is_null() if level is None else values == level for level in levels]
        flags += [hit.fill_null(value=False).cast(pl.Int8).alias(label) for hit, label in zip(hits, names, strict=True)]
    check_free((label for learnt in state["columns"].values() for label in learnt["names"]), kept, port="dataset")
    return table.with_frame(table.frame.select([*kept, *flags]))


@convert_to_indicator_values.schema
def convert_to_indicator_values_schema() -> tuple[TableSchema | None, None]:
    """Which columns are made depends on the values."""
    return None, None

"""Ordinal Encoding: a number for each category."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

import polars as pl

from modules.kit import Columns, ColumnSchema, Learns, Param, Port, Table, TableSchema, Transform, module
from modules.kit.errors import EmptyInput, NotConvertible
from modules.ml.categories import as_category, levels_in, looked_up
from modules.ml.checks import check_plain
from modules.ml.columns import check_free, check_types, family_of, free_name
from modules.ml.values import value_of

SUFFIX = "_encoded"


class Encoded(NamedTuple):
    """The table with numbers, and what was learnt to give others the same."""

    results_dataset: Annotated[Table, Port(help="The table with a number for each category")]
    encoding_transformation: Annotated[Transform, Port(help="Gives the same numbers to another table")]


@module(learns=Learns(when={"order_of_values": "by_frequency"}))
def ordinal_encoding(
    dataset: Table,
    *,
    columns: Annotated[
        Columns,
        Param(
            "The columns of categories",
            title="Columns to encode",
            initial={"base": "none", "rules": [{"op": "include", "by": "types", "values": ["string"]}]},
        ),
    ],
    order_of_values: Annotated[
        Literal["sorted", "by_frequency", "as_listed"],
        Param("What has the number 0: the first in order, the most frequent, or the first of a list"),
    ] = "sorted",
    list_of_values: Annotated[
        str,
        Param(
            "The values in order, separated by commas, as in low, medium, high",
            title="List of values",
            when={"order_of_values": "as_listed"},
        ),
    ] = "",
    unknown_values: Annotated[
        Literal["missing", "minus_one"],
        Param("What a value gets that is not known", titles={"minus_one": "-1"}),
    ] = "missing",
    output_mode: Annotated[
        Literal["inplace", "append"], Param("Put the numbers in the place of the values, or add them as new columns")
    ] = "inplace",
) -> Encoded:
    """Replace categories by numbers from 0, in an order.

    Text goes by its letters, numbers by their size, stored categories with an order of their own by that; of equally
    frequent values the first in order comes first. Missing values stay missing. New columns are called
    `<column>_encoded`.

    The transformation gives the values of another table the same numbers. Trees read such numbers well; for linear
    models take Convert to Indicator Values, unless the order means something.
    """
    schema = dataset.frame.collect_schema()
    check_plain(schema, columns, parameter="columns")
    chosen = list(dict.fromkeys(columns))
    listed = _listed(list_of_values) if order_of_values == "as_listed" else []
    learnt = {name: _levels(dataset.frame, name, schema[name], order_of_values, listed) for name in chosen}
    state = {
        "levels": learnt,
        "labels": _labels(chosen, list(schema)) if output_mode == "append" else chosen,
        "types": {name: family_of(schema[name]) for name in chosen},
        "unknown": -1 if unknown_values == "minus_one" else None,
    }
    return Encoded(encode_by_order(dataset, state), Transform("ordinal_encoding", encode_by_order, state))


def _listed(text: str) -> list[str]:
    """The typed values; raises 0002 and 0003."""
    values = [part.strip() for part in text.split(",") if part.strip()]
    if not values:
        raise EmptyInput(parameter="list_of_values", hint="Write the values in order, such as low, medium, high")
    for place, value in enumerate(values):
        if value in values[:place]:
            raise NotConvertible(
                value=text, to="a list of different values", parameter="list_of_values", hint=f"{value!r} stands twice."
            )
    return values


def _levels(frame: pl.LazyFrame, name: str, dtype: pl.DataType, order: str, listed: list[str]) -> list[Any]:
    if order == "as_listed":
        return [_as_value(text, name, dtype) for text in listed]
    levels = [level for level in levels_in(frame, name, dtype) if level is not None]
    if order == "sorted":
        return levels
    counts = frame.select(as_category(name, dtype).alias("level")).group_by("level").len().collect()
    count_by_level = dict(counts.iter_rows())
    return sorted(levels, key=lambda level: -count_by_level[level])


def _as_value(text: str, name: str, dtype: pl.DataType) -> Any:
    """A listed text as a level of a column; raises 0002."""
    if not (dtype.is_numeric() or dtype == pl.Boolean):
        return text
    try:
        return value_of(text, dtype)
    except ValueError:
        raise NotConvertible(value=text, to=family_of(dtype), parameter="list_of_values", column=name) from None


def encode_by_order(table: Table, state: Mapping[str, Any]) -> Table:
    """Give the categories of a table the numbers of `state`; raises 0001 and 0016."""
    check_types(table, {name: kind for name, kind in state["types"].items() if kind != "empty"}, port="dataset")
    schema = table.frame.collect_schema()
    names = dict(zip(state["levels"], state["labels"], strict=True))
    check_free([label for name, label in names.items() if label != name], schema, port="dataset")
    numbers = [
        pl.when(as_category(name, schema[name]).is_not_null())
        .then(
            looked_up(
                name,
                schema[name],
                state["levels"][name],
                range(len(state["levels"][name])),
                pl.Int64(),
                default=state["unknown"],
            )
        )
        .alias(label)
        if name in schema
        else pl.lit(None, dtype=pl.Int64).alias(label)
        for name, label in names.items()
    ]
    return table.with_frame(table.frame.with_columns(numbers))


def _labels(names: list[str], taken: list[str]) -> list[str]:
    """The names of new columns for columns."""
    labels: list[str] = []
    for name in names:
        labels.append(free_name(name, {*taken, *labels}, SUFFIX))
    return labels


@ordinal_encoding.schema
def ordinal_encoding_schema(
    dataset: TableSchema | None, columns: list[str], output_mode: str
) -> tuple[TableSchema | None, None]:
    if dataset is None:
        return None, None
    chosen = list(dict.fromkeys(columns))
    if output_mode == "append":
        made = [ColumnSchema(label, "Int64") for label in _labels(chosen, dataset.names)]
    else:
        made = [ColumnSchema(c.name, "Int64", c.role, c.categorical) for c in map(dataset.__getitem__, chosen)]
    return dataset.with_columns(*made), None

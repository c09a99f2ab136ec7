"""Split Data: divide the rows of a table into two tables."""

from typing import Annotated, Literal, NamedTuple

import polars as pl

from modules.kit import Column, Param, Port, Seed, Splits, Table, TableSchema, module
from modules.kit.declaration import Facts
from modules.kit.errors import TooFewRows, WrongColumnType
from modules.ml.leaks import facts_of_split
from modules.ml.rows import count_rows, draw_rows, draw_stratified, match_pattern, match_relation

SplittingMode = Literal["split_rows", "regular_expression", "relative_expression"]

ROWS = {"splitting_mode": "split_rows"}
PATTERN = {"splitting_mode": "regular_expression"}
RELATION = {"splitting_mode": "relative_expression"}


class Parts(NamedTuple):
    """Every input row is in exactly one of the two."""

    results_dataset1: Annotated[pl.LazyFrame, Port(help="The drawn, matching or first rows")]
    results_dataset2: Annotated[pl.LazyFrame, Port(help="All other rows")]


@module(splits=Splits(at_random=ROWS | {"randomized_split": True}))
def split_data(
    dataset: pl.LazyFrame,
    *,
    splitting_mode: Annotated[SplittingMode, Param("What decides a row's side")] = "split_rows",
    fraction_of_rows: Annotated[
        float,
        Param(
            "Share of the rows that goes left",
            title="Fraction of rows in the first output dataset",
            ge=0,
            le=1,
            when=ROWS,
        ),
    ] = 0.5,
    randomized_split: Annotated[bool, Param("Draw the rows; off takes the first ones", when=ROWS)] = True,
    seed: Annotated[Seed, Param("The same seed gives the same split", title="Random seed", when=ROWS)] = 0,
    stratification_key_column: Annotated[
        Column | None, Param("A column whose mix of values both sides keep", when=ROWS)
    ] = None,
    regular_expression: Annotated[
        str, Param(r'A column and a pattern, as in \"make" ^a', when=PATTERN)
    ] = r'\"column name" ^start',
    relational_expression: Annotated[
        str, Param(r'A column and a comparison, as in \"price" > 3 & <= 20', when=RELATION)
    ] = r'\"column name" > 3',
) -> Parts:
    r"""Divide rows by share, by a text pattern or by a comparison.

    By share, the left table gets the whole part of fraction × rows; with a key column, both sides keep the mix of its
    values. Equal seeds give equal splits, 0 among them. Rows keep their order. Rows whose tested value is missing go
    right. In expressions a column is named in quotes after a backslash, as in `\"make" ^a`, or by an index that counts
    from 0, as in `(\0) > 3`; conditions joined by `&` and `|` repeat only operator and value.
    """
    rows = count_rows(dataset)
    if rows < 2:
        raise TooFewRows(port="dataset", required=2, actual=rows)
    match splitting_mode:
        case "split_rows":
            left = _drawn(
                dataset, rows, fraction_of_rows, seed if randomized_split else None, stratification_key_column
            )
        case "regular_expression":
            left = match_pattern(dataset, regular_expression)
        case "relative_expression":
            left = match_relation(dataset, relational_expression)
    return Parts(dataset.filter(left), dataset.filter(~left))


def _drawn(dataset: pl.LazyFrame, rows: int, fraction: float, seed: int | None, key_column: str | None) -> pl.Expr:
    if key_column is None:
        mask = draw_rows(rows, fraction, seed=seed)
    else:
        key = dataset.select(key_column).collect().to_series()
        if key.dtype.is_nested():
            raise WrongColumnType(
                key_column, found=str(key.dtype), expected="a plain value", parameter="stratification_key_column"
            )
        mask = draw_stratified(key, fraction, seed=seed)
    return pl.lit(pl.Series(mask))


@split_data.schema
def split_data_schema(dataset: TableSchema | None) -> tuple[TableSchema | None, TableSchema | None]:
    return dataset, dataset


@split_data.facts
def split_data_facts(results_dataset1: Table, results_dataset2: Table) -> Facts:
    return facts_of_split(results_dataset1.frame, results_dataset2.frame)

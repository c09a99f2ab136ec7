"""Split Data: divide the rows of a table into two tables."""

from typing import Annotated, Literal, NamedTuple

import polars as pl

from modules.kit import Column, Param, Port, Seed, TableSchema, module
from modules.kit.errors import TooFewRows
from modules.ml.rows import count_rows, draw_rows, draw_stratified, match_pattern, match_relation

SplittingMode = Literal["split_rows", "regular_expression", "relative_expression"]

ROWS = {"splitting_mode": "split_rows"}
PATTERN = {"splitting_mode": "regular_expression"}
RELATION = {"splitting_mode": "relative_expression"}


class Parts(NamedTuple):
    """Every input row is in exactly one of the two."""

    results_dataset1: Annotated[pl.LazyFrame, Port(help="The drawn, matching or first rows")]
    results_dataset2: Annotated[pl.LazyFrame, Port(help="All other rows")]


@module()
def split_data(
    dataset: pl.LazyFrame,
    *,
    splitting_mode: Annotated[SplittingMode, Param("What decides a row's side")] = "split_rows",
    fraction_of_rows: Annotated[
        float, Param("Share of the rows that goes left", title="Fraction of rows", ge=0, le=1, when=ROWS)
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
    """Divide rows by share, by a text pattern or by a comparison.

    By share, the left table gets the whole part of fraction × rows. Rows keep their order. Rows
    whose tested value is missing go right. Columns are named in quotes after a backslash or by an
    index in parentheses that counts from 0.
    """
    match splitting_mode:
        case "regular_expression":
            matching = match_pattern(dataset, regular_expression)
            return Parts(dataset.filter(matching), dataset.filter(~matching))
        case "relative_expression":
            matching = match_relation(dataset, relational_expression)
            return Parts(dataset.filter(matching), dataset.filter(~matching))
    rows = count_rows(dataset)
    if rows < 2:
        raise TooFewRows(port="dataset", required=2, actual=rows)
    drawn_by = seed if randomized_split else None
    if stratification_key_column is None:
        mask = draw_rows(dataset, rows, fraction_of_rows, seed=drawn_by)
    else:
        key = dataset.select(stratification_key_column).collect().to_series()
        mask = draw_stratified(key, fraction_of_rows, seed=drawn_by)
    left = pl.lit(pl.Series(mask))
    return Parts(dataset.filter(left), dataset.filter(~left))


@split_data.schema
def split_data_schema(dataset: TableSchema | None) -> tuple[TableSchema | None, TableSchema | None]:
    return dataset, dataset

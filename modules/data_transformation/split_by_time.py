"""Split by Time: the earlier rows on one side, the later ones on the other."""

import re
from typing import Annotated, Literal, NamedTuple

import polars as pl

from modules.kit import Column, Context, Param, Port, Splits, Table, TableSchema, module
from modules.kit.declaration import Facts
from modules.kit.errors import AllMissing, EmptyInput, NotConvertible, TooFewRows, TooSmall, WrongColumnType
from modules.ml.columns import family_of, present
from modules.ml.leaks import facts_of_split
from modules.ml.rows import share_of
from modules.ml.values import value_of

SECONDS_OF_A_DAY = 86_400
UNITS_OF_A_SECOND = {"ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
WHOLE = re.compile(r"[+-]?\d+")


class Parts(NamedTuple):
    """No row of the left table is later than one of the right."""

    results_dataset1: Annotated[pl.LazyFrame, Port(help="The earlier rows, to learn from")]
    results_dataset2: Annotated[pl.LazyFrame, Port(help="The later rows, to test with")]


@module(splits=Splits())
def split_by_time(
    dataset: pl.LazyFrame,
    *,
    time_column: Annotated[Column, Param("A date, a moment, or a number that grows with time")],
    splitting_mode: Annotated[
        Literal["by_share", "at_a_moment"], Param("Whether the share of rows or a moment decides where to cut")
    ] = "by_share",
    fraction_of_rows: Annotated[
        float,
        Param(
            "Share of the rows that goes left",
            title="Fraction of rows in the first output dataset",
            ge=0,
            le=1,
            when={"splitting_mode": "by_share"},
        ),
    ] = 0.7,
    moment: Annotated[
        str,
        Param(
            "Rows before it go left, as in 2026-01-31, 2026-01-31 12:00 or 2026",
            title="First moment on the right",
            when={"splitting_mode": "at_a_moment"},
        ),
    ] = "",
    gap: Annotated[
        float,
        Param(
            "Leave out the rows of so many days before the cut, or of so much of a number, so that what is learnt from "
            "does not reach into what is tested",
            ge=0,
        ),
    ] = 0.0,
    context: Context,
) -> Parts:
    """Divide the rows of a table by time: earlier ones go left, later ones right.

    What is to predict the future must not have seen it: a random split of rows that follow each other in time makes a
    model look better than it is. Rows of the same time stay together, on the right where the cut falls among them.
    Rows without a time go right. Both tables keep the order of the rows. The log tells the cut.
    """
    dtype = dataset.collect_schema()[time_column]
    if not (dtype.is_numeric() or dtype in (pl.Date, pl.Datetime)):
        raise WrongColumnType(
            time_column,
            found=family_of(dtype),
            expected="a date, a moment or a number",
            port="dataset",
            parameter="time_column",
            hint="Convert it with Edit Metadata and the type DateTime.",
        )
    if gap < 0:
        raise TooSmall(parameter="gap", bound=0, actual=gap)
    times = present(time_column, dtype)
    if splitting_mode == "by_share":
        cut = _cut_by_share(dataset.select(times).collect().to_series(), fraction_of_rows)
    else:
        cut = _cut_at(moment, dtype, time_column)
    context.log("All rows with a time are earlier" if cut is None else f"Rows before {cut.item()} go left")
    if cut is None:
        return Parts(dataset.filter(times.is_not_null()), dataset.filter(times.is_null()))
    bound = cut.to_physical().item()
    is_earlier = (times.to_physical() < bound).fill_null(value=False)
    is_used = is_earlier & (times.to_physical() < bound - _gap(gap, dtype)) if gap else is_earlier
    return Parts(dataset.filter(is_used), dataset.filter(~is_earlier))


def _cut_by_share(times: pl.Series, fraction: float) -> pl.Series | None:
    """The first time on the right, alone in a series; None where all go left. Raises 0021 and 0080."""
    if len(times) < 2:
        raise TooFewRows(port="dataset", required=2, actual=len(times))
    ordered = times.drop_nulls().sort()
    if ordered.is_empty():
        raise AllMissing(times.name, port="dataset")
    place = share_of(len(ordered), fraction)
    return None if place == len(ordered) else ordered[place : place + 1]


def _cut_at(text: str, dtype: pl.DataType, column: str) -> pl.Series:
    """The typed moment, alone in a series of the type of the column; raises 0002 and 0003."""
    if not text.strip():
        raise EmptyInput(parameter="moment", hint="Write the first moment on the right, such as 2026-01-31")
    zone = dtype.time_zone if isinstance(dtype, pl.Datetime) else None
    kind = pl.Datetime(dtype.time_unit) if isinstance(dtype, pl.Datetime) else dtype
    kind = pl.Float64() if dtype.is_numeric() and not WHOLE.fullmatch(text.strip()) else kind
    try:
        found = pl.Series([value_of(text, kind)], dtype=kind)
    except ValueError:
        raise NotConvertible(
            value=text, to=family_of(dtype), parameter="moment", column=column, hint="Write it as 2026-01-31 12:00"
        ) from None
    return found.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null") if zone else found


def _gap(gap: float, dtype: pl.DataType) -> float:
    """The gap in the unit that the column counts in."""
    if isinstance(dtype, pl.Datetime):
        return round(gap * SECONDS_OF_A_DAY * UNITS_OF_A_SECOND[dtype.time_unit])
    return gap


@split_by_time.schema
def split_by_time_schema(dataset: TableSchema | None) -> tuple[TableSchema | None, TableSchema | None]:
    return dataset, dataset


@split_by_time.facts
def split_by_time_facts(results_dataset1: Table, results_dataset2: Table) -> Facts:
    return facts_of_split(results_dataset1.frame, results_dataset2.frame)

"""Extract Date Parts: the year, the weekday and other parts of dates as columns."""

from collections.abc import Callable, Mapping
from math import tau
from typing import Annotated

import polars as pl

from modules.kit import Columns, Param, Port, module
from modules.kit.errors import WrongColumnType
from modules.ml.columns import family_of, free_name

PARTS: Mapping[str, Callable[[pl.Expr], pl.Expr]] = {
    "year": lambda x: x.dt.year(),
    "quarter": lambda x: x.dt.quarter(),
    "month": lambda x: x.dt.month(),
    "week": lambda x: x.dt.week(),
    "day": lambda x: x.dt.day(),
    "weekday": lambda x: x.dt.weekday(),
    "day_of_year": lambda x: x.dt.ordinal_day(),
    "is_weekend": lambda x: x.dt.weekday() > 5,
    "hour": lambda x: x.dt.hour(),
    "minute": lambda x: x.dt.minute(),
    "second": lambda x: x.dt.second(),
}
OF_A_DAY = ("hour", "minute", "second")
ROUND = {"month": (1, 12), "weekday": (1, 7), "day_of_year": (1, 365.25), "hour": (0, 24), "minute": (0, 60)}
"""Parts that begin anew after their last value: the first value, and how many there are."""


@module()
def extract_date_parts(
    dataset: pl.LazyFrame,
    *,
    columns: Annotated[
        Columns,
        Param(
            "The columns of dates or times",
            title="Date columns",
            initial={"base": "none", "rules": [{"op": "include", "by": "types", "values": ["datetime"]}]},
        ),
    ],
    year: Annotated[bool, Param("As in 2026")] = True,
    quarter: Annotated[bool, Param("From 1 to 4")] = False,
    month: Annotated[bool, Param("From 1 to 12")] = True,
    week: Annotated[bool, Param("The week of the year as in ISO 8601, from 1 to 53")] = False,
    day: Annotated[bool, Param("The day of the month, from 1 to 31", title="Day of the month")] = True,
    weekday: Annotated[bool, Param("From 1 for Monday to 7 for Sunday", title="Day of the week")] = True,
    day_of_year: Annotated[bool, Param("From 1 to 366", title="Day of the year")] = False,
    is_weekend: Annotated[bool, Param("True on Saturday and Sunday", title="Weekend")] = False,
    hour: Annotated[bool, Param("From 0 to 23")] = False,
    minute: Annotated[bool, Param("From 0 to 59")] = False,
    second: Annotated[bool, Param("From 0 to 59")] = False,
    sine_and_cosine: Annotated[
        bool,
        Param(
            "Give months, days of the week and of the year, hours and minutes as points on a circle as well, so that "
            "December lies beside January",
            title="Sine and cosine",
        ),
    ] = False,
    keep_the_date_columns: Annotated[bool, Param("Off leaves the dates themselves out")] = True,
) -> Annotated[pl.LazyFrame, Port("results_dataset", help="The table with the parts of its dates")]:
    """Make columns of the parts of dates, times and moments.

    New columns are called `<column>_<part>`, as in `sold_month`, `sold_month_sine` and `sold_month_cosine`. Dates have
    no hours and times no years: such parts are left out. Moments with a zone are taken at its local time. Missing dates
    have missing parts.
    """
    chosen = {
        "year": year,
        "quarter": quarter,
        "month": month,
        "week": week,
        "day": day,
        "weekday": weekday,
        "day_of_year": day_of_year,
        "is_weekend": is_weekend,
        "hour": hour,
        "minute": minute,
        "second": second,
    }
    schema = dataset.collect_schema()
    taken = set(schema)
    made: list[pl.Expr] = []
    for name in dict.fromkeys(columns):
        dtype = schema[name]
        if dtype not in (pl.Date, pl.Datetime, pl.Time):
            raise WrongColumnType(
                name,
                found=family_of(dtype),
                expected="a date or a time",
                port="dataset",
                parameter="columns",
                hint="Convert it with Edit Metadata and the type DateTime.",
            )
        moment = pl.col(name).dt.replace_time_zone(None) if dtype == pl.Datetime else pl.col(name)
        for part in [part for part, is_wanted in chosen.items() if is_wanted and _has(dtype, part)]:
            value = PARTS[part](moment)
            for suffix, expression in _columns(part, value, on_a_circle=sine_and_cosine).items():
                label = free_name(f"{name}_{suffix}", taken, "")
                taken.add(label)
                made.append(expression.alias(label))
    kept = [name for name in schema if keep_the_date_columns or name not in columns]
    return dataset.select([*kept, *made])


def _has(dtype: pl.DataType, part: str) -> bool:
    return dtype == pl.Datetime or (part in OF_A_DAY) == (dtype == pl.Time)


def _columns(part: str, value: pl.Expr, *, on_a_circle: bool) -> dict[str, pl.Expr]:
    """What is made of a part, by the end of its name."""
    found = {part: value if part == "is_weekend" else value.cast(pl.Int64)}
    if on_a_circle and part in ROUND:
        first, count = ROUND[part]
        angle = (value.cast(pl.Float64) - first) * (tau / count)
        found |= {f"{part}_sine": angle.sin(), f"{part}_cosine": angle.cos()}
    return found

"""Extract Date Parts: the figures of dates, times and moments."""

from datetime import UTC, date, datetime, time
from math import cos, sin, tau
from typing import Any

import polars as pl
import pytest

from modules.data_transformation.extract_date_parts import PARTS, extract_date_parts
from tests.modules.refusals import refusal

ALL = dict.fromkeys(PARTS, True)
NONE = dict.fromkeys(PARTS, False)
MOMENT = datetime(2026, 2, 28, 23, 59, 58)  # noqa: DTZ001  local time


def parts(values: Any, **options: Any) -> dict[str, list[Any]]:
    found = extract_date_parts(pl.LazyFrame({"t": values}), columns=["t"], **{**NONE, **options}).collect()
    return found.drop("t", strict=False).to_dict(as_series=False)


def test_all_parts_of_a_moment() -> None:
    assert parts([MOMENT], **ALL) == {
        "t_year": [2026],
        "t_quarter": [1],
        "t_month": [2],
        "t_week": [9],
        "t_day": [28],
        "t_weekday": [6],
        "t_day_of_year": [59],
        "t_is_weekend": [True],
        "t_hour": [23],
        "t_minute": [59],
        "t_second": [58],
    }


def test_dates_have_no_hours_and_times_no_years() -> None:
    assert list(parts([date(2026, 2, 28)], year=True, hour=True)) == ["t_year"]
    assert list(parts([time(10, 30)], year=True, hour=True)) == ["t_hour"]


def test_missing_dates_have_missing_parts() -> None:
    assert parts([date(2026, 2, 28), None], is_weekend=True, month=True) == {
        "t_month": [2, None],
        "t_is_weekend": [True, None],
    }


def test_moments_are_taken_at_their_local_time() -> None:
    seoul = pl.Series([datetime(2026, 1, 1, 20, tzinfo=UTC)]).dt.convert_time_zone("Asia/Seoul")
    assert parts(seoul, day=True, hour=True) == {"t_day": [2], "t_hour": [5]}


def test_december_lies_beside_january() -> None:
    found = parts([date(2026, 12, 1)], month=True, year=True, sine_and_cosine=True)
    angle = 11 / 12 * tau
    assert found == {
        "t_year": [2026],
        "t_month": [12],
        "t_month_sine": [pytest.approx(sin(angle))],
        "t_month_cosine": [pytest.approx(cos(angle))],
    }


def test_the_dates_go_on_wish() -> None:
    frame = pl.LazyFrame({"t": [MOMENT], "x": [1], "t_year": [0]})
    found = extract_date_parts(frame, columns=["t"], keep_the_date_columns=False, **{**NONE, "year": True}).collect()
    assert found.to_dict(as_series=False) == {"x": [1], "t_year": [0], "t_year2": [2026]}


@pytest.mark.parametrize("values", [["2026-01-01"], [1], [True], [None]])
def test_what_is_no_date_is_refused(values: list[Any]) -> None:
    assert refusal(parts_of, values) == ("0017", "dataset", "columns", "t")


def parts_of(values: list[Any]) -> pl.LazyFrame:
    return extract_date_parts(pl.LazyFrame({"t": values}), columns=["t"])

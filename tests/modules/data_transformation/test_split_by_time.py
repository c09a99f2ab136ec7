"""Split by Time: earlier rows left, later ones right, and none in between."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.data_transformation.split_by_time import split_by_time
from modules.kit import Context
from tests.modules.refusals import refusal

DAYS = [date(2026, 1, day) for day in (5, 1, 3, 2, 4)]


def split(times: Any, context: Context | None = None, **options: Any) -> tuple[list[int], list[int]]:
    frame = pl.LazyFrame({"t": times}).with_row_index("row")
    parts = split_by_time(frame, time_column="t", **options, context=context or Context())
    left, right = (part.collect()["row"].to_list() for part in parts)
    return left, right


def test_earlier_rows_go_left_in_their_order() -> None:
    assert split(DAYS, fraction_of_rows=0.6) == ([1, 2, 3], [0, 4])


@given(st.lists(st.one_of(st.none(), st.integers(0, 5)), min_size=2, max_size=20), st.floats(0, 1))
def test_no_row_on_the_left_is_as_late_as_one_on_the_right(times: list[int | None], fraction: float) -> None:
    if not any(time is not None for time in times):
        return
    left, right = split(pl.Series(times, dtype=pl.Int64), fraction_of_rows=fraction)
    assert sorted(left + right) == list(range(len(times)))
    known = [time for row in right if (time := times[row]) is not None]
    assert all(times[row] is not None and all(times[row] < time for time in known) for row in left)  # type: ignore[operator]  # no time is missing here
    assert len(left) <= fraction * len(times) + 1e-9


@pytest.mark.parametrize(("fraction", "left"), [(0.0, []), (1.0, [0, 1, 2, 3, 4]), (0.7, [1, 2, 3])])
def test_the_share_goes_left(fraction: float, left: list[int]) -> None:
    assert split(DAYS, fraction_of_rows=fraction)[0] == left


def test_rows_of_one_time_stay_together() -> None:
    assert split([1, 2, 2, 2, 3], fraction_of_rows=0.5) == ([0], [1, 2, 3, 4])


def test_rows_without_a_time_go_right() -> None:
    assert split([1.0, None, 3.0, float("nan")], fraction_of_rows=1.0) == ([0, 2], [1, 3])


@pytest.mark.parametrize(
    ("times", "moment", "left"),
    [
        (DAYS, "2026-01-03", [1, 3]),
        ([datetime(2026, 1, 1, hour, tzinfo=UTC) for hour in (10, 12)], "2026-01-01 12:00", [0]),
        ([2024, 2026], "2026", [0]),
        ([2024.5, 2026.5], "2026.5", [0]),
        ([3, 4], "3.5", [0]),
    ],
)
def test_a_moment_cuts(times: list[Any], moment: str, left: list[int]) -> None:
    assert split(times, splitting_mode="at_a_moment", moment=moment)[0] == left


def test_a_moment_is_read_in_the_zone_of_the_column() -> None:
    times = pl.Series([datetime(2026, 1, 1, 14, tzinfo=UTC), datetime(2026, 1, 1, 16, tzinfo=UTC)])
    seoul = times.dt.convert_time_zone("Asia/Seoul")
    assert split(seoul, splitting_mode="at_a_moment", moment="2026-01-02") == ([0], [1])


@pytest.mark.parametrize(
    ("times", "gap", "left"),
    [
        (DAYS, 1.0, [1, 3]),
        (DAYS, 0.5, [1, 2, 3]),
        ([datetime(2026, 1, day) for day in (1, 2, 3, 4, 5)], 1.5, [0, 1]),  # noqa: DTZ001  local times
        ([10, 20, 30, 40, 50], 15.0, [0, 1]),
    ],
)
def test_rows_in_the_gap_are_on_neither_side(times: list[Any], gap: float, left: list[int]) -> None:
    assert split(times, fraction_of_rows=0.6, gap=gap)[0] == left
    assert split(times, fraction_of_rows=0.6, gap=gap)[1] == split(times, fraction_of_rows=0.6)[1]


def test_the_log_tells_the_cut() -> None:
    context = Context()
    split(DAYS, context, fraction_of_rows=0.6)
    assert context.logged == ["Rows before 2026-01-04 go left"]


AT = {"splitting_mode": "at_a_moment"}


@pytest.mark.parametrize(
    ("times", "options", "expected"),
    [
        (["2026-01-01"], {}, ("0017", "dataset", "time_column", "t")),
        ([True, False], {}, ("0017", "dataset", "time_column", "t")),
        ([1], {}, ("0021", "dataset", None, None)),
        (pl.Series([None, None], dtype=pl.Date), {}, ("0080", "dataset", None, "t")),
        (DAYS, {"gap": -1.0}, ("0005", None, "gap", None)),
        (DAYS, {**AT, "moment": " "}, ("0003", None, "moment", None)),
        (DAYS, {**AT, "moment": "soon"}, ("0002", None, "moment", "t")),
        ([1, 2], {**AT, "moment": "2026-01-01"}, ("0002", None, "moment", "t")),
    ],
)
def test_what_has_no_time_is_refused(times: Any, options: Any, expected: object) -> None:
    assert refusal(split, times, **options) == expected

"""Clip Values: what lies beyond thresholds, and what stands in for it."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from modules.data_transformation.clip_values import clip_values
from tests.modules.refusals import refusal

TEN = {"x": list(range(1, 11))}
BOTH = {"set_of_thresholds": "clip_peaks_and_subpeaks"}
SUBPEAKS = {"set_of_thresholds": "clip_sub_peaks"}


def clipped(frame: Any = None, **options: Any) -> dict[str, list[Any]]:
    table = pl.LazyFrame(TEN if frame is None else frame)
    return clip_values(table, **{"columns": ["x"], **options}).collect().to_dict(as_series=False)


def test_a_value_that_equals_a_threshold_stays() -> None:
    found = clipped(constant_value_for_upper_threshold=9.0, add_indicator_columns=True)
    assert found == {"x": [*range(1, 10), 9], "x_IsClipped": [False] * 9 + [True]}


def test_below_the_lower_threshold() -> None:
    assert clipped(**SUBPEAKS, constant_value_for_lower_threshold=3.0)["x"] == [3, 3, *range(3, 11)]


def test_beyond_both_thresholds() -> None:
    found = clipped(**BOTH, constant_value_for_upper_threshold=8.0, constant_value_for_lower_threshold=2.5)
    assert found["x"] == [2.5, 2.5, *range(3, 9), 8, 8]


def test_percentiles_lie_between_neighbouring_values() -> None:
    found = clipped(
        **BOTH,
        threshold="percentile",
        percentile_value_for_upper_threshold=60.0,
        percentile_value_for_lower_threshold=40.0,
    )
    low, high = np.quantile(TEN["x"], [0.4, 0.6])
    assert found["x"] == pytest.approx([low] * 4 + [5, 6] + [high] * 4)


@pytest.mark.parametrize(
    ("substitute", "expected"), [("threshold", 9), ("mean", 5.5), ("median", 5.5), ("missing", None)]
)
def test_what_stands_in_is_taken_before_clipping(substitute: str, expected: object) -> None:
    found = clipped(substitute_value_for_peaks=substitute, constant_value_for_upper_threshold=9.0)
    assert found["x"] == [*range(1, 10), expected]


def test_each_side_has_its_own_substitute() -> None:
    found = clipped(
        **BOTH,
        constant_value_for_upper_threshold=9.0,
        constant_value_for_lower_threshold=2.0,
        substitute_value_for_peaks="missing",
        substitute_value_for_subpeaks="mean",
    )
    assert found["x"] == [5.5, *range(2, 10), None]


def test_missing_values_stay_missing_and_count_for_nothing() -> None:
    frame = {"x": [1.0, None, float("nan"), 9.0]}
    found = clipped(
        frame,
        upper_threshold="percentile",
        percentile_value_for_upper_threshold=50.0,
        substitute_value_for_peaks="median",
        add_indicator_columns=True,
    )
    assert found == {"x": [1.0, None, None, 5.0], "x_IsClipped": [False, False, False, True]}


def test_the_original_stays_beside_on_wish() -> None:
    frame = {"x": [1, 200], "x_Clipped": [0, 0]}
    found = clipped(frame, overwrite_flag=False, add_indicator_columns=True)
    assert found == {**frame, "x_Clipped2": [1, 99], "x_IsClipped": [False, True]}


@pytest.mark.parametrize(
    ("dtype", "threshold", "expected"),
    [(pl.Int8, 99.0, pl.Int8), (pl.Int8, 1000.0, pl.Float64), (pl.Int8, 9.5, pl.Float64), (pl.UInt64, 99.0, pl.UInt64)],
)
def test_whole_numbers_stay_whole_where_they_can(dtype: Any, threshold: float, expected: Any) -> None:
    frame = pl.LazyFrame({"x": [1, 2]}, schema={"x": dtype})
    result = clip_values(frame, columns=["x"], constant_value_for_upper_threshold=threshold)
    assert result.collect().schema["x"] == expected


@pytest.mark.parametrize(
    ("frame", "options", "expected"),
    [
        ({"x": ["a"]}, {}, ("0017", "input", "columns", "x")),
        ({}, {"columns": []}, ("0003", "input", None, None)),
        (TEN, {**BOTH, "constant_value_for_upper_threshold": 1.0}, "constant_value_for_lower_threshold"),
        (
            TEN,
            {**BOTH, "threshold": "percentile", "percentile_value_for_lower_threshold": 99.5},
            "percentile_value_for_lower_threshold",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(frame: Any, options: Any, expected: Any) -> None:
    expected = ("0006", None, expected, None) if isinstance(expected, str) else expected
    assert refusal(clip_values, pl.LazyFrame(frame), **{"columns": ["x"], **options}) == expected


@pytest.mark.parametrize("value", [-1.0, 101.0])
@pytest.mark.parametrize("side", ["upper", "lower"])
def test_a_percentile_lies_between_0_and_100(side: str, value: float) -> None:
    options: Any = {
        "set_of_thresholds": "clip_peaks" if side == "upper" else "clip_sub_peaks",
        f"{side}_threshold": "percentile",
        f"percentile_value_for_{side}_threshold": value,
    }
    found = refusal(clip_values, pl.LazyFrame(TEN), columns=["x"], **options)
    assert found == ("0008", None, f"percentile_value_for_{side}_threshold", None)


def test_thresholds_are_asked_for_where_they_count() -> None:
    shown = {
        parameter.name: parameter.conditions
        for parameter in clip_values.spec.parameters
        if parameter.name.endswith("upper_threshold") and "_value_" in parameter.name
    }
    assert shown == {
        "constant_value_for_upper_threshold": [
            {"set_of_thresholds": ["clip_peaks"], "upper_threshold": ["constant"]},
            {"set_of_thresholds": ["clip_peaks_and_subpeaks"], "threshold": ["constant"]},
        ],
        "percentile_value_for_upper_threshold": [
            {"set_of_thresholds": ["clip_peaks"], "upper_threshold": ["percentile"]},
            {"set_of_thresholds": ["clip_peaks_and_subpeaks"], "threshold": ["percentile"]},
        ],
    }

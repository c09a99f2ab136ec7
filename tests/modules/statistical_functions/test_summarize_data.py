"""Summarize Data: figures as in public libraries."""

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from modules.kit import Context, Table
from modules.statistical_functions.summarize_data import SCHEMA, summarize_data

VALUES = np.random.default_rng(0).normal(size=501) ** 3


def described(**columns: Any) -> list[dict[str, Any]]:
    return summarize_data(Table(pl.LazyFrame(columns)), context=Context()).frame.collect().to_dicts()


def test_figures_are_those_of_public_libraries() -> None:
    [row] = described(x=[*VALUES, None, float("nan")])
    assert (row["Count"], row["Unique Value Count"], row["Missing Value Count"]) == (503, 501, 2)
    expected = {
        "Min": VALUES.min(),
        "Max": VALUES.max(),
        "Mean": VALUES.mean(),
        "Mean Deviation": np.abs(VALUES - VALUES.mean()).mean(),
        "1st Quartile": np.quantile(VALUES, 0.25),
        "Median": np.median(VALUES),
        "3rd Quartile": np.quantile(VALUES, 0.75),
        "Range": np.ptp(VALUES),
        "Sample Variance": VALUES.var(ddof=1),
        "Sample Standard Deviation": VALUES.std(ddof=1),
        "Sample Skewness": stats.skew(VALUES, bias=False),
        "Sample Kurtosis": stats.kurtosis(VALUES, bias=False),
        "P0.5": np.quantile(VALUES, 0.005),
        "P1": np.quantile(VALUES, 0.01),
        "P5": np.quantile(VALUES, 0.05),
        "P95": np.quantile(VALUES, 0.95),
        "P99.5": np.quantile(VALUES, 0.995),
    }
    assert {name: row[name] for name in expected} == pytest.approx(expected)


def test_the_mode_is_the_least_of_the_most_frequent() -> None:
    [row] = described(x=[3, 3, 1, 2, 2])
    assert row["Mode"] == 2


@pytest.mark.parametrize("values", [["a", "b", None], [date(2020, 1, 1), date(2020, 1, 2), None], [[1], [2], None]])
def test_other_columns_have_counts_only(values: list[Any]) -> None:
    [row] = described(x=values)
    assert (row["Count"], row["Unique Value Count"], row["Missing Value Count"], row["Mean"]) == (3, 2, 1, None)


def test_true_counts_as_one() -> None:
    [row] = described(x=[True, True, False, None])
    assert (row["Min"], row["Max"], row["Range"], row["Mode"]) == (0, 1, 1, 1)
    assert row["Mean"] == pytest.approx(2 / 3)


def test_a_figure_without_a_meaning_is_missing() -> None:
    [one] = described(x=[5])
    assert (one["Mean"], one["Sample Variance"], one["Sample Skewness"]) == (5, None, None)
    [constant] = described(x=[0.1] * 10)
    assert (constant["Sample Variance"], constant["Sample Kurtosis"]) == (0, None)
    [infinite] = described(x=[1.0, float("inf")])
    assert (infinite["Min"], infinite["Mean"]) == (1, None)


@pytest.mark.parametrize("values", [pl.Series([None, None]), pl.Series([float("nan")]), pl.Series([], dtype=pl.Int64)])
def test_a_column_without_values_has_counts_only(values: pl.Series) -> None:
    [row] = described(x=values)
    assert (row["Unique Value Count"], row["Missing Value Count"], row["Mean"]) == (0, len(values), None)


def test_large_ids_are_told_apart() -> None:
    [row] = described(x=[2**60, 2**60 + 1])
    assert row["Unique Value Count"] == 2


def test_a_table_without_columns_gives_no_rows() -> None:
    assert summarize_data(Table(pl.LazyFrame()), context=Context()).frame.collect().schema == SCHEMA

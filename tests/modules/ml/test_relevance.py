"""Scores of features: the figures of public libraries."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.feature_selection import r_regression

from modules.ml.relevance import chi_squared, correlation

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=100)
Y = X + RANDOM.normal(size=100)
CLASSES = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), min_size=2, max_size=40)


def series(values: Any) -> pl.Series:
    return pl.Series(values, strict=False)


@pytest.mark.parametrize("sign", [1, -1])
def test_correlation_with_a_number(sign: int) -> None:
    expected = abs(r_regression(X[:, None], Y)[0])
    assert correlation(series(X), series(sign * Y), is_category=False) == pytest.approx(expected)


def test_correlation_with_a_category_is_that_with_the_means_of_its_rows() -> None:
    label = np.where(Y > 0.5, "high", np.where(Y < -0.5, "low", "mid"))
    means = {name: X[label == name].mean() for name in set(label)}
    expected = abs(np.corrcoef(X, [means[name] for name in label])[0, 1])
    assert correlation(series(X), series(label), is_category=True) == pytest.approx(expected)


def test_true_counts_as_one() -> None:
    expected = abs(np.corrcoef(X > 0, Y)[0, 1])
    assert correlation(series(X > 0), series(Y), is_category=False) == pytest.approx(expected)


def test_rows_with_a_missing_or_infinite_value_are_left_out() -> None:
    feature, label = [*X, None, 5.0, np.nan, np.inf], [*Y, 3.0, None, 1.0, 2.0]
    assert correlation(series(feature), series(label), is_category=False) == pytest.approx(
        correlation(series(X), series(Y), is_category=False)
    )


@pytest.mark.parametrize("feature", [[1.0, 1.0, 1.0], [None, None, None], ["a", "b", "c"], [1.0, None, None]])
def test_without_a_meaning_the_correlation_is_zero(feature: list[Any]) -> None:
    assert correlation(series(feature), series([1, 2, 3]), is_category=False) == 0


@given(CLASSES)
def test_chi_squared_is_that_of_the_table_of_counts(rows: list[tuple[str, str]]) -> None:
    feature, label = (series(column) for column in zip(*rows, strict=True))
    counts = stats.contingency.crosstab(feature.to_numpy(), label.to_numpy()).count
    expected = stats.chi2_contingency(counts, correction=False).statistic if min(counts.shape) > 1 else 0
    found = chi_squared(feature, label, feature_is_category=False, label_is_category=True)
    assert found == pytest.approx(expected, abs=1e-9)


def test_numbers_with_many_values_are_put_into_ten_bins() -> None:
    bins = np.digitize(X, np.quantile(X, np.arange(0.1, 1, 0.1)), right=True)
    label = Y > 0
    expected = stats.chi2_contingency(stats.contingency.crosstab(bins, label).count, correction=False).statistic
    found = chi_squared(series(X), series(label), feature_is_category=False, label_is_category=False)
    assert found == pytest.approx(expected)


def test_numbers_that_are_categories_are_not_binned() -> None:
    values = np.arange(100) % 20
    label = values % 2
    found = chi_squared(series(values), series(label), feature_is_category=True, label_is_category=True)
    assert found == pytest.approx(100)


@pytest.mark.parametrize("feature", [["a", "a"], [None, None], [], ["a", None]])
def test_a_constant_has_no_chi_squared(feature: list[Any]) -> None:
    label = series([1, 2][: len(feature)])
    assert chi_squared(series(feature), label, feature_is_category=False, label_is_category=False) == 0

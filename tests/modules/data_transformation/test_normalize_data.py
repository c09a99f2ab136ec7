"""Normalize Data: figures as in public libraries, kept for other tables."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats
from scipy.special import expit
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from modules.data_transformation.normalize_data import normalize_data
from modules.kit import ColumnNotFound, NotFinite, Table, TooFewRows, TypesDiffer, WrongColumnType
from modules.ml.scaling import Method
from modules.model_scoring_and_evaluation.apply_transformation import apply_transformation

VALUES = np.random.default_rng(0).lognormal(size=200)


def scaled(values: Any, method: Method = "z_score", **options: Any) -> list[Any]:
    table = Table(pl.LazyFrame({"x": values}))
    found = normalize_data(table, columns=["x"], transformation_method=method, **options).transformed_dataset
    return found.frame.collect()["x"].to_list()


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("z_score", StandardScaler().fit_transform(VALUES[:, None])[:, 0]),
        ("min_max", MinMaxScaler().fit_transform(VALUES[:, None])[:, 0]),
        ("logistic", expit(VALUES)),
        ("log_normal", stats.lognorm.cdf(VALUES, s=np.log(VALUES).std(), scale=np.exp(np.log(VALUES).mean()))),
        ("tanh", np.tanh(VALUES)),
    ],
)
def test_figures_are_those_of_public_libraries(method: Method, expected: Any) -> None:
    assert scaled(VALUES, method) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("method", ["z_score", "min_max", "logistic", "log_normal", "tanh"])
def test_missing_values_stay_missing_and_count_for_nothing(method: Method) -> None:
    found = scaled([1.0, None, 4.0, float("nan"), 9.0], method)
    assert (found[1], found[3]) == (None, None)
    assert [found[0], found[2], found[4]] == scaled([1.0, 4.0, 9.0], method)


@pytest.mark.parametrize("method", ["z_score", "min_max", "log_normal"])
def test_constant_columns_become_zero(method: Method) -> None:
    assert scaled([0.1, 0.1, 0.1], method) == [0.0, 0.0, 0.0]


def test_constant_columns_become_nan_on_wish() -> None:
    assert np.isnan(scaled([0.1, 0.1], use_zero_for_constant_columns=False)).all()


def test_what_has_no_logarithm_is_zero() -> None:
    assert scaled([-1.0, 0.0, 1.0, 2.0], "log_normal")[:2] == [0.0, 0.0]


def test_a_column_without_values_stays_without() -> None:
    assert scaled(pl.Series([None, None], dtype=pl.Float64)) == [None, None]


def test_infinity_has_no_place_on_a_scale() -> None:
    with pytest.raises(NotFinite, match="`x`"):
        scaled([1.0, float("inf")])


def test_text_is_refused() -> None:
    with pytest.raises(WrongColumnType, match="`x` is text"):
        scaled(["a"])


def test_nothing_is_learnt_from_no_rows() -> None:
    with pytest.raises(TooFewRows):
        scaled(pl.Series([], dtype=pl.Float64))


def test_roles_and_other_columns_are_kept() -> None:
    table = Table(pl.LazyFrame({"x": [1, 3], "s": ["a", "b"]}), {"x": "label"})
    found = normalize_data(table, columns=["x"]).transformed_dataset
    assert found.roles == {"x": "label"}
    assert found.frame.collect().rows() == [(-1.0, "a"), (1.0, "b")]


def test_a_replay_uses_the_figures_of_the_first_table() -> None:
    learnt = normalize_data(Table(pl.LazyFrame({"x": [1, 3]})), columns=["x"]).transformation_function
    other = Table(pl.LazyFrame({"z": ["q"], "x": [5]}))
    assert apply_transformation(learnt, other).frame.collect().rows() == [("q", 3.0)]


@pytest.mark.parametrize(("frame", "error"), [({"y": [1]}, ColumnNotFound), ({"x": ["a"]}, TypesDiffer)])
def test_a_replay_needs_the_same_columns(frame: dict[str, list[Any]], error: type[Exception]) -> None:
    learnt = normalize_data(Table(pl.LazyFrame({"x": [1, 3]})), columns=["x"]).transformation_function
    with pytest.raises(error):
        apply_transformation(learnt, Table(pl.LazyFrame(frame)))

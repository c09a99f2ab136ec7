"""Group Data into Bins: where edges lie, which bin a value is in, and how bins are written."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import KBinsDiscretizer

from modules.data_transformation.group_data_into_bins import group_data_into_bins
from modules.kit import Table, WrongColumnType
from modules.model_scoring_and_evaluation.apply_transformation import apply_transformation
from tests.modules.refusals import refusal

CUSTOM = {"binning_mode": "custom_edges", "bin_edges": "0, 10"}
INDEX = {"quantile_normalization": "quantile_index"}
FINITE = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30)


def binned(values: Any, **options: Any) -> list[Any]:
    table = Table(pl.LazyFrame({"x": values}))
    found = group_data_into_bins(table, columns=["x"], output_mode="result_only", **options).quantized_dataset
    return found.frame.collect().to_series().to_list()


def test_a_value_on_an_edge_belongs_to_the_bin_below() -> None:
    assert binned([-5.0, 0.0, 0.1, 10.0, 11.0], **CUSTOM) == [1, 1, 2, 2, 3]


def test_one_edge_makes_two_bins() -> None:
    assert binned([-1, 0, 1], binning_mode="custom_edges", bin_edges="0") == [1, 1, 2]


def test_quantiles_put_as_many_values_into_each_bin() -> None:
    assert binned(range(1, 11), **INDEX, number_of_bins=5) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


@given(FINITE, st.integers(1, 12))
def test_edges_of_quantiles_are_those_of_numpy(values: list[float], bins: int) -> None:
    edges = np.quantile(values, np.linspace(0, 1, bins + 1)[1:-1])
    expected = np.digitize(values, edges, right=True) + 1
    assert binned(values, **INDEX, number_of_bins=bins) == expected.tolist()


@given(FINITE, st.integers(1, 12))
def test_bins_of_equal_width_lie_between_the_ends(values: list[float], bins: int) -> None:
    found = binned(values, binning_mode="equal_width", number_of_bins=bins)
    assert set(found) <= set(range(1, bins + 1))
    if min(values) < max(values):
        assert (found[values.index(min(values))], found[values.index(max(values))]) == (1, bins)


def test_bins_of_equal_width_are_those_of_a_public_library() -> None:
    values = np.random.default_rng(0).normal(size=200)
    expected = KBinsDiscretizer(7, encode="ordinal", strategy="uniform").fit_transform(values[:, None])[:, 0] + 1
    assert binned(values, binning_mode="equal_width", number_of_bins=7) == expected.tolist()


@pytest.mark.parametrize(
    ("normalization", "expected"),
    [("percent", [100 / 11, 1000 / 11]), ("p_quantile", [1 / 11, 10 / 11]), ("quantile_index", [1, 10])],
)
def test_how_quantiles_are_written(normalization: str, expected: list[float]) -> None:
    found = binned(range(100), quantile_normalization=normalization)
    assert [found[0], found[-1]] == pytest.approx(expected)


def test_other_bins_are_always_numbered() -> None:
    assert binned([0, 10], binning_mode="equal_width", number_of_bins=2, quantile_normalization="percent") == [1, 2]


def test_missing_and_infinite_values_make_no_edges() -> None:
    values = [None, float("nan"), float("-inf"), 1.0, 2.0, float("inf")]
    assert binned(values, binning_mode="equal_width", number_of_bins=2) == [None, None, 1, 1, 2, 2]


def test_one_value_makes_one_bin() -> None:
    assert binned([3, 3], binning_mode="equal_width", number_of_bins=4) == [1, 1]


FRAME = {"x": [1, 2], "s": ["a", "b"], "y": [5.0, 6.0]}
TABLE = Table(pl.LazyFrame(FRAME), {"x": "label"}, frozenset({"y"}))


@pytest.mark.parametrize(
    ("mode", "tags", "names", "categorical"),
    [
        ("append", True, ["x", "s", "y", "x_quantized", "y_quantized"], {"x_quantized", "y", "y_quantized"}),
        ("append", False, ["x", "s", "y", "x_quantized", "y_quantized"], {"y"}),
        ("inplace", True, ["x", "s", "y"], {"x", "y"}),
        ("inplace", False, ["x", "s", "y"], set()),
        ("result_only", True, ["x_quantized", "y_quantized"], {"x_quantized", "y_quantized"}),
    ],
)
def test_bins_go_beside_or_in_the_place_of_values(mode: Any, tags: bool, names: list[str], categorical: Any) -> None:
    found = group_data_into_bins(
        TABLE, columns=["x", "y"], output_mode=mode, tag_columns_as_categorical=tags
    ).quantized_dataset
    assert (found.names, found.categorical) == (names, categorical)
    assert found.roles == ({} if mode == "result_only" else {"x": "label"})


def test_bins_take_no_name_that_is_taken() -> None:
    table = Table(pl.LazyFrame({"x": [1], "x_quantized": [9]}))
    found = group_data_into_bins(table, columns=["x"]).quantized_dataset.frame.collect()
    assert (found.columns, found["x_quantized"][0]) == (["x", "x_quantized", "x_quantized2"], 9)


def replayed(frame: Any) -> dict[str, list[Any]]:
    learnt = group_data_into_bins(
        Table(pl.LazyFrame({"x": range(10)})), columns=["x"], number_of_bins=2, output_mode="inplace", **INDEX
    )
    found = apply_transformation(learnt.binning_transformation, Table(pl.LazyFrame(frame)))
    assert found.categorical == {"x"}
    return found.frame.collect().to_dict(as_series=False)


def test_a_replay_uses_the_edges_of_the_first_table() -> None:
    assert replayed({"z": [1, 1, 1], "x": [-100.0, 4.6, None]}) == {"z": [1, 1, 1], "x": [1, 2, None]}


def test_a_replay_replaces_no_column() -> None:
    learnt = group_data_into_bins(Table(pl.LazyFrame({"x": [1]})), columns=["x"]).binning_transformation
    other = Table(pl.LazyFrame({"x": [1], "x_quantized": [1]}))
    assert refusal(learnt.apply, other) == ("0028", "dataset", None, "x_quantized")


@pytest.mark.parametrize(
    ("frame", "expected"),
    [({"z": [1]}, ("0001", "dataset", None, "x")), ({"x": ["a"]}, ("0016", "dataset", None, "x"))],
)
def test_a_replay_needs_the_same_columns(frame: Any, expected: object) -> None:
    assert refusal(replayed, frame) == expected


@pytest.mark.parametrize(
    ("frame", "options", "expected"),
    [
        ({"x": ["a"]}, {}, ("0017", "dataset", "columns", "x")),
        ({"x": [1]}, {"number_of_bins": 0}, ("0005", None, "number_of_bins", None)),
        ({"x": [1]}, {**CUSTOM, "bin_edges": " , "}, ("0003", None, "bin_edges", None)),
        ({"x": [1]}, {**CUSTOM, "bin_edges": "0, ten"}, ("0002", None, "bin_edges", None)),
        ({"x": [1]}, {**CUSTOM, "bin_edges": "0, inf"}, ("0002", None, "bin_edges", None)),
        ({"x": [1]}, {**CUSTOM, "bin_edges": "0, 2, 1"}, ("0019", None, "bin_edges", None)),
        ({"x": [1]}, {**CUSTOM, "bin_edges": "1, 1"}, ("0019", None, "bin_edges", None)),
        ({"x": pl.Series([], dtype=pl.Int64)}, {}, ("0021", "dataset", None, None)),
        ({"x": pl.Series([None], dtype=pl.Int64)}, {}, ("0075", "dataset", "columns", "x")),
        ({"x": [float("inf")]}, {"binning_mode": "equal_width"}, ("0075", "dataset", "columns", "x")),
        ({}, {"columns": []}, ("0003", "dataset", None, None)),
    ],
)
def test_what_makes_no_bins_is_refused(frame: Any, options: Any, expected: object) -> None:
    given_options = {"columns": ["x"], **options}
    assert refusal(group_data_into_bins, Table(pl.LazyFrame(frame)), **given_options) == expected


def test_all_columns_without_numbers_are_named_at_once() -> None:
    table = Table(pl.LazyFrame({"x": [1], "s": ["a"], "t": ["b"]}))
    with pytest.raises(WrongColumnType) as caught:
        group_data_into_bins(table, columns=["x", "s", "t"])
    assert "`s`, `t`" in str(caught.value.hint)

"""Convert to Indicator Values: one column for each category, the same for other tables."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from sklearn.preprocessing import OneHotEncoder

from modules.data_transformation.convert_to_indicator_values import convert_to_indicator_values
from modules.kit import Table
from modules.model_scoring_and_evaluation.apply_transformation import apply_transformation
from tests.modules.refusals import refusal


def table(columns: Any, **options: Any) -> Table:
    frame = pl.LazyFrame(columns)
    return Table(frame, categorical=options.pop("categorical", frozenset(frame.collect_schema().names())), **options)


def indicated(columns: Any, chosen: list[str] | None = None, **options: Any) -> dict[str, list[Any]]:
    given = table(columns)
    found = convert_to_indicator_values(given, columns=chosen or given.names, **options).results_dataset
    return found.frame.collect().to_dict(as_series=False)


def test_each_value_gets_a_column_in_order() -> None:
    assert indicated({"k": ["b", "a", "b"], "x": [1, 2, 3]}, ["k"]) == {
        "k": ["b", "a", "b"],
        "x": [1, 2, 3],
        "k-a": [0, 1, 0],
        "k-b": [1, 0, 1],
    }


def test_the_same_numbers_as_in_a_public_library() -> None:
    values = ["b", "a", "c", "b"]
    found = list(indicated({"k": values}, overwrite_categorical_columns=True).values())
    expected = OneHotEncoder(sparse_output=False).fit_transform([[value] for value in values])
    assert [list(row) for row in zip(*found, strict=True)] == expected.tolist()


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_missing_values_get_a_column_of_their_own(missing: Any) -> None:
    found = indicated({"k": pl.Series([2.0, missing, 1.5])}, overwrite_categorical_columns=True)
    assert found == {"k-1.5": [0, 0, 1], "k-2.0": [1, 0, 0], "k-Missing": [0, 1, 0]}


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ([10, 9], ["k-9", "k-10"]),
        ([True, False], ["k-false", "k-true"]),
        ([date(2020, 1, 2)], ["k-2020-01-02"]),
        (["", " "], ["k-", "k- "]),
        (["나", "가"], ["k-가", "k-나"]),
    ],
)
def test_columns_are_named_after_values(values: list[Any], names: list[str]) -> None:
    assert list(indicated({"k": values}, overwrite_categorical_columns=True)) == names


@pytest.mark.parametrize(
    ("dtype", "names"), [(pl.Categorical, ["k", "k-a", "k-b"]), (pl.Enum(["b", "a", "c"]), ["k", "k-b", "k-a"])]
)
def test_stored_categories_need_no_flag(dtype: Any, names: list[str]) -> None:
    given = table({"k": pl.Series(["b", "a"], dtype=dtype)}, categorical=frozenset())
    found = convert_to_indicator_values(given, columns=["k"]).results_dataset
    assert found.names == names


def test_a_value_that_reads_missing_is_told_apart() -> None:
    found = indicated({"k": ["Missing", None]}, overwrite_categorical_columns=True)
    assert found == {"k-Missing": [1, 0], "k-Missing2": [0, 1]}


def test_no_column_is_replaced_by_an_indicator() -> None:
    given = table({"k": ["a"], "k-a": [5]}, categorical=frozenset({"k"}))
    found = convert_to_indicator_values(given, columns=["k"]).results_dataset.frame.collect()
    assert found.to_dict(as_series=False) == {"k": ["a"], "k-a": [5], "k-a2": [1]}


def test_roles_are_kept() -> None:
    given = table({"k": ["a"], "y": [1]}, roles={"y": "label"})
    assert convert_to_indicator_values(given, columns=["k"]).results_dataset.roles == {"y": "label"}


def replayed(columns: Any, **options: Any) -> dict[str, list[Any]]:
    learnt = convert_to_indicator_values(table({"k": ["a", "b"]}), columns=["k"], **options)
    found = apply_transformation(learnt.indicator_values_transformation, Table(pl.LazyFrame(columns)))
    return found.frame.collect().to_dict(as_series=False)


def test_a_replay_makes_the_same_columns() -> None:
    found = replayed({"z": [7, 8, 9], "k": ["b", "c", None]}, overwrite_categorical_columns=True)
    assert found == {"z": [7, 8, 9], "k-a": [0, 0, 0], "k-b": [1, 0, 0]}


def test_a_replay_reads_numbers_of_another_size() -> None:
    learnt = convert_to_indicator_values(table({"k": pl.Series([1, 2], dtype=pl.Int8)}), columns=["k"])
    found = learnt.indicator_values_transformation.apply(Table(pl.LazyFrame({"k": [2.0, 3.0]}))).frame.collect()
    assert found.rows() == [(2.0, 0, 1), (3.0, 0, 0)]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"z": ["a"]}, ("0001", "dataset", None, "k")),
        ({"k": [1]}, ("0016", "dataset", None, "k")),
        ({"k": ["a"], "k-b": [1]}, ("0028", "dataset", None, "k-b")),
    ],
)
def test_a_replay_needs_the_same_columns(columns: Any, expected: object) -> None:
    assert refusal(replayed, columns) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (table({"k": ["a"]}, categorical=frozenset()), ("0056", "dataset", "columns", "k")),
        (table({"k": [1]}, categorical=frozenset()), ("0056", "dataset", "columns", "k")),
        (table({"k": [[1]]}), ("0017", "dataset", "columns", "k")),
        (table({"k": range(10_001)}), ("0129", "dataset", "columns", "k")),
        (table({}), ("0003", "dataset", None, None)),
    ],
)
def test_what_has_no_categories_is_refused(given: Table, expected: object) -> None:
    assert refusal(convert_to_indicator_values, given, columns=given.names) == expected


@pytest.mark.parametrize("value", [2**63 + 5, -(2**62)])
def test_large_numbers_keep_all_digits(value: int) -> None:
    assert list(indicated({"k": [value, value + 1]})) == ["k", f"k-{value}", f"k-{value + 1}"]

"""Ordinal Encoding: which number a category gets."""

from typing import Any

import polars as pl
import pytest
from sklearn.preprocessing import OrdinalEncoder

from modules.data_transformation.ordinal_encoding import ordinal_encoding
from modules.kit import Table
from modules.model_scoring_and_evaluation.apply_transformation import apply_transformation
from tests.modules.refusals import refusal

SIZES = ["small", "large", None, "medium", "large"]
LISTED = {"order_of_values": "as_listed", "list_of_values": "small, medium, large"}


def encoded(values: Any, **options: Any) -> list[Any]:
    table = Table(pl.LazyFrame({"k": values}))
    return ordinal_encoding(table, columns=["k"], **options).results_dataset.frame.collect()["k"].to_list()


def test_the_numbers_are_those_of_a_public_library() -> None:
    values = ["b", "a", "c", "b"]
    expected = OrdinalEncoder().fit_transform([[value] for value in values])[:, 0]
    assert encoded(values) == expected.tolist()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [2, 0, None, 1, 0]),
        ({"order_of_values": "by_frequency"}, [2, 0, None, 1, 0]),
        (LISTED, [0, 2, None, 1, 2]),
        ({**LISTED, "list_of_values": "small, medium"}, [0, None, None, 1, None]),
        ({**LISTED, "list_of_values": "small, medium", "unknown_values": "minus_one"}, [0, -1, None, 1, -1]),
    ],
)
def test_the_order_gives_the_numbers(options: Any, expected: list[Any]) -> None:
    assert encoded(SIZES, **options) == expected


def test_numbers_go_by_their_size() -> None:
    assert encoded([10, 9, 100]) == [1, 0, 2]
    assert encoded([10, 9], order_of_values="as_listed", list_of_values="10,9") == [0, 1]


def test_stored_categories_go_by_their_own_order() -> None:
    assert encoded(pl.Series(["a", "z"], dtype=pl.Enum(["z", "a"]))) == [1, 0]


def test_numbers_go_beside_the_values_on_wish() -> None:
    table = Table(pl.LazyFrame({"k": ["a"], "k_encoded": [9]}), {"k": "label"}, frozenset({"k"}))
    found = ordinal_encoding(table, columns=["k"], output_mode="append").results_dataset
    assert found.frame.collect().to_dict(as_series=False) == {"k": ["a"], "k_encoded": [9], "k_encoded2": [0]}
    assert (found.roles, found.categorical) == ({"k": "label"}, {"k"})


def replayed(frame: Any, **options: Any) -> dict[str, list[Any]]:
    learnt = ordinal_encoding(Table(pl.LazyFrame({"k": ["b", "a"]})), columns=["k"], **options)
    found = apply_transformation(learnt.encoding_transformation, Table(pl.LazyFrame(frame)))
    return found.frame.collect().to_dict(as_series=False)


@pytest.mark.parametrize(("unknown", "expected"), [("missing", [1, None, None]), ("minus_one", [1, -1, None])])
def test_a_replay_gives_the_same_numbers(unknown: str, expected: list[Any]) -> None:
    assert replayed({"k": ["b", "new", None]}, unknown_values=unknown) == {"k": expected}


def test_a_replay_replaces_no_column() -> None:
    assert refusal(replayed, {"k": ["a"], "k_encoded": [1]}, output_mode="append") == (
        "0028",
        "dataset",
        None,
        "k_encoded",
    )


@pytest.mark.parametrize(
    ("frame", "expected"),
    [({"z": ["a"]}, ("0001", "dataset", None, "k")), ({"k": [1]}, ("0016", "dataset", None, "k"))],
)
def test_a_replay_needs_the_same_columns(frame: Any, expected: object) -> None:
    assert refusal(replayed, frame) == expected


@pytest.mark.parametrize(
    ("values", "options", "expected"),
    [
        ([[1]], {}, ("0017", "dataset", "columns", "k")),
        (["a"], {**LISTED, "list_of_values": " ,"}, ("0003", None, "list_of_values", None)),
        (["a"], {**LISTED, "list_of_values": "a, b, a"}, ("0002", None, "list_of_values", None)),
        ([1], {**LISTED, "list_of_values": "one"}, ("0002", None, "list_of_values", "k")),
    ],
)
def test_what_has_no_order_is_refused(values: Any, options: Any, expected: object) -> None:
    assert refusal(encoded, values, **options) == expected

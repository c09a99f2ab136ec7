"""Select Columns Transform: the columns of one table, taken of another."""

from typing import Any

import polars as pl

from modules.data_transformation.select_columns_transform import select_columns_transform
from modules.kit import Table
from modules.model_scoring_and_evaluation.apply_transformation import apply_transformation
from tests.modules.refusals import refusal

TABLE = Table(pl.LazyFrame({"y": [1], "b": [2], "a": [3]}), {"y": "label"})


def replayed(columns: dict[str, list[Any]], **options: Any) -> Table:
    return apply_transformation(select_columns_transform(TABLE), Table(pl.LazyFrame(columns), **options))


def test_the_same_columns_are_kept_in_the_same_order() -> None:
    found = replayed({"a": [1], "z": [9], "b": ["x"], "y": [0]}, roles={"z": "label", "b": "none"})
    assert found.frame.collect().to_dict(as_series=False) == {"y": [0], "b": ["x"], "a": [1]}
    assert found.roles == {"b": "none"}


def test_rows_to_be_scored_need_no_label() -> None:
    assert replayed({"a": [1], "b": [2]}).names == ["b", "a"]


def test_any_other_column_must_be_there() -> None:
    assert refusal(replayed, {"a": [1], "y": [0]}) == ("0001", "dataset", None, "b")


def test_a_table_without_columns_is_refused() -> None:
    expected = ("0003", "dataset_with_desired_columns", None, None)
    assert refusal(select_columns_transform, Table(pl.LazyFrame())) == expected

"""Select Columns in Dataset."""

import polars as pl
import pytest

from modules.data_transformation.select_columns_in_dataset import select_columns_in_dataset
from modules.kit import DuplicateColumn

FRAME = pl.LazyFrame({"a": [1], "b": [2], "나이": [3]})


def test_the_selected_columns_are_kept_in_the_order_given() -> None:
    assert select_columns_in_dataset(FRAME, columns=["나이", "a"]).collect().to_dict(as_series=False) == {
        "나이": [3],
        "a": [1],
    }


def test_no_column_can_stand_twice() -> None:
    with pytest.raises(DuplicateColumn, match="`a`"):
        select_columns_in_dataset(FRAME, columns=["a", "b", "a"])

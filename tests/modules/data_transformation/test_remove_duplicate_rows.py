"""Remove Duplicate Rows: one row of each key."""

import polars as pl
import pytest

from modules.data_transformation.remove_duplicate_rows import remove_duplicate_rows

FRAME = pl.LazyFrame(
    {"row": range(6), "a": [1, 1, None, None, 2, 1], "f": [float("nan"), float("nan"), 1.0, 1.0, 1.0, 2.0]}
)


@pytest.mark.parametrize(
    ("columns", "first", "rows"),
    [
        (["a"], True, [0, 2, 3, 4]),
        (["a"], False, [2, 3, 4, 5]),
        (["f"], True, [0, 1, 2, 5]),
        (["a", "f"], True, [0, 1, 2, 3, 4, 5]),
        (["row"], True, [0, 1, 2, 3, 4, 5]),
    ],
)
def test_one_row_stays_and_a_missing_key_is_never_a_duplicate(columns: list[str], first: bool, rows: list[int]) -> None:
    found = remove_duplicate_rows(FRAME, columns=columns, retain_first_duplicate_row=first)
    assert found.collect()["row"].to_list() == rows


def test_keys_agree_only_in_all_columns() -> None:
    frame = pl.LazyFrame({"a": [1, 1, 1], "b": ["x", "y", "x"]})
    assert remove_duplicate_rows(frame, columns=["a", "b"]).collect().rows() == [(1, "x"), (1, "y")]


@pytest.mark.parametrize("dtype", [pl.Categorical, pl.String, pl.Boolean, pl.Decimal(10, 2), pl.List(pl.Int64)])
def test_keys_of_all_types_are_compared(dtype: pl.DataType) -> None:
    value = {pl.Boolean: True, pl.List(pl.Int64): [1], pl.Decimal(10, 2): 1}.get(dtype, "x")  # type: ignore[call-overload]  # any key
    frame = pl.LazyFrame({"k": pl.Series([value, value, None], dtype=dtype)})
    assert remove_duplicate_rows(frame, columns=["k"]).collect().height == 2

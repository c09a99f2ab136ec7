"""Sort Rows: order, directions, and where missing values go."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.data_transformation.sort_rows import sort_rows
from tests.modules.refusals import refusal

FRAME = {"k": ["b", "a", None, "a", "B"], "x": [1.0, float("nan"), 3.0, None, 2.0], "row": [0, 1, 2, 3, 4]}


def rows(columns: list[str], frame: Any = None, **options: Any) -> list[int]:
    table = pl.LazyFrame(FRAME if frame is None else frame)
    return sort_rows(table, columns=columns, **{"descending_columns": [], **options}).collect()["row"].to_list()


@pytest.mark.parametrize(
    ("columns", "options", "expected"),
    [
        (["k"], {}, [4, 1, 3, 0, 2]),
        (["k"], {"descending_columns": ["k"]}, [0, 1, 3, 4, 2]),
        (["k"], {"missing_values": "first"}, [2, 4, 1, 3, 0]),
        (["x"], {}, [0, 4, 2, 1, 3]),
        (["x"], {"descending_columns": ["x"]}, [2, 4, 0, 1, 3]),
        (["k", "row"], {"descending_columns": ["row"]}, [4, 3, 1, 0, 2]),
        (["row", "k"], {"descending_columns": ["row"]}, [4, 3, 2, 1, 0]),
    ],
)
def test_rows_are_sorted(columns: list[str], options: Any, expected: list[int]) -> None:
    assert rows(columns, **options) == expected


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from("ab")), max_size=20))
def test_equal_rows_keep_their_order(keys: list[tuple[int, str]]) -> None:
    frame = pl.DataFrame(keys, schema={"n": pl.Int64, "s": pl.String}, orient="row").with_row_index("row")
    assert rows(["s", "n"], frame) == sorted(range(len(keys)), key=lambda row: (keys[row][1], keys[row][0]))


def test_categories_with_an_order_go_by_it() -> None:
    sizes = pl.Series(["large", "small", "medium"], dtype=pl.Enum(["small", "medium", "large"]))
    assert rows(["size"], {"size": sizes, "row": [0, 1, 2]}) == [1, 2, 0]


def test_other_stored_categories_go_by_their_letters() -> None:
    assert rows(["k"], {"k": pl.Series(["z", "a"], dtype=pl.Categorical), "row": [0, 1]}) == [1, 0]


@pytest.mark.parametrize(
    ("frame", "options", "expected"),
    [
        ({"k": [[1]]}, {}, ("0017", "dataset", "columns", "k")),
        ({"k": [1], "x": [1]}, {"descending_columns": ["x"]}, ("0018", "dataset", "descending_columns", "x")),
    ],
)
def test_what_has_no_order_is_refused(frame: Any, options: Any, expected: object) -> None:
    given_options = {"descending_columns": [], **options}
    assert refusal(sort_rows, pl.LazyFrame(frame), columns=["k"], **given_options) == expected

"""Filter Rows: rows go by a condition; the rest of them on wish."""

import polars as pl
import pytest

from modules.data_transformation.filter_rows import filter_rows
from tests.modules.refusals import refusal

FRAME = pl.LazyFrame({"price": [1.0, None, 3.0, float("nan")], "make": ["audi", "bmw", "bmw", None]})


@pytest.mark.parametrize(
    ("condition", "prices"),
    [("price > 1", [3.0]), ("make = 'bmw'", [None, 3.0]), ("price < 5 and make = 'audi'", [1.0])],
)
def test_rows_for_which_the_condition_holds_are_kept_in_order(condition: str, prices: list[float | None]) -> None:
    assert filter_rows(FRAME, condition=condition).collect()["price"].to_list() == prices


def test_the_others_include_what_is_missing() -> None:
    found = filter_rows(FRAME, condition="price > 1", keep_the_others=True).collect()
    assert found["make"].to_list() == ["audi", "bmw", None]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (" ", ("0003", None, "condition", None)),
        ("cost > 1", ("0001", "dataset", "condition", "cost")),
        ("not price", ("0017", "dataset", "condition", "price")),
        ("price >", ("0002", None, "condition", None)),
    ],
)
def test_what_is_no_condition_is_refused(condition: str, expected: object) -> None:
    assert refusal(filter_rows, FRAME, condition=condition) == expected

"""Unpivot Data: columns become rows."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from modules.data_transformation.unpivot_data import unpivot_data
from tests.modules.refusals import refusal

FRAME = {"id": ["p", "q"], "x": [1, None], "y": [2.5, 3.5]}


def unpivoted(columns: list[str], frame: Any = None, **options: Any) -> dict[str, list[Any]]:
    table = pl.LazyFrame(FRAME if frame is None else frame)
    return unpivot_data(table, columns=columns, **options).collect().to_dict(as_series=False)


def test_each_value_becomes_a_row() -> None:
    assert unpivoted(["x", "y"]) == {
        "id": ["p", "q", "p", "q"],
        "Column": ["x", "x", "y", "y"],
        "Value": [1.0, None, 2.5, 3.5],
    }


def test_missing_values_are_left_out_on_wish() -> None:
    assert unpivoted(["x", "y"], leave_out_missing_values=True)["Value"] == [1.0, 2.5, 3.5]


def test_the_new_columns_have_the_names_that_were_given() -> None:
    found = unpivoted(["x"], name_of_the_names="what", name_of_the_values="how much")
    assert list(found) == ["id", "y", "what", "how much"]


def test_all_columns_may_become_rows() -> None:
    assert unpivoted(["id"], {"id": ["p"]}) == {"Column": ["id"], "Value": ["p"]}


def test_texts_go_together_however_they_are_stored() -> None:
    frame = {"a": pl.Series(["x"], dtype=pl.Categorical), "b": pl.Series(["y"], dtype=pl.Enum(["y"])), "c": ["z"]}
    assert unpivoted(["a", "b", "c"], frame)["Value"] == ["x", "y", "z"]


def test_an_empty_column_goes_with_any() -> None:
    assert unpivoted(["a", "b"], {"a": [None], "b": ["x"]})["Value"] == [None, "x"]


@pytest.mark.parametrize(
    ("columns", "options", "expected"),
    [
        (["x", "id"], {}, ("0045", "dataset", "columns", "id")),
        (["x", "day"], {}, ("0045", "dataset", "columns", "day")),
        (["x"], {"name_of_the_names": "id"}, ("0028", "dataset", "name_of_the_names", "id")),
        (["x"], {"name_of_the_values": "Column"}, ("0028", "dataset", "name_of_the_values", "Column")),
        (["x"], {"name_of_the_values": " "}, ("0003", None, "name_of_the_values", None)),
    ],
)
def test_what_does_not_go_together_is_refused(columns: list[str], options: Any, expected: object) -> None:
    frame = {**FRAME, "day": [date(2020, 1, 1)] * 2}
    assert refusal(unpivot_data, pl.LazyFrame(frame), columns=columns, **options) == expected

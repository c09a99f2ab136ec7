"""Columns and types that a person writes into fields."""

from datetime import datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.kit import ColumnNotConvertible, ColumnNotFound, DuplicateColumn, NotConvertible
from modules.ml.wanted_columns import check_there, names_in, types_in, with_types

FRAME = pl.LazyFrame({"n": [1, 2], "t": ["1.5", None], "d": ["2024-02-29", "2024-03-01"], "many": [[1], [2]]})


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        (" , ", []),
        ("a", ["a"]),
        ("a, b ,c", ["a", "b", "c"]),
        ('a, "b, c"', ["a", "b, c"]),
        ("a\nb", ["a", "b"]),
    ],
)
def test_names_are_separated_by_commas(text: str, names: list[str]) -> None:
    assert names_in(text, parameter="p") == names


def test_a_name_that_stands_twice_is_0028() -> None:
    with pytest.raises(DuplicateColumn) as caught:
        names_in("a, b, a", parameter="p")
    assert (caught.value.code, caught.value.parameter, caught.value.column) == ("0028", "p", "a")


def test_types_stand_one_a_line() -> None:
    text = "n: double\n\n  a: b : Text \nd:date\nb: true or false"
    assert types_in(text, parameter="p") == {"n": "double", "a: b": "string", "d": "date_time", "b": "boolean"}


@pytest.mark.parametrize("line", ["price", "price: colour", ": double", "price double"])
def test_a_line_that_is_no_type_is_0002(line: str) -> None:
    with pytest.raises(NotConvertible, match="a column and its type") as caught:
        types_in(f"n: double\n{line}", parameter="p")
    assert (caught.value.code, caught.value.parameter) == ("0002", "p")


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (types_in, names_in):
        try:
            read(text, parameter="p")
        except (NotConvertible, DuplicateColumn) as error:
            assert error.parameter == "p"


def test_columns_get_their_types() -> None:
    types: dict[str, Any] = {"n": "double", "t": "double", "d": "date_time"}
    found = with_types(FRAME, types, port="output_data", parameter="p").collect()
    assert found.drop("many").rows() == [
        (1.0, 1.5, datetime(2024, 2, 29)),  # noqa: DTZ001  local time
        (2.0, None, datetime(2024, 3, 1)),  # noqa: DTZ001  local time
    ]
    assert found.columns == ["n", "t", "d", "many"]


@pytest.mark.parametrize(
    ("types", "kind", "code", "column"),
    [
        ({"m": "double"}, ColumnNotFound, "0001", "m"),
        ({"d": "integer"}, NotConvertible, "0002", "d"),
        ({"many": "integer"}, ColumnNotConvertible, "0042", "many"),
    ],
)
def test_a_type_that_cannot_be_has_its_code(types: Any, kind: Any, code: str, column: str) -> None:
    with pytest.raises(kind) as caught:
        with_types(FRAME, types, port="output_data", parameter="p")
    assert (caught.value.code, caught.value.parameter, caught.value.column) == (code, "p", column)


def test_a_column_that_is_not_there_is_0001_with_the_nearest_name() -> None:
    with pytest.raises(ColumnNotFound, match="did you mean `many`") as caught:
        check_there(FRAME, ["n", "mony"], port="output_data", parameter="p")
    assert (caught.value.code, caught.value.parameter) == ("0001", "p")

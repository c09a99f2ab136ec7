"""What a typed text is in the type of a column."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from modules.ml.values import value_of


@pytest.mark.parametrize(
    ("text", "dtype", "expected"),
    [
        (" 3 ", pl.Int64(), 3),
        ("3.0", pl.Int8(), 3),
        (str(2**62 + 1), pl.Int64(), 2**62 + 1),
        ("0.5", pl.Float64(), 0.5),
        ("0.5", pl.Decimal(10, 2), Decimal("0.5")),
        (" 3 ", pl.String(), " 3 "),
        ("TRUE", pl.Boolean(), True),
        ("0", pl.Boolean(), False),
        ("x", pl.Categorical(), "x"),
        ("x", pl.Enum(["x"]), "x"),
        ("2020-01-31", pl.Date(), date(2020, 1, 31)),
        ("2020-01-31 10:30", pl.Datetime("ms"), datetime(2020, 1, 31, 10, 30)),  # noqa: DTZ001  local time
    ],
)
def test_a_text_is_read_in_the_type_of_a_column(text: str, dtype: Any, expected: object) -> None:
    assert value_of(text, dtype) == expected


@pytest.mark.parametrize(
    ("text", "dtype"),
    [
        ("x", pl.Int64()),
        ("", pl.Int64()),
        ("0.5", pl.Int64()),
        ("300", pl.Int8()),
        ("2", pl.Boolean()),
        ("y", pl.Enum(["x"])),
        ("soon", pl.Date()),
        ("1", pl.List(pl.Int64)),
        ("1", pl.Null()),
        ("1", pl.Time()),
    ],
)
def test_a_text_that_is_no_such_value_is_refused(text: str, dtype: Any) -> None:
    with pytest.raises(ValueError, match="no value of the type"):
        value_of(text, dtype)

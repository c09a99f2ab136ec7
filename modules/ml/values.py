"""A value that a person has typed, in the type of a column."""

import re
from typing import Any

import polars as pl

from modules.kit.errors import NotConvertible
from modules.ml.converting import converted

TRUTHS = {"true": True, "1": True, "false": False, "0": False}
WHOLE = re.compile(r"\.0*$")
"""What a whole number may end with."""


def value_of(text: str, dtype: pl.DataType) -> Any:
    """Read a text as a value of a type; raises ValueError where it is none."""
    if dtype in (pl.String, pl.Categorical) or (isinstance(dtype, pl.Enum) and text in dtype.categories):
        return text
    if dtype == pl.Boolean and text.strip().lower() in TRUTHS:
        return TRUTHS[text.strip().lower()]
    try:
        if dtype.is_numeric():
            return pl.Series([WHOLE.sub("", text.strip()) if dtype.is_integer() else text.strip()]).cast(dtype)[0]
        if dtype in (pl.Date, pl.Datetime):
            found = converted(pl.LazyFrame({"value": [text]}), ["value"], "date_time")
            return pl.LazyFrame({"value": [text]}).select(found["value"].cast(dtype)).collect().item()
    except (pl.exceptions.PolarsError, NotConvertible):
        pass
    raise ValueError(f"{text!r} is no value of the type {dtype}")

"""Convert to CSV: the contents are unchanged."""

import polars as pl

from modules.data_transformation.convert_to_csv import convert_to_csv
from modules.kit import Table
from tests.modules.refusals import refusal


def test_nothing_changes() -> None:
    table = Table(pl.LazyFrame({"a": [1], "b": ["x"]}), {"a": "label"}, frozenset({"b"}))
    assert convert_to_csv(table) is table


def test_a_table_without_columns_makes_no_file() -> None:
    assert refusal(convert_to_csv, Table(pl.LazyFrame())) == ("0003", "dataset", None, None)

"""Profile Data: the tables and the page."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from modules.kit import Context, Table
from modules.statistical_functions.profile_data import COLUMNS, RELATIONS, profile_data
from tests.modules.refusals import refusal

FRAME = pl.LazyFrame(
    {
        "x": [1.0, 2.0, None, 4.0, 1.0],
        "double": [2.0, 4.0, 6.0, 8.0, 2.0],
        "text": ["a", "b", "b ", None, "a"],
        "day": [date(2020, 1, day) for day in (1, 2, 3, 4, 1)],
        "list": [[1], [2], [3], [4], [1]],
    }
)


def profiled(table: Table | None = None, **options: Any) -> Any:
    context = options.pop("context", Context())
    return profile_data(table or Table(FRAME, {"x": "label"}), **options, context=context)


def test_each_column_has_a_row() -> None:
    found = profiled().columns.frame.collect()
    assert found.schema == COLUMNS
    assert found["Column"].to_list() == ["x", "double", "text", "day", "list"]
    row = found.row(0, named=True)
    assert (row["Type"], row["Role"], row["Rows"], row["Missing"], row["Missing Share"]) == (
        "Number",
        "label",
        5,
        1,
        0.2,
    )
    assert (row["Most Frequent"], row["Most Frequent Share"], row["Mean"], row["Median"]) == ("1.0", 0.5, 2.0, 1.5)


def test_alerts_are_in_words() -> None:
    alerts = dict(profiled().columns.frame.select("Column", "Alerts").collect().iter_rows())
    assert alerts["text"] == "20% of the values are missing; has spaces around some values"
    assert alerts["double"] == ""


def test_columns_that_go_together_are_listed() -> None:
    found = profiled(least_strength=0.9).relations.frame.collect()
    assert found.schema == RELATIONS
    assert ("x", "double", "correlation", pytest.approx(1)) in found.rows()
    assert found["Strength"].is_sorted(descending=True)


def test_the_page_stands_alone() -> None:
    report = profiled(title="Cars & more").report
    page = Path(report.path).read_text(encoding="utf-8")
    assert report.name == "profile.html"
    assert "<h1>Cars &amp; more</h1>" in page
    assert all(f"<h2>{name}</h2>" in page for name in ("x", "double", "text", "day", "list"))
    assert "http" not in page.replace("http://www.w3.org", "")


def test_the_run_tells_the_size_and_repeated_rows() -> None:
    context = Context()
    profiled(context=context)
    assert context.metrics == {"Rows": 5, "Columns": 5, "Missing values": 2, "Repeated rows": 1}


def test_a_table_without_rows_has_columns() -> None:
    found = profiled(Table(FRAME.clear())).columns.frame.collect()
    assert (found.height, found["Missing Share"].to_list()) == (5, [None] * 5)


def test_a_table_without_columns_is_refused() -> None:
    assert refusal(profiled, Table(pl.LazyFrame())) == ("0003", "dataset", None, None)

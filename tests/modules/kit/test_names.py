"""Titles come from identifiers, and a misspelt name finds the one that was meant."""

import pytest

from modules.kit.names import heading_of, nearest, title_of


@pytest.mark.parametrize(
    ("identifier", "title"),
    [("cleaning_mode", "Cleaning mode"), ("sql_query", "SQL query"), ("seed", "Seed"), ("None", "None")],
)
def test_a_title_has_one_capital(identifier: str, title: str) -> None:
    assert title_of(identifier) == title


@pytest.mark.parametrize(
    ("identifier", "heading"),
    [
        ("select_columns_in_dataset", "Select Columns in Dataset"),
        ("apply_sql_transformation", "Apply SQL Transformation"),
        ("data_input_and_output", "Data Input and Output"),
    ],
)
def test_a_heading_capitalizes_what_is_not_small(identifier: str, heading: str) -> None:
    assert heading_of(identifier) == heading


@pytest.mark.parametrize(
    ("name", "meant"),
    [("fraction", "fraction_of_rows"), ("PRICE", "price"), ("prize", "price"), ("xyz", None), ("", None)],
)
def test_the_nearest_name_is_offered(name: str, meant: str | None) -> None:
    assert nearest(name, ["fraction_of_rows", "price", "seed"]) == meant

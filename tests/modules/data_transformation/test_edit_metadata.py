"""Edit Metadata: types, roles, flags and names."""

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from modules.data_transformation.edit_metadata import edit_metadata
from modules.kit import ColumnNotConvertible, DuplicateColumn, LabelMissingValues, NotConvertible, SizesDiffer, Table


def converted(values: Any, to: str, date_format: str = "") -> list[Any]:
    table = Table(pl.LazyFrame({"x": values}))
    found = edit_metadata(table, columns=["x"], data_type=to, date_and_time_format=date_format)  # type: ignore[arg-type]  # any of the choices
    assert found.frame.collect_schema() == found.frame.collect().schema
    return found.frame.collect()["x"].to_list()


@pytest.mark.parametrize(
    ("values", "to", "expected"),
    [
        ([1, None], "string", ["1", None]),
        ([1.5, float("nan")], "string", ["1.5", None]),
        ([True, False], "string", ["true", "false"]),
        ([date(2020, 1, 31)], "string", ["2020-01-31"]),
        (["7", " 8 ", None], "integer", [7, 8, None]),
        ([1.5, 2.5, 2.6], "integer", [2, 2, 3]),
        (["1152921504606846977"], "integer", [2**60 + 1]),
        ([True, False], "integer", [1, 0]),
        (["1.5", "2", "-1e3"], "double", [1.5, 2.0, -1000.0]),
        ([3], "double", [3.0]),
        (["Yes", "no", "TRUE", "f", "1", "0"], "boolean", [True, False, True, False, True, False]),
        ([0, 2, None], "boolean", [False, True, None]),
        ([None, None], "integer", [None, None]),
    ],
)
def test_values_are_converted(values: list[Any], to: str, expected: list[Any]) -> None:
    assert converted(values, to) == expected


@pytest.mark.parametrize(
    ("texts", "form", "expected"),
    [
        (["2020-01-31", None, ""], "", ["2020-01-31", None, None]),
        (["1/31/2020", "2/1/2020"], "", ["2020-01-31", "2020-02-01"]),
        (["1/2/2020", "31/1/2020"], "", ["2020-02-01", "2020-01-31"]),
        (["31.12.2020 10:15"], "", ["2020-12-31 10:15"]),
        (["2020-01-31T10:00:00Z", "2020-02-01T10:00:00+02:00"], "", ["2020-01-31 10:00", "2020-02-01 08:00"]),
        (["2020-01-31 10:00:00.25"], "%Y-%m-%d %H:%M:%S.%f", ["2020-01-31 10:00:00.250"]),
        (["31 Jan 20"], "%d %b %y", ["2020-01-31"]),
        (["Jan 31, 2020"], "", ["2020-01-31"]),
    ],
)
def test_dates_are_read_by_their_format_or_the_one_that_fits_all(
    texts: list[str | None], form: str, expected: list[str | None]
) -> None:
    wanted = [None if text is None else datetime.fromisoformat(text) for text in expected]
    assert converted(texts, "date_time", form) == wanted


@pytest.mark.parametrize("number", [1_577_836_800, 1_577_836_800_000, 1_577_836_800_000_000, 1_577_836_800_000_000_000])
def test_numbers_count_from_1970_in_a_unit_of_their_size(number: int) -> None:
    assert converted([number], "date_time") == [datetime.fromisoformat("2020-01-01")]


@pytest.mark.parametrize(
    ("values", "to", "date_format"),
    [
        (["1", "x"], "integer", ""),
        ([1.0, float("inf")], "integer", ""),
        (["1,5"], "double", ""),
        (["2"], "boolean", ""),
        (["soon"], "date_time", ""),
        (["2020-01-31"], "date_time", "%d.%m.%Y"),
        ([2020], "date_time", "%Y"),
    ],
)
def test_a_value_that_would_be_lost_is_named(values: list[Any], to: str, date_format: str) -> None:
    with pytest.raises(NotConvertible, match="`x`"):
        converted(values, to, date_format)


@pytest.mark.parametrize(
    ("values", "to"),
    [([date(2020, 1, 1)], "integer"), ([True], "date_time"), ([date(2020, 1, 1)], "boolean"), ([[1]], "string")],
)
def test_types_that_do_not_become_another_are_named(values: list[Any], to: str) -> None:
    with pytest.raises(ColumnNotConvertible, match="`x`"):
        converted(values, to)


TABLE = Table(
    pl.LazyFrame({"id": [1], "price": [2.0], "guess": [3.0], "kind": ["a"]}),
    {"price": "label", "guess": "scored_labels"},
    frozenset({"id"}),
)


@pytest.mark.parametrize(
    ("columns", "fields", "roles"),
    [
        (["id"], "clear_features", {"id": "none", "price": "label", "guess": "scored_labels"}),
        (["price"], "clear_features", {"price": "label", "guess": "scored_labels"}),
        (["price"], "clear_labels", {"guess": "scored_labels"}),
        (["guess"], "clear_scores", {"price": "label"}),
        (["price"], "labels", {"price": "label", "guess": "scored_labels"}),
        (["id", "price", "guess"], "features", {}),
        (["id"], "unchanged", {"price": "label", "guess": "scored_labels"}),
    ],
)
def test_roles_are_set_and_cleared(columns: list[str], fields: Any, roles: dict[str, str]) -> None:
    assert edit_metadata(TABLE, columns=columns, fields=fields).roles == roles


def test_a_second_label_is_refused() -> None:
    with pytest.raises(LabelMissingValues, match="`id`, `price`"):
        edit_metadata(TABLE, columns=["id"], fields="labels")


def test_the_flag_of_categories_is_set_and_cleared() -> None:
    assert edit_metadata(TABLE, columns=["kind"], categorical="categorical").categorical == {"id", "kind"}
    assert edit_metadata(TABLE, columns=["id"], categorical="non_categorical").categorical == frozenset()


def test_names_go_to_the_columns_in_table_order_with_their_roles() -> None:
    found = edit_metadata(TABLE, columns=["price", "id"], new_column_names='"no, really", 가격')
    assert found.names == ["no, really", "가격", "guess", "kind"]
    assert (found.roles["가격"], found.categorical) == ("label", {"no, really"})


def test_names_can_be_swapped() -> None:
    assert edit_metadata(TABLE, columns=["id", "price"], new_column_names="price,id").names[:2] == ["price", "id"]


@pytest.mark.parametrize(
    ("names", "error"),
    [("a", SizesDiffer), ("a, ", SizesDiffer), ("a,a", DuplicateColumn), ("a,kind", DuplicateColumn)],
)
def test_names_must_fit(names: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        edit_metadata(TABLE, columns=["id", "price"], new_column_names=names)

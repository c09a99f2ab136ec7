"""Convert to Dataset: which values become missing, and which are replaced."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from modules.data_transformation.convert_to_dataset import convert_to_dataset
from modules.kit import Context, Table
from tests.modules.refusals import refusal

FRAME = pl.LazyFrame(
    {
        "text": ["obs", "obsolete", None, "3"],
        "whole": [3, 35, None, 0],
        "number": [3.0, 3.5, float("nan"), None],
        "truth": [True, False, None, True],
        "day": [date(2020, 1, 1), None, date(2020, 1, 3), date(2020, 1, 4)],
        "kind": pl.Series(["obs", "3", None, "b"], dtype=pl.Categorical),
        "list": [[3], None, [4], [5]],
        "nothing": [None] * 4,
    }
)


def converted(context: Context | None = None, **options: Any) -> dict[str, list[Any]]:
    result = convert_to_dataset(Table(FRAME), **options, context=context or Context()).frame
    assert result.collect_schema() == FRAME.collect_schema()
    return result.collect().to_dict(as_series=False)


def changed(**options: Any) -> dict[str, list[Any]]:
    before = FRAME.collect().to_dict(as_series=False)
    return {name: values for name, values in converted(**options).items() if str(values) != str(before[name])}


def test_without_an_action_nothing_changes() -> None:
    assert changed() == {}


def test_whole_values_become_missing() -> None:
    assert changed(action="set_missing_values", custom_missing_value="obs") == {
        "text": [None, "obsolete", None, "3"],
        "kind": [None, "3", None, "b"],
    }


def test_a_number_is_looked_for_as_a_number() -> None:
    found = changed(action="set_missing_values", custom_missing_value="3")
    assert set(found) == {"text", "whole", "number", "kind"}
    assert (found["whole"], found["text"][3]) == ([None, 35, None, 0], None)
    assert found["number"][:2] == [None, 3.5]


def test_zero_is_not_false() -> None:
    assert set(changed(action="set_missing_values", custom_missing_value="0")) == {"whole"}
    assert set(changed(action="set_missing_values", custom_missing_value="false")) == {"truth"}


def test_missing_values_are_replaced_where_the_new_one_fits() -> None:
    context = Context()
    found = changed(action="replace_values", new_value="0", context=context)
    assert found == {
        "text": ["obs", "obsolete", "0", "3"],
        "whole": [3, 35, 0, 0],
        "number": [3.0, 3.5, 0.0, 0.0],
        "truth": [True, False, False, True],
        "kind": ["obs", "3", "0", "b"],
    }
    assert context.logged == [
        "`0` does not fit the type of these columns, which are left as they are: `day`, `list`, `nothing`"
    ]


def test_given_values_are_replaced() -> None:
    found = changed(action="replace_values", replace="custom", custom_value="obs", new_value="new")
    assert found == {"text": ["new", "obsolete", None, "3"], "kind": ["new", "3", None, "b"]}


def test_a_date_is_replaced_by_a_date() -> None:
    options = {"replace": "custom", "custom_value": "2020-01-03", "new_value": "2021-01-01"}
    assert changed(action="replace_values", **options)["day"][2] == date(2021, 1, 1)


@pytest.mark.parametrize("new_value", ["0.5", "x"])
def test_a_column_that_cannot_hold_the_new_value_is_left_alone(new_value: str) -> None:
    assert "whole" not in changed(action="replace_values", new_value=new_value)


def test_roles_are_kept() -> None:
    table = Table(FRAME, {"whole": "label"}, frozenset({"text"}))
    found = convert_to_dataset(table, action="replace_values", context=Context())
    assert (found.roles, found.categorical) == (table.roles, table.categorical)


def test_a_table_without_columns_is_refused() -> None:
    found = refusal(convert_to_dataset, Table(pl.LazyFrame()), context=Context())
    assert found == ("0003", "dataset", None, None)

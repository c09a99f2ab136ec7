"""A message is one sentence that names the thing, what was found and what is expected."""

import pytest

from modules.kit import ColumnNotFound, ModuleError, TooFewColumns, TooFewRows, WrongLearner
from modules.kit.errors import ERRORS


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (TooFewRows(port="dataset", required=2, actual=1), "`dataset` has 1 row, and at least 2 are needed"),
        (TooFewRows(port="dataset", required=1, actual=0), "`dataset` has 0 rows, and at least 1 is needed"),
        (TooFewColumns(port="left", required=3, actual=1), "`left` has 1 column, and at least 3 are needed"),
        (
            WrongLearner(port="untrained_model", found="a clusterer", expected="a regressor"),
            "`untrained_model` holds a clusterer, and a regressor is expected",
        ),
    ],
)
def test_a_message_reads_as_a_sentence(error: ModuleError, message: str) -> None:
    assert str(error) == error.message == message


def test_an_unknown_column_lists_only_some_of_the_others() -> None:
    error = ColumnNotFound("prize", port="dataset", available=[f"c{index}" for index in range(100)])
    assert error.hint == "The table has `c0`, `c1`, `c2`, `c3`, `c4`, `c5`, `c6`, `c7` and 92 more."


def test_an_error_is_json_with_its_place() -> None:
    told = ColumnNotFound("prize", port="dataset", available=["price"], parameter="columns").to_json()
    assert (told["code"], told["column"], told["port"], told["parameter"]) == ("0001", "prize", "dataset", "columns")


def test_every_code_is_of_four_digits() -> None:
    assert all(code.isdecimal() and len(code) == 4 for code in ERRORS)

"""Which lists of numbers a parameter takes."""

import pytest

from designer.graph.values import problem_with
from modules.kit import Parameter

RATES = Parameter(name="rates", title="Rates", kind="numbers", help="", default="0.1", exclusive_minimum=0, maximum=1)
SIZES = Parameter(name="sizes", title="Sizes", kind="integers", help="", default="1", minimum=1)


@pytest.mark.parametrize("value", ["0.1", "0.025; 0.05;0.1 ;", "1e-3; 1"])
def test_numbers_stand_between_semicolons(value: str) -> None:
    assert problem_with(RATES, value) is None


@pytest.mark.parametrize(
    ("parameter", "value", "words"),
    [
        (RATES, "0.1, 0.2", "takes numbers separated by semicolons; found '0.1, 0.2'"),
        (RATES, "0.1; nan", "found 'nan'"),
        (RATES, "0.1; inf", "found 'inf'"),
        (RATES, " ; ", "takes at least one number"),
        (RATES, "0.5; 0", "takes more than 0; found 0.0"),
        (RATES, "0.5; 2", "takes at most 1; found 2.0"),
        (RATES, 0.1, "takes numbers separated by semicolons; found 0.1"),
        (RATES, None, "needs a value"),
        (SIZES, "8; 2.5", "takes whole numbers separated by semicolons; found '2.5'"),
        (SIZES, "8; 0", "takes at least 1; found 0"),
        (SIZES, "9" * 5000, "takes whole numbers"),
    ],
)
def test_what_is_wrong_with_a_list_is_told(parameter: Parameter, value: object, words: str) -> None:
    assert words in str(problem_with(parameter, value))

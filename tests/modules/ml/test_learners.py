"""Lists of values to sweep."""

import pytest

from modules.kit.errors import ModuleError
from modules.ml.learners import BOOSTING_RATE, LEAVES, RIDGE_WEIGHT, Swept, first_values, settings_of


def test_a_list_is_read_and_blanks_are_passed_over() -> None:
    assert BOOSTING_RATE.read("0.025; 0.05;0.1 ;", parameter="range_for_learning_rate") == [0.025, 0.05, 0.1]


def test_every_default_list_reads() -> None:
    assert LEAVES.read(LEAVES.values, parameter="range_for_number_of_leaves") == [2, 8, 32, 128]


@pytest.mark.parametrize(
    ("swept", "text", "code"),
    [
        (BOOSTING_RATE, "0.1, 0.2", "0002"),
        (BOOSTING_RATE, "nan", "0002"),
        (BOOSTING_RATE, " ; ", "0003"),
        (BOOSTING_RATE, "0", "0004"),
        (BOOSTING_RATE, "1.5", "0007"),
        (LEAVES, "2.5", "0002"),
        (LEAVES, "1", "0008"),
        (RIDGE_WEIGHT, "-1", "0005"),
    ],
)
def test_a_wrong_list_has_a_code_and_names_its_parameter(swept: Swept, text: str, code: str) -> None:
    with pytest.raises(ModuleError) as caught:
        swept.read(text, parameter="range_for_it")
    assert (caught.value.code, caught.value.parameter) == (code, "range_for_it")


def test_range_mode_takes_the_first_values_for_now() -> None:
    settings = settings_of("parameter_range", {"number_of_leaves": (LEAVES, 20, "8; 32")})
    assert settings.first == {"number_of_leaves": 8}
    assert first_values(settings.shown) == {"number_of_leaves": 8}


def test_single_mode_takes_the_value_whatever_the_list_says() -> None:
    settings = settings_of("single_parameter", {"number_of_leaves": (LEAVES, 20, "nonsense")})
    assert settings.first == {"number_of_leaves": 20}
    assert first_values(settings.shown) == {}


def test_the_form_shows_a_value_or_a_list() -> None:
    assert LEAVES.single.when == {"create_trainer_mode": "single_parameter"}
    assert LEAVES.range.when == {"create_trainer_mode": "parameter_range"}
    assert LEAVES.range.title == "Range for maximum number of leaves per tree"
    assert RIDGE_WEIGHT.range.title == "Range for L2 regularization weight"

"""Apply Math Operation: what each function gives, and what the result columns are called."""

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from modules.data_transformation.apply_math_operation import FUNCTIONS, apply_math_operation
from modules.ml.mathematics import WITH_SECOND
from tests.modules.refusals import refusal

PARAMETER = {
    "basic": "basic_math_function",
    "compare": "comparison_function",
    "operations": "arithmetic_operation",
    "rounding": "rounding_operation",
    "special": "special_function",
    "trigonometric": "trigonometric_function",
}
EVERY = [(category, name) for category, functions in FUNCTIONS.items() for name in functions]
BOTH = {"second_argument_type": "column_set"}


def computed(frame: Any, category: str, function: str, columns: Any = ("a",), **options: Any) -> dict[str, list[Any]]:
    given_options = {"second_argument_columns": ["b"], "output_mode": "result_only", **options}
    chosen: dict[str, Any] = {"category": category, PARAMETER[category]: function}
    result = apply_math_operation(pl.LazyFrame(frame), columns=list(columns), **chosen, **given_options)
    return result.collect().to_dict(as_series=False)


def one(category: str, function: str, value: float, second: float = 1.0) -> float:
    [found] = computed({"a": [value]}, category, function, constant_second_argument=second).values()
    return found[0]  # type: ignore[no-any-return]  # a number, whatever it is


@pytest.mark.parametrize(
    ("function", "value", "second", "expected"),
    [
        ("abs", -2, 0, 2),
        ("atan2", 1, 2, np.arctan2(1, 2)),
        ("conj", -2, 0, -2),
        ("cuberoot", -27, 0, -3),
        ("double_factorial", 7, 0, 105),
        ("double_factorial", 302, 0, np.inf),
        ("double_factorial", 2.5, 0, np.nan),
        ("eps", 1, 0, 2.0**-52),
        ("exp", 1, 0, np.e),
        ("exp2", 3, 5, 40),
        ("exp_minus1", 1e-12, 0, np.expm1(1e-12)),
        ("factorial", 5, 0, 120),
        ("hypotenuse", 3, 4, 5),
        ("imaginary_part", 3, 0, 0),
        ("ln", np.e, 0, 1),
        ("ln", -1, 0, np.nan),
        ("ln", 0, 0, -np.inf),
        ("ln_plus1", 1e-12, 0, np.log1p(1e-12)),
        ("log", 8, 2, 3),
        ("log10", 1000, 0, 3),
        ("log2", 8, 0, 3),
        ("nth_root", 8, 3, 2),
        ("pow", 2, 10, 1024),
        ("real_part", 3, 0, 3),
        ("sqrt", 9, 0, 3),
        ("sqrt", -1, 0, np.nan),
        ("sqrt_pi", 4, 0, np.sqrt(4 * np.pi)),
        ("square", -3, 0, 9),
    ],
)
def test_basic_functions(function: str, value: float, second: float, expected: float) -> None:
    assert one("basic", function, value, second) == pytest.approx(expected, rel=1e-14, nan_ok=True)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("equal_to", [False, True, False]),
        ("greater_than", [False, False, True]),
        ("greater_than_or_equal_to", [False, True, True]),
        ("less_than", [True, False, False]),
        ("less_than_or_equal_to", [True, True, False]),
        ("not_equal_to", [True, False, True]),
        ("pair_max", [2.0, 2.0, 3.0]),
        ("pair_min", [1.0, 2.0, 2.0]),
    ],
)
def test_comparisons(function: str, expected: list[Any]) -> None:
    [found] = computed({"a": [1, 2, 3]}, "compare", function, constant_second_argument=2.0).values()
    assert found == expected


def test_comparisons_keep_all_digits_of_large_numbers() -> None:
    assert computed({"a": [2**60], "b": [2**60 + 1]}, "compare", "equal_to", **BOTH) == {"EqualTo(a_b)": [False]}


@pytest.mark.parametrize(
    ("function", "expected"), [("add", 12.0), ("divide", 5.0), ("multiply", 20.0), ("subtract", 8.0)]
)
def test_the_value_comes_before_the_argument(function: str, expected: float) -> None:
    assert one("operations", function, 10, 2) == expected


@pytest.mark.parametrize(("value", "expected"), [(1, np.inf), (-1, -np.inf), (0, np.nan)])
def test_divided_by_zero(value: float, expected: float) -> None:
    assert one("operations", "divide", value, 0) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("function", "value", "second", "expected"),
    [
        ("ceiling", 1.2, 1, 2),
        ("ceiling", 11, 5, 15),
        ("ceiling_power2", 5, 1, 8),
        ("ceiling_power2", 8, 1, 8),
        ("ceiling_power2", 0.3, 1, 0.5),
        ("ceiling_power2", 0, 1, np.nan),
        ("ceiling_power2", np.inf, 1, np.inf),
        ("floor", -1.2, 1, -2),
        ("floor", 14, 5, 10),
        ("mod", -7, 3, 2),
        ("quotient", -7, 3, -2),
        ("remainder", -7, 3, -1),
        ("round_digits", 2.345, 1, 2.3),
        ("round_digits", 2.5, 0, 3),
        ("round_digits", -2.5, 0, -2),
        ("round_digits", 155, -1, 160),
        ("round_digits", 1e308, 2, 1e308),
        ("round_down", -1.25, 1, -1.3),
        ("round_up", -1.25, 1, -1.2),
        ("to_even", 2.9, 1, 2),
        ("to_even", 3, 1, 4),
        ("to_multiple", 13, 5, 15),
        ("to_odd", 2.9, 1, 3),
        ("to_odd", 4, 1, 5),
        ("truncate", -1.29, 1, -1.2),
    ],
)
def test_rounding(function: str, value: float, second: float, expected: float) -> None:
    assert one("rounding", function, value, second) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("beta", special.beta(0.4, 2)),
        ("beta_ln", special.betaln(0.4, 2)),
        ("elliptic_integral_e", special.ellipe(0.4)),
        ("elliptic_integral_k", special.ellipk(0.4)),
        ("erf", special.erf(0.4)),
        ("erfc", special.erfc(0.4)),
        ("erfc_scaled", special.erfcx(0.4)),
        ("erf_inverse", special.erfinv(0.4)),
        ("exponential_integral_ein", special.expi(0.4)),
        ("gamma", special.gamma(0.4)),
        ("gamma_ln", special.gammaln(0.4)),
        ("gamma_regularized_p", special.gammainc(0.4, 2)),
        ("gamma_regularized_p_inverse", special.gammaincinv(0.4, 2)),
        ("gamma_regularized_q", special.gammaincc(0.4, 2)),
        ("gamma_regularized_q_inverse", special.gammainccinv(0.4, 2)),
        ("polygamma", special.polygamma(2, 0.4)),
    ],
)
def test_special_functions(function: str, expected: float) -> None:
    assert one("special", function, 0.4, 2) == pytest.approx(expected, rel=1e-14, nan_ok=True)


INVERSE = [
    ("sin", "asin", 0.5), ("cos", "acos", 0.5), ("tan", "atan", 0.5), ("cot", "acot", 0.5), ("sec", "asec", 1.5),
    ("csc", "acsc", 1.5), ("sinh", "asinh", 0.5), ("cosh", "acosh", 1.5), ("tanh", "atanh", 0.5),
    ("coth", "acoth", 1.5), ("sech", "asech", 0.5), ("csch", "acsch", 0.5), ("sin_degrees", "asin_degrees", 0.5),
    ("cos_degrees", "acos_degrees", 0.5), ("tan_degrees", "atan_degrees", 0.5), ("cot_degrees", "acot_degrees", 0.5),
    ("sec_degrees", "asec_degrees", 1.5), ("csc_degrees", "acsc_degrees", 1.5),
    ("degrees_to_radians", "radians_to_degrees", 0.5),
]  # fmt: skip


@pytest.mark.parametrize(("function", "inverse", "value"), INVERSE)
def test_inverse_functions_undo_each_other(function: str, inverse: str, value: float) -> None:
    assert one("trigonometric", function, one("trigonometric", inverse, value)) == pytest.approx(value)


@pytest.mark.parametrize(
    ("function", "value", "expected"),
    [
        ("sin", 1, np.sin(1)),
        ("cos", 1, np.cos(1)),
        ("tan", 1, np.tan(1)),
        ("sinh", 1, np.sinh(1)),
        ("cosh", 1, np.cosh(1)),
        ("sin_degrees", 180, 0),
        ("cos_degrees", 90, 0),
        ("tan_degrees", 45, 1),
        ("sec_degrees", 60, 2),
        ("radians_to_degrees", np.pi, 180),
        ("arg", -2, np.pi),
        ("arg", 2, 0),
        ("cis", 1, np.cos(1)),
        ("sign", -3, -1),
        ("sinc", 0.5, np.sinc(0.5)),
        ("sinc", 0, 1),
        ("acos", 2, np.nan),
    ],
)
def test_trigonometric_functions(function: str, value: float, expected: float) -> None:
    assert one("trigonometric", function, value) == pytest.approx(expected, abs=1e-15, nan_ok=True)


@pytest.mark.parametrize(("category", "function"), EVERY)
def test_missing_values_stay_missing_and_nothing_else_does(category: str, function: str) -> None:
    frame = {"a": [None, float("nan"), 0.5], "b": [1.0, 1.0, 1.0]}
    for options in ({}, BOTH):
        [found] = computed(frame, category, function, **options).values()
        assert [value is None for value in found] == [True, True, False]


@given(
    st.sampled_from(EVERY),
    st.lists(st.one_of(st.none(), st.floats(width=64), st.integers(-(2**62), 2**62)), max_size=5),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_no_number_stops_a_function(function: tuple[str, str], values: list[Any], second: float) -> None:
    frame = pl.DataFrame({"a": pl.Series(values, dtype=pl.Float64, strict=False)})
    [found] = computed(frame, *function, constant_second_argument=second).values()
    assert len(found) == len(values)


FRAME = {"a": [1, 2], "b": [10.0, 20.0], "s": ["x", "y"]}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"output_mode": "append"}, {**FRAME, "Add(a_$10)": [11.0, 12.0]}),
        ({"output_mode": "inplace"}, {**FRAME, "a": [11.0, 12.0]}),
        ({"output_mode": "result_only"}, {"Add(a_$10)": [11.0, 12.0]}),
        ({"constant_second_argument": 0.5}, {"Add(a_$0.5)": [1.5, 2.5]}),
        (BOTH, {"Add(a_b)": [11.0, 22.0]}),
    ],
)
def test_results_go_beside_or_in_the_place_of_the_values(options: dict[str, Any], expected: object) -> None:
    assert computed(FRAME, "operations", "add", **{"constant_second_argument": 10.0, **options}) == expected


def test_column_sets_are_paired_in_order() -> None:
    found = computed(FRAME, "operations", "subtract", ["a", "b"], second_argument_columns=["b", "a"], **BOTH)
    assert found == {"Subtract(a_b)": [-9.0, -18.0], "Subtract(b_a)": [9.0, 18.0]}


def test_one_second_column_serves_all() -> None:
    found = computed(FRAME, "operations", "multiply", ["a", "b"], **BOTH)
    assert found == {"Multiply(a_b)": [10.0, 40.0], "Multiply(b_b)": [100.0, 400.0]}


def test_a_result_takes_no_name_that_is_taken() -> None:
    assert list(computed({"a": [1], "Abs(a)": [2]}, "basic", "abs", output_mode="append")) == ["a", "Abs(a)", "Abs(a)2"]


def test_only_functions_of_two_arguments_ask_for_a_second() -> None:
    parameter = apply_math_operation.spec.parameter("second_argument_type")
    assert parameter is not None
    asking = [
        (category, name) for category, name in EVERY if parameter.is_active({"category": category, **chosen(name)})
    ]
    assert asking == [(category, name) for category, name in EVERY if name in WITH_SECOND.get(category, ())]


def chosen(name: str) -> dict[str, Any]:
    return dict.fromkeys(PARAMETER.values(), name)


Call = Callable[..., Any]


@pytest.mark.parametrize(
    ("frame", "options", "expected"),
    [
        ({"a": ["x"]}, {}, ("0017", "input", "columns", "a")),
        ({"a": [True]}, {}, ("0017", "input", "columns", "a")),
        ({"a": [1], "b": ["x"]}, BOTH, ("0017", "input", "second_argument_columns", "b")),
        ({}, {"columns": []}, ("0003", "input", None, None)),
    ],
)
def test_what_is_no_number_is_refused(frame: Any, options: Any, expected: object) -> None:
    given_options = {"columns": ["a"], "second_argument_columns": ["b"], "category": "operations", **options}
    assert refusal(apply_math_operation, pl.LazyFrame(frame), **given_options) == expected


def test_column_sets_of_different_sizes_are_refused() -> None:
    frame = pl.LazyFrame({"a": [1], "b": [1], "c": [1]})
    options: Any = {"category": "operations", "second_argument_columns": ["a", "b"], **BOTH}
    found = refusal(apply_math_operation, frame, columns=["a", "b", "c"], **options)
    assert found == ("0027", "input", "second_argument_columns", None)

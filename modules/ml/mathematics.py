"""The functions of Apply Math Operation, over arrays of numbers.

Each takes the values of a column and, where it has one, a second argument: an array or a number. What has no answer
is NaN, and what is too large is infinite, as in numpy and scipy.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias

import numpy as np
from scipy import special

Numbers: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

# fmt: off
Basic = Literal[
    "abs", "atan2", "conj", "cuberoot", "double_factorial", "eps", "exp", "exp2", "exp_minus1", "factorial",
    "hypotenuse", "imaginary_part", "ln", "ln_plus1", "log", "log10", "log2", "nth_root", "pow", "real_part", "sqrt",
    "sqrt_pi", "square",
]
Comparison = Literal[
    "equal_to", "greater_than", "greater_than_or_equal_to", "less_than", "less_than_or_equal_to", "not_equal_to",
    "pair_max", "pair_min",
]
Arithmetic = Literal["add", "divide", "multiply", "subtract"]
Rounding = Literal[
    "ceiling", "ceiling_power2", "floor", "mod", "quotient", "remainder", "round_digits", "round_down", "round_up",
    "to_even", "to_multiple", "to_odd", "truncate",
]
Special = Literal[
    "beta", "beta_ln", "elliptic_integral_e", "elliptic_integral_k", "erf", "erfc", "erfc_scaled", "erf_inverse",
    "exponential_integral_ein", "gamma", "gamma_ln", "gamma_regularized_p", "gamma_regularized_p_inverse",
    "gamma_regularized_q", "gamma_regularized_q_inverse", "polygamma",
]
Trigonometric = Literal[
    "acos", "acos_degrees", "acosh", "acot", "acot_degrees", "acoth", "acsc", "acsc_degrees", "acsch", "arg", "asec",
    "asec_degrees", "asech", "asin", "asin_degrees", "asinh", "atan", "atan_degrees", "atanh", "cis", "cos",
    "cos_degrees", "cosh", "cot", "cot_degrees", "coth", "csc", "csc_degrees", "csch", "degrees_to_radians",
    "radians_to_degrees", "sec", "sec_degrees", "sech", "sign", "sin", "sinc", "sin_degrees", "sinh", "tan",
    "tan_degrees", "tanh",
]
# fmt: on

LARGEST_DOUBLE_FACTORIAL = 301
"""What follows is beyond the range of numbers."""


def _double_factorial(x: Numbers) -> Numbers:
    small = np.isfinite(x) & (x == np.floor(x)) & (x <= LARGEST_DOUBLE_FACTORIAL)
    found = special.factorial2(np.where(small, x, 0).astype(np.int64))
    return np.where(small, found, np.where(x > LARGEST_DOUBLE_FACTORIAL, np.inf, np.nan))


def _next_power_of_2(x: Numbers) -> Numbers:
    share, exponent = np.frexp(x)
    found = np.ldexp(1.0, np.where(share == 0.5, exponent - 1, exponent))
    return np.where(x > 0, np.where(np.isinf(x), x, found), np.nan)


def _by_digits(function: Callable[[Numbers], Numbers]) -> Callable[[Numbers, Any], Numbers]:
    """Round to so many digits behind the point; a negative number of digits rounds to tens and hundreds."""

    def rounded(x: Numbers, digits: Any) -> Numbers:
        scale = np.power(10.0, np.trunc(digits))
        found = function(x * scale) / scale
        return np.where(np.isfinite(x * scale) & (scale > 0), found, x)

    return rounded


def _half_up(x: Numbers) -> Numbers:
    below = np.floor(x)
    return below + (x - below >= 0.5)


BASIC: Mapping[Basic, Callable[..., Any]] = {
    "abs": np.abs,
    "atan2": np.arctan2,
    "conj": lambda x: x,
    "cuberoot": np.cbrt,
    "double_factorial": _double_factorial,
    "eps": np.spacing,
    "exp": np.exp,
    "exp2": lambda x, y: y * np.exp2(x),
    "exp_minus1": np.expm1,
    "factorial": special.factorial,
    "hypotenuse": np.hypot,
    "imaginary_part": np.zeros_like,
    "ln": np.log,
    "ln_plus1": np.log1p,
    "log": lambda x, y: np.log(x) / np.log(y),
    "log10": np.log10,
    "log2": np.log2,
    "nth_root": lambda x, y: np.power(x, np.divide(1.0, y)),
    "pow": np.power,
    "real_part": lambda x: x,
    "sqrt": np.sqrt,
    "sqrt_pi": lambda x: np.sqrt(np.pi * x),
    "square": np.square,
}
COMPARISON: Mapping[Comparison, Callable[..., Any]] = {
    "equal_to": operator.eq,
    "greater_than": operator.gt,
    "greater_than_or_equal_to": operator.ge,
    "less_than": operator.lt,
    "less_than_or_equal_to": operator.le,
    "not_equal_to": operator.ne,
    "pair_max": np.maximum,
    "pair_min": np.minimum,
}
ARITHMETIC: Mapping[Arithmetic, Callable[..., Any]] = {
    "add": np.add,
    "divide": np.divide,
    "multiply": np.multiply,
    "subtract": np.subtract,
}
ROUNDING: Mapping[Rounding, Callable[..., Any]] = {
    "ceiling": lambda x, y: np.ceil(x / y) * y,
    "ceiling_power2": _next_power_of_2,
    "floor": lambda x, y: np.floor(x / y) * y,
    "mod": np.mod,
    "quotient": lambda x, y: np.trunc(x / y),
    "remainder": np.fmod,
    "round_digits": _by_digits(_half_up),
    "round_down": _by_digits(np.floor),
    "round_up": _by_digits(np.ceil),
    "to_even": lambda x: 2 * _half_up(x / 2),
    "to_multiple": lambda x, y: _half_up(x / y) * y,
    "to_odd": lambda x: 2 * np.floor(x / 2) + 1,
    "truncate": _by_digits(np.trunc),
}
SPECIAL: Mapping[Special, Callable[..., Any]] = {
    "beta": special.beta,
    "beta_ln": special.betaln,
    "elliptic_integral_e": special.ellipe,
    "elliptic_integral_k": special.ellipk,
    "erf": special.erf,
    "erfc": special.erfc,
    "erfc_scaled": special.erfcx,
    "erf_inverse": special.erfinv,
    "exponential_integral_ein": special.expi,
    "gamma": special.gamma,
    "gamma_ln": special.gammaln,
    "gamma_regularized_p": special.gammainc,
    "gamma_regularized_p_inverse": special.gammaincinv,
    "gamma_regularized_q": special.gammaincc,
    "gamma_regularized_q_inverse": special.gammainccinv,
    "polygamma": lambda x, y: special.polygamma(y, x),
}
TRIGONOMETRIC: Mapping[Trigonometric, Callable[..., Any]] = {
    "acos": np.arccos,
    "acos_degrees": lambda x: np.degrees(np.arccos(x)),
    "acosh": np.arccosh,
    "acot": lambda x: np.arctan(1 / x),
    "acot_degrees": lambda x: np.degrees(np.arctan(1 / x)),
    "acoth": lambda x: np.arctanh(1 / x),
    "acsc": lambda x: np.arcsin(1 / x),
    "acsc_degrees": lambda x: np.degrees(np.arcsin(1 / x)),
    "acsch": lambda x: np.arcsinh(1 / x),
    "arg": np.angle,
    "asec": lambda x: np.arccos(1 / x),
    "asec_degrees": lambda x: np.degrees(np.arccos(1 / x)),
    "asech": lambda x: np.arccosh(1 / x),
    "asin": np.arcsin,
    "asin_degrees": lambda x: np.degrees(np.arcsin(x)),
    "asinh": np.arcsinh,
    "atan": np.arctan,
    "atan_degrees": lambda x: np.degrees(np.arctan(x)),
    "atanh": np.arctanh,
    "cis": np.cos,
    "cos": np.cos,
    "cos_degrees": special.cosdg,
    "cosh": np.cosh,
    "cot": lambda x: 1 / np.tan(x),
    "cot_degrees": special.cotdg,
    "coth": lambda x: 1 / np.tanh(x),
    "csc": lambda x: 1 / np.sin(x),
    "csc_degrees": lambda x: 1 / special.sindg(x),
    "csch": lambda x: 1 / np.sinh(x),
    "degrees_to_radians": np.radians,
    "radians_to_degrees": np.degrees,
    "sec": lambda x: 1 / np.cos(x),
    "sec_degrees": lambda x: 1 / special.cosdg(x),
    "sech": lambda x: 1 / np.cosh(x),
    "sign": np.sign,
    "sin": np.sin,
    "sinc": np.sinc,
    "sin_degrees": special.sindg,
    "sinh": np.sinh,
    "tan": np.tan,
    "tan_degrees": special.tandg,
    "tanh": np.tanh,
}

WITH_SECOND: Mapping[str, tuple[str, ...]] = {
    "basic": ("atan2", "exp2", "hypotenuse", "log", "nth_root", "pow"),
    "compare": tuple(COMPARISON),
    "operations": tuple(ARITHMETIC),
    "rounding": tuple(name for name in ROUNDING if name not in ("ceiling_power2", "to_even", "to_odd")),
    "special": (
        *("beta", "beta_ln", "gamma_regularized_p", "gamma_regularized_p_inverse"),
        *("gamma_regularized_q", "gamma_regularized_q_inverse", "polygamma"),
    ),
}
"""The functions of each category that take a second argument."""

TRUTHS = frozenset(COMPARISON) - {"pair_max", "pair_min"}
"""The functions that answer true or false."""


def display_name(function: str) -> str:
    """Write `gamma_ln` as `GammaLn`, as in the headers of result columns."""
    return "".join(word[:1].upper() + word[1:] for word in function.split("_"))

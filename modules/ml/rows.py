"""Which rows of a table go to the left: by share, by pattern and by comparison."""

import operator
import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import numpy as np
import polars as pl

from modules.kit.errors import ColumnNotFound, IndexOutOfRange, NotConvertible, WrongColumnType
from modules.ml.columns import family_of, is_text

Mask = np.ndarray[Any, np.dtype[np.bool_]]

COLUMN_REFERENCE = re.compile(
    r'^\s*(?:\\"(?P<name>.*?)"(?=\s|[<>=!]|$)|\(\\(?P<index>\d+)\))\s*(?P<rest>.*)$', re.DOTALL
)
COMPARISON = re.compile(r"""\s*(?P<operator><=|>=|==|!=|<|>)\s*(?P<value>"[^"]*"|'[^']*'|[^&|]+?)\s*(?P<then>[&|]|$)""")
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
LARGEST_WHOLE = 2**63
DAY_FORMATS = ("%Y-%m-%d", "%m/%d/%Y", "%Y/%m/%d", "%d.%m.%Y")
CLOCK_FORMATS = ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f")
PATTERN, RELATION = "regular_expression", "relational_expression"


def count_rows(frame: pl.LazyFrame) -> int:
    """Number of rows, without reading more than one column."""
    return int(frame.select(pl.len()).collect().item())


def draw_rows(rows: int, fraction: float, *, seed: int | None) -> Mask:
    """Mask of floor(fraction × rows) rows: drawn by a seed, or the first ones without."""
    left = share_of(rows, fraction)
    mask = np.zeros(rows, dtype=bool)
    if seed is None:
        mask[:left] = True
    else:
        mask[np.random.default_rng(seed).permutation(rows)[:left]] = True
    return mask


def share_of(rows: int, fraction: float) -> int:
    """floor(fraction × rows), as it is meant: 0.7 × 10 is 6.999… in binary."""
    return int(fraction * rows + 1e-9)


def draw_stratified(key: pl.Series, fraction: float, *, seed: int | None) -> Mask:
    """Mask that takes the fraction of each group of equal values; the largest remainders make up the total.

    Missing values are a group of their own. Groups are told apart by value and not by place, so that the draw does not
    depend on which came first.
    """
    codes = groups_of(key)
    rows = len(codes)
    sizes = np.bincount(codes)
    exact = sizes * fraction
    taken = np.floor(exact + 1e-9).astype(np.int64)
    short = share_of(rows, fraction) - int(taken.sum())
    taken[np.argsort(taken - exact, kind="stable")[: max(short, 0)]] += 1
    order = np.arange(rows) if seed is None else np.random.default_rng(seed).permutation(rows)
    grouped = order[np.argsort(codes[order], kind="stable")]
    starts = np.cumsum(sizes) - sizes
    place_in_group = np.arange(rows) - np.repeat(starts, sizes)
    mask = np.zeros(rows, dtype=bool)
    mask[grouped] = place_in_group < np.repeat(taken, sizes)
    return mask


def groups_of(key: pl.Series) -> np.ndarray[Any, np.dtype[np.int64]]:
    """A number for each value, in the order of the values; 0 is missing."""
    values = key.cast(pl.String) if is_text(key.dtype) else key
    if values.dtype.is_float():
        values = values.fill_nan(None)
    if values.dtype == pl.Null:
        return np.zeros(len(values), dtype=np.int64)
    return values.rank("dense").fill_null(0).to_numpy().astype(np.int64)


def match_pattern(frame: pl.LazyFrame, expression: str) -> pl.Expr:
    r"""Rows whose column matches a regular expression, as in `\"name" ^start`; missing values match nothing."""
    column, pattern = _column_of(frame, expression, parameter=PATTERN)
    dtype = frame.collect_schema()[column]
    if not is_text(dtype):
        raise WrongColumnType(column, found=family_of(dtype), expected="text", parameter=PATTERN, port="dataset")
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise NotConvertible(value=pattern, to=f"a regular expression ({error})", parameter=PATTERN) from None
    text = pl.col(column).cast(pl.String)
    try:
        pl.Series(["x"]).str.contains(pattern)
    except pl.exceptions.PolarsError:  # such as a look-ahead, which only Python's engine has
        found = text.map_elements(lambda value: compiled.search(value) is not None, return_dtype=pl.Boolean)
        return found.fill_null(value=False)
    return text.str.contains(pattern).fill_null(value=False)


def match_relation(frame: pl.LazyFrame, expression: str) -> pl.Expr:
    r"""Rows whose column compares as told, as in `\"name" > 3 & <= 20`; missing values match nothing.

    `&` binds more tightly than `|`.
    """
    column, tests = _column_of(frame, expression, parameter=RELATION)
    dtype = frame.collect_schema()[column]
    alternatives: list[list[pl.Expr]] = [[]]
    place = 0
    while True:
        found = COMPARISON.match(tests, place)
        if not found:
            raise NotConvertible(
                value=tests[place:].strip() or expression,
                to="a comparison such as >= 3",
                parameter=RELATION,
                hint="Write an operator and a value for each condition, and & or | between them.",
            )
        alternatives[-1].append(_comparison(column, dtype, found["operator"], found["value"].strip()))
        if not found["then"]:
            break
        place = found.end()
        if found["then"] == "|":
            alternatives.append([])
    missing = pl.col(column).is_null() | (pl.col(column).is_nan() if dtype.is_float() else pl.lit(value=False))
    matched = pl.any_horizontal([pl.all_horizontal(tests) for tests in alternatives])
    return matched.fill_null(value=False) & ~missing.fill_null(value=True)


def _column_of(frame: pl.LazyFrame, expression: str, *, parameter: str) -> tuple[str, str]:
    names = frame.collect_schema().names()
    for name in sorted(names, key=len, reverse=True):  # a name may hold quotes itself
        start = f'\\"{name}"'
        if expression.lstrip().startswith(start) and expression.lstrip()[len(start) :].strip():
            return name, expression.lstrip()[len(start) :].lstrip()
    found = COLUMN_REFERENCE.match(expression)
    if not found or not found["rest"].strip():
        raise NotConvertible(
            value=expression,
            to="a column and a test",
            parameter=parameter,
            hint=r'Write the column as \"name" or (\0), counted from 0, and the test after it.',
        )
    if found["name"] is not None:
        raise ColumnNotFound(found["name"], port="dataset", available=names, parameter=parameter)
    index = int(found["index"])
    if index >= len(names):
        raise IndexOutOfRange(
            f"Column ({index}) is named, and `dataset` has {len(names)} columns, counted from 0",
            parameter=parameter,
            port="dataset",
        )
    return names[index], found["rest"]


def _comparison(column: str, dtype: pl.DataType, sign: str, text: str) -> pl.Expr:
    value = text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text
    compare = OPERATORS[sign]
    if dtype.is_numeric():
        return compare(pl.col(column), pl.lit(_number(value, column)))  # type: ignore[no-any-return]  # an expression, says every comparison
    if dtype.is_temporal():
        return _compared_times(pl.col(column), dtype, compare, value, column)
    if sign not in ("==", "!=") or dtype.is_nested() or dtype == pl.Binary:
        raise WrongColumnType(
            column,
            found=family_of(dtype),
            expected="a number or a date",
            parameter=RELATION,
            port="dataset",
            hint="Text can be compared with == and != only.",
        )
    if dtype == pl.Boolean:
        value = value.lower()
    return compare(pl.col(column).cast(pl.String), pl.lit(value))  # type: ignore[no-any-return]  # an expression, says every comparison


def _number(value: str, column: str) -> int | float:
    try:
        number = float(value)
    except ValueError:
        raise NotConvertible(value=value, to="a number", parameter=RELATION, column=column) from None
    # A large whole number keeps all its digits, as ids have them.
    return int(value) if re.fullmatch(r"[+-]?\d+", value) and abs(number) < LARGEST_WHOLE else number


def _compared_times(
    values: pl.Expr, dtype: pl.DataType, compare: Callable[[Any, Any], Any], text: str, name: str
) -> pl.Expr:
    """Compare dates, moments (as their local time), times of day and spans; a moment with a time by its time of day."""
    moment = _moment(text, name)
    if isinstance(dtype, pl.Datetime):
        values = values.dt.replace_time_zone(None)
        values = values.dt.time() if isinstance(moment, time) else values
    elif dtype == pl.Duration and isinstance(moment, time):
        moment = timedelta(
            hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond
        )
    fits: dict[Any, type | tuple[type, ...]] = {pl.Date: datetime, pl.Time: time, pl.Duration: timedelta}
    if not isinstance(moment, fits.get(dtype.base_type(), (datetime, time))):
        raise NotConvertible(value=text, to=family_of(dtype), parameter=RELATION, column=name)
    if dtype == pl.Date:
        values = values.cast(pl.Datetime("us"))
    return compare(values, pl.lit(moment))  # type: ignore[no-any-return]  # an expression, says every comparison


def _moment(text: str, column: str) -> datetime | time | timedelta:
    days = [*DAY_FORMATS, *(f"{day}{gap}{clock}" for day in DAY_FORMATS for gap in " T" for clock in CLOCK_FORMATS)]
    for form in [*days, *CLOCK_FORMATS]:
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007  compared with local times
        except ValueError:
            continue
        return found.time() if form in CLOCK_FORMATS else found
    raise NotConvertible(value=text, to="a date or a time", parameter=RELATION, column=column)

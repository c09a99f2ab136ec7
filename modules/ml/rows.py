"""Which rows of a table go to the left: by share, by pattern and by comparison."""

import operator
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from modules.kit.errors import ColumnNotFound, IndexOutOfRange, NotConvertible, WrongColumnType

COLUMN_REFERENCE = re.compile(r'^\s*(?:\\"(?P<name>[^"]*)"|\(\\(?P<index>\d+)\))\s*(?P<rest>.*)$', re.DOTALL)
COMPARISON = re.compile(r"^\s*(?P<operator><=|>=|==|!=|<|>)\s*(?P<value>[^&|]+?)\s*$")
OPERATORS: dict[str, Callable[[pl.Expr, Any], pl.Expr]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
DATE_FORMATS = ("%Y-%m-%d", "%m/%d/%Y", "%Y-%m-%d %H:%M:%S", "%m/%d/%Y %H:%M:%S")


def count_rows(frame: pl.LazyFrame) -> int:
    """Number of rows, without reading more than one column."""
    return int(frame.select(pl.len()).collect().item())


def draw_rows(frame: pl.LazyFrame, rows: int, fraction: float, *, seed: int | None) -> np.ndarray[Any, Any]:
    """Mask of floor(fraction × rows) rows: drawn by a seed, or the first ones without."""
    left = int(fraction * rows + 1e-9)  # 0.7 × 10 is 6.999… in binary
    mask = np.zeros(rows, dtype=bool)
    chosen = np.arange(rows) if seed is None else np.random.default_rng(seed).permutation(rows)
    mask[chosen[:left]] = True
    return mask


def draw_stratified(groups: pl.Series, fraction: float, *, seed: int | None) -> np.ndarray[Any, Any]:
    """Mask that takes the fraction of each group; the largest remainders make up the total."""
    codes = groups.cast(pl.String).rank("dense").fill_null(0).to_numpy().astype(np.int64)
    rows = len(codes)
    order = np.arange(rows) if seed is None else np.random.default_rng(seed).permutation(rows)
    sizes = np.bincount(codes)
    exact = sizes * fraction
    taken = np.floor(exact + 1e-9).astype(np.int64)
    missing = int(fraction * rows + 1e-9) - int(taken.sum())
    taken[np.argsort(-(exact - taken), kind="stable")[: max(missing, 0)]] += 1
    mask = np.zeros(rows, dtype=bool)
    sorted_rows = order[np.argsort(codes[order], kind="stable")]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    for start, count in zip(starts, taken, strict=True):
        mask[sorted_rows[start : start + count]] = True
    return mask


def match_pattern(frame: pl.LazyFrame, expression: str) -> pl.Expr:
    r"""Rows whose column matches a regular expression, as in ``\"name" ^start``."""
    column, pattern = _column_of(frame, expression, parameter="regular_expression")
    dtype = frame.collect_schema()[column]
    if dtype not in (pl.String, pl.Categorical, pl.Enum):
        raise WrongColumnType(column, found=str(dtype), expected="text", parameter="regular_expression")
    try:
        re.compile(pattern)
        pl.Series(["x"]).str.contains(pattern)
    except (re.error, pl.exceptions.PolarsError) as error:
        raise NotConvertible(
            value=pattern, to=f"a regular expression ({error})", parameter="regular_expression"
        ) from None
    return pl.col(column).cast(pl.String).str.contains(pattern).fill_null(value=False)


def match_relation(frame: pl.LazyFrame, expression: str) -> pl.Expr:
    r"""Rows whose column compares as told, as in ``\"name" > 3 & <= 20``.

    ``&`` binds more tightly than ``|``. Missing values match nothing.
    """
    column, tests = _column_of(frame, expression, parameter="relational_expression")
    dtype = frame.collect_schema()[column]
    alternatives = [
        [_comparison(column, dtype, part) for part in alternative.split("&")] for alternative in tests.split("|")
    ]
    return pl.any_horizontal([pl.all_horizontal(tests) for tests in alternatives]).fill_null(value=False)


def _column_of(frame: pl.LazyFrame, expression: str, *, parameter: str) -> tuple[str, str]:
    names = frame.collect_schema().names()
    found = COLUMN_REFERENCE.match(expression)
    if not found or not found["rest"].strip():
        raise NotConvertible(
            value=expression,
            to="a column and a test",
            parameter=parameter,
            hint=r'Write the column as \"name" or (\0), counted from 0, and the test after it.',
        )
    if found["name"] is not None:
        if found["name"] not in names:
            raise ColumnNotFound(found["name"], port="dataset", available=names, parameter=parameter)
        return found["name"], found["rest"]
    index = int(found["index"])
    if index >= len(names):
        raise IndexOutOfRange(
            f"Column ({index}) is named, and `dataset` has {len(names)} columns, counted from 0", parameter=parameter
        )
    return names[index], found["rest"]


def _comparison(column: str, dtype: pl.DataType, text: str) -> pl.Expr:
    parameter = "relational_expression"
    found = COMPARISON.match(text)
    if not found:
        raise NotConvertible(value=text.strip(), to="a comparison such as >= 3", parameter=parameter)
    sign, value = found["operator"], found["value"].strip()
    if dtype.is_numeric():
        try:
            bound: Any = float(value)
        except ValueError:
            raise NotConvertible(value=value, to="a number", parameter=parameter, column=column) from None
    elif dtype.is_temporal():
        bound = _moment(value, dtype, column)
    elif sign in ("==", "!="):
        bound = value.strip("\"'")
        return OPERATORS[sign](pl.col(column).cast(pl.String), bound)
    else:
        raise WrongColumnType(
            column,
            found=str(dtype),
            expected="a number or a date",
            parameter=parameter,
            hint="Text can be compared with == and != only.",
        )
    return OPERATORS[sign](pl.col(column), pl.lit(bound))


def _moment(value: str, dtype: pl.DataType, column: str) -> Any:
    from datetime import datetime, time

    if dtype == pl.Time:
        try:
            return time.fromisoformat(value)
        except ValueError:
            raise NotConvertible(value=value, to="a time", parameter="relational_expression", column=column) from None
    for form in DATE_FORMATS:
        try:
            moment = datetime.strptime(value, form)  # noqa: DTZ007  the column carries the zone, if any
        except ValueError:
            continue
        return moment.date() if dtype == pl.Date else moment
    raise NotConvertible(value=value, to="a date", parameter="relational_expression", column=column)

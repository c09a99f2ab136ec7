"""What is worth knowing of a column, and how strongly two columns go together."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from scipy import stats

from modules.ml.columns import family_of, is_text, present

Numbers = np.ndarray[Any, np.dtype[np.float64]]

BARS = 20
MUCH_MISSING = 0.05
NEARLY_ALL = 0.95
SKEWED = 2.0
MANY_VALUES = 50
MANY_SHARE = 0.5
FENCE = 1.5  # times the distance of the quartiles: Tukey's fences
MANY_OUTLIERS = 0.01
FEWEST_ROWS_FOR_IDS = 20
MOST_LEVELS = 100
"""Columns with more categories are not compared with others: every category would have few rows."""
DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"


@dataclass(frozen=True)
class ColumnProfile:
    """The figures of a column; what has no meaning for its type is missing."""

    name: str
    kind: str
    rows: int
    missing: int
    distinct: int
    frequent: list[tuple[str, int]] = field(default_factory=list)
    least: str | None = None
    greatest: str | None = None
    mean: float | None = None
    deviation: float | None = None
    quartiles: tuple[float, float, float] | None = None
    skewness: float | None = None
    zeros: int | None = None
    negative: int | None = None
    infinite: int | None = None
    outliers: int | None = None
    lengths: tuple[int, int] | None = None
    bars: list[tuple[str, int]] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)


class Relation(NamedTuple):
    """How two columns go together, from 0 to 1; a correlation has the sign of its direction."""

    first: str
    second: str
    measure: str
    strength: float


def profile_of(values: pl.Series, *, frequent: int) -> ColumnProfile:
    """The profile of a column, with so many of its most frequent values."""
    dtype = values.dtype
    kind = family_of(dtype).removeprefix("a ")
    kind = kind[:1].upper() + kind[1:]
    if dtype.is_nested() or dtype in (pl.Binary, pl.Object):
        missing = values.null_count()
        return ColumnProfile(values.name, kind, len(values), missing, 0, alerts=_missing_alerts(len(values), missing))
    found = values.to_frame().select(present(values.name, dtype)).to_series().drop_nulls()
    found = found.cast(pl.String) if is_text(dtype) else found
    missing = len(values) - len(found)
    counts = found.value_counts(name="\0count").sort(["\0count", found.name], descending=[True, False])
    distinct = counts.height
    top = [(_text(value), count) for value, count in counts.head(frequent).iter_rows()]
    facts: dict[str, Any] = {}
    if len(found):
        facts = {"least": _text(found.min()), "greatest": _text(found.max())}
        facts |= _number_facts(found) if dtype.is_numeric() else {"bars": top}
    if is_text(dtype) and len(found):
        lengths = found.str.len_chars()
        facts["lengths"] = (int(lengths.min()), int(lengths.max()))  # type: ignore[arg-type]  # lengths are whole numbers
    alerts = _missing_alerts(len(values), missing)
    if len(found):
        alerts += _value_alerts(found, distinct, top[0][1], facts)
    return ColumnProfile(values.name, kind, len(values), missing, distinct, top, alerts=alerts, **facts)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number_facts(found: pl.Series) -> dict[str, Any]:
    every = found.cast(pl.Float64).to_numpy()
    finite = every[np.isfinite(every)]
    facts: dict[str, Any] = {
        "zeros": int((every == 0).sum()),
        "negative": int((every < 0).sum()),
        "infinite": len(every) - len(finite),
    }
    if not len(finite):
        return facts
    low, middle, high = (float(value) for value in np.quantile(finite, [0.25, 0.5, 0.75]))
    beyond = (finite < low - FENCE * (high - low)) | (finite > high + FENCE * (high - low))
    facts |= {"quartiles": (low, middle, high), "outliers": int(beyond.sum()), "bars": _histogram(finite)}
    with np.errstate(all="ignore"):  # numbers at the ends of their range have no mean
        facts["mean"] = _finite(finite.mean())
        if len(finite) > 1:
            facts["deviation"] = _finite(finite.std(ddof=1))
        if len(finite) > 2 and finite.min() < finite.max():
            facts["skewness"] = _finite(stats.skew(finite, bias=False))
    return facts


def _finite(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def _histogram(finite: Numbers) -> list[tuple[str, int]]:
    """The number of rows of each value where there are few, else of intervals of the same width."""
    values, counts = np.unique(finite, return_counts=True)
    if len(values) <= BARS:
        return [(f"{value:.6g}", int(count)) for value, count in zip(values, counts, strict=True)]
    try:
        counts, edges = np.histogram(finite, bins=BARS)
    except ValueError:  # the values are too near to each other, or too far apart, to be told apart
        return []
    return [
        (f"{low:.4g} to {high:.4g}", int(count)) for low, high, count in zip(edges, edges[1:], counts, strict=False)
    ]


def _missing_alerts(rows: int, missing: int) -> list[str]:
    if rows and missing == rows:
        return ["holds missing values only"]
    return [f"{missing / rows:.0%} of the values are missing"] if rows and missing / rows >= MUCH_MISSING else []


def _value_alerts(found: pl.Series, distinct: int, most: int, facts: dict[str, Any]) -> list[str]:
    """What a person should look at, in words."""
    size = len(found)
    is_whole_or_text = found.dtype.is_integer() or found.dtype == pl.String
    alerts: list[str] = []
    if distinct == 1:
        alerts.append("holds one value only")
    elif most / size >= NEARLY_ALL:
        alerts.append(f"one value stands in {most / size:.0%} of the rows")
    if is_whole_or_text and distinct == size >= FEWEST_ROWS_FOR_IDS:
        alerts.append("every value is different, as in a column of ids")
    elif found.dtype == pl.String and distinct > MANY_VALUES and distinct / size > MANY_SHARE:
        alerts.append(f"has {distinct} different texts")
    if abs(facts.get("skewness") or 0) > SKEWED:
        alerts.append("is skewed")
    if facts.get("infinite"):
        alerts.append(f"holds {facts['infinite']} infinite values")
    if (facts.get("outliers") or 0) / size > MANY_OUTLIERS:
        alerts.append(f"has {facts['outliers']} values far from the others")
    return alerts + (list(_text_alerts(found, distinct)) if found.dtype == pl.String else [])


def _text_alerts(found: pl.Series, distinct: int) -> Iterator[str]:
    stripped = found.str.strip_chars()
    if (stripped != found).any():
        yield "has spaces around some values"
    if found.str.to_lowercase().n_unique() < distinct:
        yield "has values that differ in capitals only"
    if stripped.str.contains(NUMBER).all():
        yield "holds numbers as text"
    elif any(stripped.str.to_datetime(form, strict=False).null_count() == 0 for form in DATE_FORMATS):
        yield "holds dates as text"


def relations_of(rows: pl.DataFrame, categorical: frozenset[str], *, least: float) -> list[Relation]:
    """Pairs of columns that go together at least so strongly, the strongest first.

    Numbers are compared by Pearson's correlation, categories by Cramér's V, a number with a category by the
    correlation ratio. Other types, and columns with one value or very many categories, are left out.
    """
    numbers: dict[str, Numbers] = {}
    groups: dict[str, np.ndarray[Any, np.dtype[np.int64]]] = {}
    for name, dtype in rows.schema.items():
        if dtype.is_numeric() and name not in categorical:
            values = rows[name].cast(pl.Float64).to_numpy()
            numbers[name] = np.where(np.isfinite(values), values, np.nan)
        elif dtype.is_numeric() or is_text(dtype) or dtype == pl.Boolean:
            column = rows[name].cast(pl.String) if is_text(dtype) else rows.select(present(name, dtype)).to_series()
            codes = column.rank("dense").fill_null(0).to_numpy().astype(np.int64) - 1
            if 0 < codes.max(initial=-1) < MOST_LEVELS:
                groups[name] = codes
    found: list[Relation] = []
    for first, second in combinations([name for name in rows.columns if name in numbers or name in groups], 2):
        if first in numbers and second in numbers:
            measure, strength = "correlation", _correlation(numbers[first], numbers[second])
        elif first in groups and second in groups:
            measure, strength = "Cramér's V", _cramer(groups[first], groups[second])
        else:
            number, group = (first, second) if first in numbers else (second, first)
            measure, strength = "correlation ratio", _ratio(numbers[number], groups[group])
        if abs(strength) >= least:
            found.append(Relation(first, second, measure, strength))
    return sorted(found, key=lambda relation: -abs(relation.strength))


def _correlation(x: Numbers, y: Numbers) -> float:
    known = ~(np.isnan(x) | np.isnan(y))
    x, y = x[known], y[known]
    if len(x) < 2 or x.min() == x.max() or y.min() == y.max():
        return 0.0
    with np.errstate(all="ignore"):
        found = float(np.corrcoef(x, y)[0, 1])
    return float(np.clip(found, -1, 1)) if np.isfinite(found) else 0.0


def _cramer(x: Any, y: Any) -> float:
    known = (x >= 0) & (y >= 0)
    if not known.any():
        return 0.0
    width = int(y.max()) + 1
    counts = np.bincount(x[known] * width + y[known], minlength=(int(x.max()) + 1) * width).reshape(-1, width)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape) < 2:
        return 0.0
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    statistic = float(((counts - expected) ** 2 / expected).sum())
    return float(min(np.sqrt(statistic / counts.sum() / (min(counts.shape) - 1)), 1.0))


def _ratio(values: Numbers, groups: Any) -> float:
    """The square root of the share of the variance that lies between the groups."""
    known = ~np.isnan(values) & (groups >= 0)
    values, groups = values[known], groups[known]
    if len(values) < 2 or values.min() == values.max():
        return 0.0
    with np.errstate(all="ignore"):
        away = values - values.mean()
        sizes = np.bincount(groups)
        sums = np.bincount(groups, weights=away)
        between = float((sums[sizes > 0] ** 2 / sizes[sizes > 0]).sum())
        total = float((away**2).sum())
        found = np.sqrt(between / total) if total > 0 else np.nan  # numbers that are very near to each other
    return float(min(found, 1.0)) if np.isfinite(found) else 0.0

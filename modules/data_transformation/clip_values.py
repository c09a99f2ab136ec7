"""Clip Values: replace numbers that lie beyond thresholds."""

from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple

import polars as pl

from modules.kit import Columns, Learns, Param, Port, module
from modules.kit.errors import NotLess, OutOfRange
from modules.ml.checks import check_has_columns, check_numeric
from modules.ml.columns import free_name, present

Kind = Literal["constant", "percentile"]
Substitute = Literal["threshold", "mean", "median", "missing"]

PEAKS, SUBPEAKS, BOTH = "clip_peaks", "clip_sub_peaks", "clip_peaks_and_subpeaks"
BOTH_BY_CONSTANT = {"set_of_thresholds": BOTH, "threshold": "constant"}
BOTH_BY_PERCENTILE = {"set_of_thresholds": BOTH, "threshold": "percentile"}
AVERAGES = ("mean", "median")
BY_ALL_VALUES = (
    {"set_of_thresholds": PEAKS, "upper_threshold": "percentile"},
    {"set_of_thresholds": SUBPEAKS, "lower_threshold": "percentile"},
    BOTH_BY_PERCENTILE,
    {"set_of_thresholds": (PEAKS, BOTH), "substitute_value_for_peaks": AVERAGES},
    {"set_of_thresholds": (SUBPEAKS, BOTH), "substitute_value_for_subpeaks": AVERAGES},
)


class Side(NamedTuple):
    """What lies beyond one threshold, and what stands in for it."""

    kind: Kind
    value: float
    substitute: Substitute

    def parameter(self, name: str) -> str:
        """The parameter that gave the threshold."""
        return f"{self.kind}_value_for_{name}_threshold"

    def bound(self, values: pl.Expr, dtype: pl.DataType) -> pl.Expr:
        """The threshold; of the type of the values where that can hold it."""
        if self.kind == "percentile":
            return values.quantile(self.value / 100, interpolation="linear")
        if dtype.is_integer() and self.value == int(self.value):
            try:
                return pl.lit(pl.Series([int(self.value)], dtype=dtype).item(), dtype=dtype)
            except (OverflowError, TypeError):
                pass
        return pl.lit(self.value)

    def stand_in(self, values: pl.Expr, bound: pl.Expr) -> pl.Expr:
        """What replaces a value beyond the threshold."""
        return {
            "threshold": bound,
            "mean": values.mean(),
            "median": values.median(),
            "missing": pl.lit(None),
        }[self.substitute]


@module(learns=Learns(when=BY_ALL_VALUES))
def clip_values(
    input: Annotated[pl.LazyFrame, Port(help="The table with the numbers")],  # noqa: A002  the reference's name
    *,
    set_of_thresholds: Annotated[
        Literal["clip_peaks", "clip_sub_peaks", "clip_peaks_and_subpeaks"],
        Param(
            "Whether values above, below or on both sides are replaced",
            titles={PEAKS: "ClipPeaks", SUBPEAKS: "ClipSubPeaks", BOTH: "ClipPeaksAndSubpeaks"},
        ),
    ] = "clip_peaks",
    upper_threshold: Annotated[
        Kind, Param("How the upper threshold is given", when={"set_of_thresholds": PEAKS})
    ] = "constant",
    lower_threshold: Annotated[
        Kind, Param("How the lower threshold is given", when={"set_of_thresholds": SUBPEAKS})
    ] = "constant",
    threshold: Annotated[Kind, Param("How both thresholds are given", when={"set_of_thresholds": BOTH})] = "constant",
    constant_value_for_upper_threshold: Annotated[
        float,
        Param(
            "Values above it are peaks",
            when=({"set_of_thresholds": PEAKS, "upper_threshold": "constant"}, BOTH_BY_CONSTANT),
        ),
    ] = 99.0,
    percentile_value_for_upper_threshold: Annotated[
        float,
        Param(
            "Values above this percentile of their column are peaks",
            ge=0,
            le=100,
            when=({"set_of_thresholds": PEAKS, "upper_threshold": "percentile"}, BOTH_BY_PERCENTILE),
        ),
    ] = 99.0,
    substitute_value_for_peaks: Annotated[
        Substitute, Param("What stands in for peaks", when={"set_of_thresholds": (PEAKS, BOTH)})
    ] = "threshold",
    constant_value_for_lower_threshold: Annotated[
        float,
        Param(
            "Values below it are subpeaks",
            when=({"set_of_thresholds": SUBPEAKS, "lower_threshold": "constant"}, BOTH_BY_CONSTANT),
        ),
    ] = 1.0,
    percentile_value_for_lower_threshold: Annotated[
        float,
        Param(
            "Values below this percentile of their column are subpeaks",
            ge=0,
            le=100,
            when=({"set_of_thresholds": SUBPEAKS, "lower_threshold": "percentile"}, BOTH_BY_PERCENTILE),
        ),
    ] = 1.0,
    substitute_value_for_subpeaks: Annotated[
        Substitute, Param("What stands in for subpeaks", when={"set_of_thresholds": (SUBPEAKS, BOTH)})
    ] = "threshold",
    columns: Annotated[Columns, Param("The columns to clip, all of them numbers", title="List of columns")],
    overwrite_flag: Annotated[
        bool, Param("Put clipped values in the place of the others; off adds them as columns")
    ] = True,
    add_indicator_columns: Annotated[bool, Param("Add columns that are true where a value was replaced")] = False,
) -> Annotated[pl.LazyFrame, Port("result_dataset", help="The table with clipped values")]:
    """Find numbers beyond thresholds and put others in their place.

    A value that equals a threshold stays. Percentiles lie on the line between neighbouring values; they, mean and
    median are those of the column before anything is clipped, without missing values. Missing values stay missing.
    Whole numbers stay whole where the substitute is missing, or a whole threshold that the column can hold; else they
    get a decimal point.

    Clipped columns beside the others are called `<column>_Clipped`, indicator columns `<column>_IsClipped`.
    """
    schema = input.collect_schema()
    check_has_columns(schema, port="input")
    check_numeric(schema, columns, parameter="columns", port="input")
    is_both = set_of_thresholds == BOTH
    upper, lower = threshold if is_both else upper_threshold, threshold if is_both else lower_threshold
    constants = (constant_value_for_upper_threshold, constant_value_for_lower_threshold)
    percentiles = (percentile_value_for_upper_threshold, percentile_value_for_lower_threshold)
    sides = {
        "upper": Side(upper, (constants if upper == "constant" else percentiles)[0], substitute_value_for_peaks),
        "lower": Side(lower, (constants if lower == "constant" else percentiles)[1], substitute_value_for_subpeaks),
    }
    if not is_both:
        del sides["lower" if set_of_thresholds == PEAKS else "upper"]
    _check(sides)
    clipped: dict[str, pl.Expr] = {}
    flags: dict[str, pl.Expr] = {}
    for name in dict.fromkeys(columns):
        values = present(name, schema[name]).cast(pl.Float64 if schema[name] == pl.Null else schema[name])
        label = name if overwrite_flag else free_name(name, {*schema, *clipped, *flags}, "_Clipped")
        clipped[label], is_clipped = _clipped(values, schema[name], sides)
        if add_indicator_columns:
            flags[free_name(name, {*schema, *clipped, *flags}, "_IsClipped")] = is_clipped
    return input.with_columns(expression.alias(name) for name, expression in {**clipped, **flags}.items())


def _check(sides: Mapping[str, Side]) -> None:
    """Raise 0008 for a percentile that is none, and 0006 for a lower threshold that is not below the upper one."""
    for name, side in sides.items():
        if side.kind == "percentile" and not 0 <= side.value <= 100:
            raise OutOfRange(parameter=side.parameter(name), low=0, high=100, actual=side.value)
    if len(sides) == 2 and sides["lower"].value >= sides["upper"].value:
        lower, bound = sides["lower"], sides["upper"].value
        raise NotLess(parameter=lower.parameter("lower"), bound=bound, actual=lower.value)


def _clipped(values: pl.Expr, dtype: pl.DataType, sides: Mapping[str, Side]) -> tuple[pl.Expr, pl.Expr]:
    """The clipped values, and whether each was."""
    result, is_clipped = values, pl.lit(value=False)
    for name, side in sides.items():
        bound = side.bound(values, dtype)
        is_beyond = values > bound if name == "upper" else values < bound
        result = pl.when(is_beyond).then(side.stand_in(values, bound)).otherwise(result)
        is_clipped = is_clipped | is_beyond.fill_null(value=False)
    return result, is_clipped

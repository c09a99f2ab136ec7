"""Apply Math Operation: a mathematical function of columns of numbers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
import polars as pl

from modules.kit import Columns, Param, Port, module
from modules.kit.errors import SizesDiffer
from modules.kit.names import counted
from modules.ml import mathematics
from modules.ml.checks import check_has_columns, check_numeric
from modules.ml.columns import free_name, present
from modules.ml.mathematics import TRUTHS, WITH_SECOND, display_name

FUNCTIONS: Mapping[str, Mapping[Any, Callable[..., Any]]] = {
    "basic": mathematics.BASIC,
    "compare": mathematics.COMPARISON,
    "operations": mathematics.ARITHMETIC,
    "rounding": mathematics.ROUNDING,
    "special": mathematics.SPECIAL,
    "trigonometric": mathematics.TRIGONOMETRIC,
}
CHOSEN_BY = {
    "basic": "basic_math_function",
    "compare": "comparison_function",
    "operations": "arithmetic_operation",
    "rounding": "rounding_operation",
    "special": "special_function",
}
SECOND = tuple({"category": category, CHOSEN_BY[category]: names} for category, names in WITH_SECOND.items())
CONSTANT = tuple({**condition, "second_argument_type": "constant"} for condition in SECOND)
COLUMN_SET = tuple({**condition, "second_argument_type": "column_set"} for condition in SECOND)
TITLES = {name: display_name(name) for functions in FUNCTIONS.values() for name in functions}


@module()
def apply_math_operation(
    input: Annotated[pl.LazyFrame, Port(help="The table with the numbers")],  # noqa: A002  the reference's name
    *,
    category: Annotated[
        Literal["basic", "compare", "operations", "rounding", "special", "trigonometric"],
        Param("The kind of function"),
    ] = "basic",
    basic_math_function: Annotated[
        mathematics.Basic, Param("What becomes of each value", when={"category": "basic"}, titles=TITLES)
    ] = "abs",
    comparison_function: Annotated[
        mathematics.Comparison, Param("How each value is compared", when={"category": "compare"}, titles=TITLES)
    ] = "equal_to",
    arithmetic_operation: Annotated[
        mathematics.Arithmetic, Param("What is done to each value", when={"category": "operations"}, titles=TITLES)
    ] = "add",
    rounding_operation: Annotated[
        mathematics.Rounding, Param("How each value is rounded", when={"category": "rounding"}, titles=TITLES)
    ] = "ceiling",
    special_function: Annotated[
        mathematics.Special, Param("What becomes of each value", when={"category": "special"}, titles=TITLES)
    ] = "beta",
    trigonometric_function: Annotated[
        mathematics.Trigonometric,
        Param("What becomes of each value", when={"category": "trigonometric"}, titles=TITLES),
    ] = "acos",
    second_argument_type: Annotated[
        Literal["constant", "column_set"],
        Param(
            "Whether the second argument (for rounding, the precision or multiple) is one number or the values of "
            "columns",
            when=SECOND,
            titles={"column_set": "ColumnSet"},
        ),
    ] = "constant",
    constant_second_argument: Annotated[
        float, Param("The second argument of every value", title="Second argument (constant)", when=CONSTANT)
    ] = 1.0,
    second_argument_columns: Annotated[
        Columns,
        Param(
            "The second arguments: one column for each of the column set, paired in order, or one for all",
            title="Second argument (column set)",
            when=COLUMN_SET,
        ),
    ],
    columns: Annotated[Columns, Param("The columns to compute with, all of them numbers", title="Column set")],
    output_mode: Annotated[
        Literal["append", "inplace", "result_only"],
        Param(
            "Add the results as new columns, put them in the place of the values, or give nothing else",
            titles={"result_only": "ResultOnly"},
        ),
    ] = "append",
) -> Annotated[pl.LazyFrame, Port("result_dataset", help="The table with the results")]:
    """Compute one function for every value of the selected columns.

    New columns are named after function and operands, a number with a dollar sign: `Add(price_$1)`, `Abs(price)`.
    Comparisons give true or false, all else numbers with a decimal point. Missing values, NaN among them, give missing
    results. A value without an answer, such as the logarithm of -1, gives NaN, and 1 ÷ 0 is infinite.

    The value comes first and the second argument last: `Divide` is value ÷ argument, `Pow` value ^ argument, `NthRoot`
    value ^ (1 ÷ argument), `Log` the logarithm to the base of the argument, `Exp2` argument × 2 ^ value; `Polygamma`
    takes its order from the argument. `Ceiling`, `Floor` and `ToMultiple` go to multiples of the argument; `Mod` leaves
    what is over a multiple below, `Quotient` and `Remainder` divide towards zero. `RoundDigits` (halves go up),
    `RoundDown`, `RoundUp` and `Truncate` (towards zero) keep as many digits behind the point as the argument says. Of
    complex results the real part is given.
    """
    chosen = {
        "basic": basic_math_function,
        "compare": comparison_function,
        "operations": arithmetic_operation,
        "rounding": rounding_operation,
        "special": special_function,
        "trigonometric": trigonometric_function,
    }[category]
    schema = input.collect_schema()
    check_has_columns(schema, port="input")
    check_numeric(schema, columns, parameter="columns", port="input")
    seconds: list[Any] = [None] * len(columns)
    if chosen in WITH_SECOND.get(category, ()):
        seconds = [constant_second_argument] * len(columns)
        if second_argument_type == "column_set":
            check_numeric(schema, second_argument_columns, parameter="second_argument_columns", port="input")
            seconds = _paired(columns, second_argument_columns)
    results: dict[str, pl.Expr] = {}
    for name, second in zip(columns, seconds, strict=True):
        header = f"{display_name(chosen)}({name}{_shown(second)})"
        taken = {*results, *(schema if output_mode == "append" else ())}
        label = name if output_mode == "inplace" else free_name(header, taken, "")
        results[label] = _computed(chosen, FUNCTIONS[category][chosen], name, second, schema).alias(label)
    return input.select(results.values()) if output_mode == "result_only" else input.with_columns(results.values())


def _paired(columns: list[str], others: list[str]) -> list[str]:
    """The second column of each; raises 0027."""
    if len(others) not in (1, len(columns)):
        raise SizesDiffer(
            f"{counted(len(columns), 'column')} cannot be paired with {counted(len(others), 'column')}",
            parameter="second_argument_columns",
            port="input",
            hint="Select one column for all, or as many as in the column set.",
        )
    return others * len(columns) if len(others) == 1 else others


def _shown(second: str | float | None) -> str:
    """The second argument as it ends a header."""
    if isinstance(second, float | int):
        return f"_${int(second) if second == int(second) else second!r}"
    return "" if second is None else f"_{second}"


def _computed(
    chosen: str, function: Callable[..., Any], name: str, second: str | float | None, schema: pl.Schema
) -> pl.Expr:
    """The results as an expression that goes value by value; what is missing stays so."""
    values = present(name, schema[name])
    argument = present(second, schema[second]) if isinstance(second, str) else pl.lit(second)
    if chosen in TRUTHS:  # compared as they are: large whole numbers lose digits as floats
        if schema[name] == pl.Null or (isinstance(second, str) and schema[second] == pl.Null):
            return pl.lit(None, dtype=pl.Boolean)
        return function(values, argument)  # type: ignore[no-any-return]  # a column, says every function of the table
    operands = [values.cast(pl.Float64)]
    if isinstance(second, str):
        operands.append(argument.cast(pl.Float64))

    def answer(given: Sequence[pl.Series]) -> pl.Series:
        with np.errstate(all="ignore"):
            arrays = [series.to_numpy() for series in given]
            found = function(*arrays, *([second] if isinstance(second, float | int) else []))
        missing = given[0].is_null() if len(given) == 1 else given[0].is_null() | given[1].is_null()
        return pl.Series(given[0].name, found, dtype=pl.Float64).set(missing, None)

    return pl.map_batches(operands, answer, return_dtype=pl.Float64, is_elementwise=True)

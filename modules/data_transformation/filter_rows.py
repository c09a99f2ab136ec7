"""Filter Rows: keep the rows for which a condition holds."""

from typing import Annotated

import polars as pl

from modules.kit import Param, Port, Script, module
from modules.kit.errors import EmptyInput
from modules.ml.expressions import condition as read_condition


@module()
def filter_rows(
    dataset: pl.LazyFrame,
    *,
    condition: Annotated[
        Script, Param("As in: price > 3 and make in ('audi', 'bmw')", title="Condition", language="sql")
    ],
    keep_the_others: Annotated[bool, Param("Keep the rows for which it does not hold instead")] = False,
) -> Annotated[pl.LazyFrame, Port("results_dataset", help="The rows for which the condition holds")]:
    """Keep the rows for which a condition holds, in their order.

    Conditions are written as in SQL. Columns stand by their names, in double quotes where these have spaces or signs;
    texts and dates stand in single quotes: `"body style" = 'sedan' and sold >= '2020-01-31'`.

    - `=`, `!=`, `<`, `<=`, `>`, `>=`, `between … and …`, `in (…)`, `is missing`, `is not missing`
    - `like` with `%` for any text and `_` for any letter, `ilike` for letters of either case, `matches` for regular
      expressions
    - `and`, `or`, `not` and brackets; `+`, `-`, `*`, `/`, `%`; `||` joins texts
    - `abs`, `round`, `floor`, `ceil`, `sqrt`, `ln`, `exp`; `length`, `lower`, `upper`, `trim`, `contains`,
      `starts_with`, `ends_with`; `year`, `month`, `day`, `weekday` (Monday is 1), `hour`, `minute`
    - `mean`, `median`, `min` and `max` of a whole column: `price > 2 * median(price)`

    What is compared with a missing value does not hold: such rows go to the others. To divide a table in two, take
    Split Data.
    """
    if not condition or not condition.strip():
        raise EmptyInput(parameter="condition", hint="Write a condition, such as: price > 3")
    holds = read_condition(condition, dataset.collect_schema(), parameter="condition")
    return dataset.filter(~holds if keep_the_others else holds)

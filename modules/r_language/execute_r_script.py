"""Execute R Script: run an R function of the user between nodes."""

from typing import Annotated, NamedTuple

import polars as pl

from modules.kit import Context, File, Param, Port, Script, Seed, Table, TableSchema, module
from modules.kit.errors import EmptyInput

TEMPLATE = """# Called with the tables of the two inputs; an input without a wire is NULL.
azureml_main <- function(dataframe1, dataframe2) {
  print(summary(dataframe1))
  list(dataset1 = dataframe1, dataset2 = dataframe2)
}
"""
LARGEST_R_SEED = 2**31 - 1


class Results(NamedTuple):
    """The tables that the function returned."""

    result_dataset: Annotated[pl.LazyFrame, Port(help="What the list names dataset1")]
    result_dataset2: Annotated[pl.LazyFrame, Port(help="What the list names dataset2; empty where there is none")]


@module(title="Execute R Script")
def execute_r_script(
    dataset1: Annotated[Table | None, Port(help="Becomes the first argument")] = None,
    dataset2: Annotated[Table | None, Port(help="Becomes the second argument")] = None,
    script_bundle: Annotated[
        File | None, Port(help="A zip archive of R files and data, unpacked into ./Script Bundle")
    ] = None,
    *,
    script: Annotated[
        Script, Param("Defines azureml_main(dataframe1, dataframe2)", title="R script", language="r")
    ] = TEMPLATE,
    random_seed: Annotated[Seed | None, Param("Given to set.seed; blank draws a new one for each run")] = None,
    context: Context,
) -> Results:
    """Run an R function between nodes.

    The script defines `azureml_main <- function(dataframe1, dataframe2)`, which returns
    `list(dataset1 = ..., dataset2 = ...)` of data frames; an input without a wire is NULL. Text arrives as character,
    what is marked as categorical as factor, times as POSIXct in UTC, and whole numbers beyond 32 bits as doubles. Raw
    vectors and lists are no columns.

    It runs in a process of its own with a limit on time and memory and knows nothing of this installation; what it
    prints is in the log, and an error shows the line of the script. R must be installed where steps run; the packages
    that are installed with it are there, and none can be installed from the script. A zip archive at the third input
    lies unpacked in `./Script Bundle`, as in `source("Script Bundle/tools.R")`. Roles of columns that come back under
    their names are kept.
    """
    if not script.strip():
        raise EmptyInput(parameter="script", hint="Define azureml_main(dataframe1, dataframe2).")
    bundle = None if script_bundle is None else script_bundle.path
    seed = random_seed
    if seed is not None and seed > LARGEST_R_SEED:
        seed -= 2**32
    tables = context.sandbox.run_r(script, [dataset1, dataset2], bundle=bundle, seed=seed)
    first, second, *_ = [*tables, pl.DataFrame(), pl.DataFrame()]
    return Results(first.lazy(), second.lazy())


@execute_r_script.schema
def execute_r_script_schema() -> tuple[TableSchema | None, TableSchema | None]:
    """Known after a run: a user's script is never run outside of one."""
    return None, None

"""Execute Python Script: run a function of the user between nodes."""

from typing import Annotated, NamedTuple

import polars as pl

from modules.kit import Context, File, Param, Port, Script, Table, TableSchema, module
from modules.kit.errors import EmptyInput

TEMPLATE = '''import pandas as pd


def azureml_main(dataframe1=None, dataframe2=None):
    """Called with the tables of the two inputs; an input without a wire is None."""
    print(dataframe1)
    return (dataframe1,)
'''


class Results(NamedTuple):
    """The tables that the function returned."""

    result_dataset: Annotated[pl.LazyFrame, Port(help="The first table that the function returned")]
    result_dataset2: Annotated[pl.LazyFrame, Port(help="The second one; empty where there is none")]


@module()
def execute_python_script(
    dataset1: Annotated[Table | None, Port(help="Becomes the first argument")] = None,
    dataset2: Annotated[Table | None, Port(help="Becomes the second argument")] = None,
    script_bundle: Annotated[
        File | None, Port(help="A zip archive of Python files and data, unpacked into ./Script Bundle")
    ] = None,
    *,
    script: Annotated[
        Script, Param("Defines azureml_main(dataframe1, dataframe2)", title="Python script", language="python")
    ] = TEMPLATE,
    context: Context,
) -> Results:
    """Run a Python function between nodes.

    The script defines `azureml_main(dataframe1, dataframe2)`. It is called with pandas data frames and returns one or
    two of them, as in `return frame,` or `return frame1, frame2`. numpy, pandas, scikit-learn, scipy and polars are
    there. It runs in a process of its own with a limit on time and memory and knows nothing of this installation; what
    it prints is in the log, and an error shows the line of the script. Roles of columns that come back under their
    names are kept.

    A zip archive at the third input lies unpacked in `./Script Bundle`: its modules can be imported, and its files
    opened by paths such as `./Script Bundle/words.txt`. Packages cannot be installed from the script.
    """
    if not script.strip():
        raise EmptyInput(parameter="script", hint="Define azureml_main(dataframe1, dataframe2).")
    bundle = None if script_bundle is None else script_bundle.path
    tables = context.sandbox.run_python(script, [dataset1, dataset2], bundle=bundle)
    first, second, *_ = [*tables, pl.DataFrame(), pl.DataFrame()]
    return Results(first.lazy(), second.lazy())


@execute_python_script.schema
def execute_python_script_schema() -> tuple[TableSchema | None, TableSchema | None]:
    """Known after a run: a user's script is never run outside of one."""
    return None, None

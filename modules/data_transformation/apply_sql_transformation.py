"""Apply SQL Transformation: select from one to three tables."""

from typing import Annotated, Literal

from modules.kit import Context, Param, Port, Script, Table, TableSchema, module
from modules.kit.errors import EmptyInput
from modules.ml import sqlite
from modules.ml.sql import query


@module()
def apply_sql_transformation(
    t1: Annotated[Table, Port(help="The table that the script calls t1", title="t1")],
    t2: Annotated[Table | None, Port(help="The table that the script calls t2", title="t2")] = None,
    t3: Annotated[Table | None, Port(help="The table that the script calls t3", title="t3")] = None,
    *,
    script: Annotated[
        Script, Param("Select statements over t1, t2 and t3", title="SQL query script", language="sql")
    ] = "select * from t1",
    sql_engine: Annotated[
        Literal["duckdb", "sqlite"],
        Param(
            "DuckDB is fast and strict; SQLite takes [names] in brackets and values of mixed types",
            title="SQL engine",
            titles={"duckdb": "DuckDB", "sqlite": "SQLite"},
        ),
    ] = "duckdb",
    context: Context,
) -> Annotated[Table, Port("result_dataset", help="The rows of the last select statement")]:
    """Run SQL over one to three tables.

    The engine works in memory. Statements end with a semicolon; the last select statement gives the result, and those
    before may create tables of their own. Names with spaces or signs stand in double quotes. The script sees its
    inputs and nothing else: no file, no network, no settings. Roles and categories of columns are lost, since any
    column may be a new one; a name that would stand twice is numbered.

    In SQLite, true and false are 1 and 0, dates and times are texts such as `2026-01-31 12:00:00`, and the types of the
    result are told from its values.
    """
    if not script.strip():
        raise EmptyInput(parameter="script", hint="Write a select statement, such as: select * from t1")
    tables = {"t1": t1, "t2": t2, "t3": t3}
    frames = {name: table.frame for name, table in tables.items() if table is not None}
    if sql_engine == "sqlite":
        return Table(sqlite.query(script, frames).lazy())
    return Table(query(script, frames, context.working_folder).lazy())


@apply_sql_transformation.schema
def apply_sql_transformation_schema() -> TableSchema | None:
    """Known after a run: a user's script is never run outside of one."""
    return None

"""SQLite: what SQL gives, how values come back, and what a script cannot reach."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from modules.data_transformation.apply_sql_transformation import apply_sql_transformation
from modules.kit import Context, EmptyInput, SqlFailed, Table
from modules.ml.sqlite import query
from tests.modules.refusals import refusal

CARS = pl.LazyFrame({"id": [1, 2, 3], "engine size": [130, 152, None], "price": [1.5, float("nan"), 4.0]})
MAKES = pl.LazyFrame({"id": [1, 3], "make": ["audi", "it's"]})


def selected(script: str, t1: pl.LazyFrame = CARS) -> dict[str, list[Any]]:
    return query(script, {"t1": t1, "t2": MAKES}).to_dict(as_series=False)


def test_the_module_runs_it_on_wish() -> None:
    options: Any = {"script": "select [engine size] from t1 where id = 1", "sql_engine": "sqlite"}
    found = apply_sql_transformation(Table(CARS, {"id": "label"}), context=Context(), **options)
    assert found.frame.collect().to_dict(as_series=False) == {"engine size": [130]}
    assert found.roles == {}


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("select t1.id, make from t1 join t2 using (id) order by 1;", {"id": [1, 3], "make": ["audi", "it's"]}),
        ("select count(price) c, avg(price) m from t1", {"c": [2], "m": [2.75]}),
        ("create table mine as select id from t1; insert into mine values (9); select max(id) m from mine", {"m": [9]}),
        ("select 1 a; select 2 b; update t1 set id = 7", {"b": [2]}),
        ("select ';' a -- ; \n; ", {"a": [";"]}),
        ("select id, id, id as id_ from t1 limit 1", {"id": [1], "id_2": [1], "id_": [1]}),
        ("select id from t1 where id > 9", {"id": []}),
        (
            "with recursive n(x) as (select 1 union all select x + 1 from n where x < 3) select x from n",
            {"x": [1, 2, 3]},
        ),
    ],
)
def test_the_last_statement_with_rows_gives_the_result(script: str, expected: object) -> None:
    assert selected(script) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, None], [1, None]),
        ([1.5, 2.0], [1.5, 2.0]),
        ([True, False], [1, 0]),
        ([date(2020, 1, 31)], ["2020-01-31"]),
        ([datetime(2020, 1, 31, 12, tzinfo=UTC)], ["2020-01-31 12:00:00"]),
        ([time(12, 30)], ["12:30:00"]),
        ([timedelta(hours=1)], ["PT1H"]),
        ([b"\x01"], [b"\x01"]),
        ([[1, 2], None], ["[1, 2]", None]),
        (pl.Series([2**63 + 5], dtype=pl.UInt64), [float(2**63 + 5)]),
        (pl.Series(["a"], dtype=pl.Categorical), ["a"]),
        (pl.Series([1], dtype=pl.Int128), [1.0]),
        ([None], [None]),
    ],
)
def test_values_come_back_in_the_types_that_there_are(values: Any, expected: list[Any]) -> None:
    assert selected("select x from t1", pl.LazyFrame({"x": values}))["x"] == expected


@pytest.mark.parametrize(
    ("expression", "dtype"),
    [("1", pl.Int64), ("1.0", pl.Float64), ("'a'", pl.String), ("x'01'", pl.Binary), ("null", pl.Null)],
)
def test_types_are_told_from_the_values(expression: str, dtype: Any) -> None:
    assert query(f"select {expression} x", {}).schema["x"] == dtype


@pytest.mark.parametrize(("others", "expected"), [("2.5", [1.0, 2.5]), ("'b'", ["1", "b"]), ("x'ff'", ["1", "ff"])])
def test_mixed_values_go_together(others: str, expected: list[Any]) -> None:
    assert query(f"select 1 x union all select {others}", {})["x"].to_list() == expected


@pytest.mark.parametrize(
    "script",
    [
        "attach '{folder}/other.db' as other; select 1",
        "vacuum into '{folder}/other.db'; select 1",
        "vacuum; select 1",
        "pragma temp_store_directory = '{folder}'; select 1",
        "select load_extension('{folder}/x')",
        "select readfile('/etc/passwd')",
        "select writefile('{folder}/other.db', 'x')",
        "create virtual table v using fts5(x); select 1",
        "create virtual table v using csv(filename='/etc/passwd'); select * from v",
        "select * from pragma_database_list",
        "create trigger t after insert on t1 begin select 1; end; select 1",
        "detach main; select 1",
        "begin; select 1",
    ],
)
def test_nothing_but_the_tables_can_be_reached(script: str, tmp_path: Path) -> None:
    with pytest.raises(SqlFailed):
        selected(script.format(folder=tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("script", "error"),
    [("", EmptyInput), (" ;; ", SqlFailed), ("selct 1", SqlFailed), ("select nope from t1", SqlFailed)],
)
def test_what_does_not_run_is_refused(script: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        selected(script)


def test_a_script_without_rows_is_refused() -> None:
    assert refusal(selected, "update t1 set id = 1") == ("0069", None, "script", None)


def test_names_are_told_apart_by_more_than_capitals() -> None:
    with pytest.raises(SqlFailed, match="duplicate column name"):
        selected("select 1", pl.LazyFrame({"a": [1], "A": [2]}))

"""Apply SQL Transformation: what SQL gives, and what it cannot reach."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from modules.data_transformation.apply_sql_transformation import apply_sql_transformation
from modules.kit import Context, EmptyInput, OutOfMemory, SqlFailed, Table
from modules.ml.sql import query

CARS = Table(
    pl.LazyFrame(
        {
            "id": [1, 2, 3],
            "engine size": [130, 152, None],
            "price": [1.5, float("nan"), 4.0],
            "이름": ["가", "나", "다"],
        }
    ),
    {"price": "label"},
    frozenset({"id"}),
)
MAKES = Table(pl.LazyFrame({"id": [1, 3], "make": ["audi", "bmw"]}))

unseen = pl.DataFrame({"secret": [1]})


def selected(script: str, t2: Table | None = None, folder: Path | None = None) -> dict[str, list[Any]]:
    found = apply_sql_transformation(CARS, t2, script=script, context=Context(folder))
    return found.frame.collect().to_dict(as_series=False)


def test_all_rows_come_back_by_default() -> None:
    found = apply_sql_transformation(CARS, context=Context())
    assert found.frame.collect().height == 3


def test_tables_are_joined_by_their_port_names() -> None:
    assert selected("select t1.id, make from t1 join t2 using (id) order by 1;", MAKES) == {
        "id": [1, 3],
        "make": ["audi", "bmw"],
    }


def test_names_stand_in_double_quotes() -> None:
    assert selected("""select "engine size" from t1 where "이름" = '가'""") == {"engine size": [130]}


def test_sums_of_whole_numbers_are_whole_and_nan_is_missing() -> None:
    assert selected("select sum(id) s, count(price) c, avg(price) m from t1") == {"s": [6], "c": [2], "m": [2.75]}


def test_the_last_select_gives_the_result() -> None:
    script = "create table mine as select id from t1; insert into mine values (9); select * from mine order by id desc"
    assert selected(script) == {"id": [9, 3, 2, 1]}


def test_repeated_names_are_numbered() -> None:
    assert list(selected("select t1.id, t2.id, 1 as id_ from t1, t2", MAKES)) == ["id", "id_2", "id_"]


def test_spans_of_time_become_text() -> None:
    assert selected("select interval 1 month as span") == {"span": ["1 month"]}


def test_roles_and_flags_are_lost() -> None:
    found = apply_sql_transformation(CARS, context=Context())
    assert (dict(found.roles), found.categorical) == ({}, frozenset())


def test_no_rows_are_a_table_too() -> None:
    assert selected("select id from t1 where id > 99") == {"id": []}


def test_groups_come_in_the_same_order_each_time() -> None:
    table = Table(pl.LazyFrame({"g": [index % 1000 for index in range(300_000)]}))
    runs = [
        apply_sql_transformation(
            table, script="select g, count(*) from t1 group by g", context=Context()
        ).frame.collect()
        for _ in range(2)
    ]
    assert runs[0].equals(runs[1])


@pytest.mark.parametrize("script", ["", "  ", ";", "-- nothing"])
def test_an_empty_script_is_told(script: str) -> None:
    with pytest.raises(EmptyInput):
        selected(script)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("selct 1", "syntax error"),
        ("select prize from t1", "prize"),
        ("select * from t3", "t3"),
        ("select 1 // 0 from t1", "Division by zero"),
        ("create table x as select 1", "selects nothing"),
    ],
)
def test_the_message_of_the_engine_is_shown(script: str, said: str) -> None:
    with pytest.raises(SqlFailed, match=said):
        selected(script)


@pytest.mark.parametrize(
    "script",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from read_blob('/etc/hostname')",
        "select * from glob('/*')",
        "select * from sniff_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from 'http://127.0.0.1/a.csv'",
        "select * from read_parquet('s3://bucket/a.parquet')",
        "create view v as select * from read_csv('/etc/passwd'); select * from v",
        "copy t1 to 'out.csv'",
        "copy (select 1) to 'out.csv'; select 1",
        "export database 'out'",
        "import database 'out'",
        "attach 'other.db'; select 1",
        "detach memory",
        "install httpfs; select 1",
        "load httpfs",
        "pragma database_list",
        "pragma enable_external_access = true; select 1",
        "set enable_external_access = true; select * from read_csv('/etc/passwd')",
        "reset enable_external_access; select 1",
        "set lock_configuration = false; select 1",
        "create secret s (type s3, key_id 'x'); select 1",
        "call pragma_version()",
        "prepare p as select 1; execute p",
        "select getenv('HOME')",
        "select * from unseen",
        "select * from sqlite_scan('a.db', 't')",
        "begin; select 1",
        "checkpoint",
        "vacuum",
    ],
)
def test_nothing_but_the_inputs_can_be_reached(script: str, tmp_path: Path) -> None:
    with pytest.raises(SqlFailed):
        selected(script, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_too_large_a_query_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutOfMemory):
        query("select list(a.range) from range(30000000) a", {}, tmp_path, memory_bytes=50_000_000)

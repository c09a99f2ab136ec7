"""Import from and export to SQLite files."""

import sqlite3
import tempfile
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from polars.testing.parametric import dataframes

from modules.data_input_and_output.export_data import export_data
from modules.data_input_and_output.import_data import import_data
from modules.kit import Context, EmptyInput, FileNotParsable, FileNotReadable, QueryFailed, SqlFailed, WriteFailed
from modules.ml.sqlite_files import ROWS_AT_ONCE


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.sqlite"
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("create table sold (id integer, price real, name text, raw blob, mixed)")
        rows = [(1, 1.5, "a", b"\x01", 1), (2, None, None, None, "x"), (3, 2.0, "\u00e4", b"\x02", 2.5)]
        made.executemany("insert into sold values (?, ?, ?, ?, ?)", rows)
    return path


def imported(path: Path | str, query: str) -> pl.DataFrame:
    return import_data(
        data_source="sqlite", database=str(path), sql_query=query,
        path="", url="", connection="", location="", context=Context(),
    ).collect()  # fmt: skip


def exported(frame: pl.DataFrame, folder: Path, **options: Any) -> Path:
    options = {"columns_to_be_saved": frame.columns, "data_table_name": "sold", **options}
    nothing = {"location": "", "access_key": "", "connection": ""}
    return export_data(frame.lazy(), datastore_type="sqlite", context=Context(folder), **options, **nothing).path


def test_rows_of_a_query_with_the_types_of_their_values(shop: Path) -> None:
    found = imported(shop, "select *, count(*) over () as n from sold order by id")
    assert found.schema == {
        "id": pl.Int64, "price": pl.Float64, "name": pl.String, "raw": pl.Binary, "mixed": pl.String, "n": pl.Int64,
    }  # fmt: skip
    assert found.row(0) == (1, 1.5, "a", b"\x01", "1", 3)
    assert found["name"].to_list() == ["a", None, "\u00e4"]


def test_no_rows_keep_their_columns(shop: Path) -> None:
    assert imported(shop, "select id, id from sold where id > 9").columns == ["id", "id_2"]


def test_types_that_show_late_count_for_all_rows(tmp_path: Path) -> None:
    path = tmp_path / "late.sqlite"
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("create table t (a, b)")
        made.executemany("insert into t values (?, ?)", [(n, n) for n in range(60_000)] + [(0.5, "x")])
    found = imported(path, "select * from t")
    assert found.schema == {"a": pl.Float64, "b": pl.String}
    assert found.row(60_000) == (0.5, "x")


@pytest.mark.parametrize(
    "query",
    [
        "selec 1",
        "select * from nowhere",
        "select 1; select 2",
        "delete from sold",
        "attach database '/etc/passwd' as other",
        "pragma database_list",
        "select load_extension('x')",
        "create temp table x as select 1",
        "vacuum into '/tmp/copy'",
    ],
)
def test_a_query_that_does_more_than_read_is_0069(shop: Path, query: str) -> None:
    before = shop.read_bytes()
    with pytest.raises(SqlFailed) as caught:
        imported(shop, query)
    assert (caught.value.code, caught.value.parameter) == ("0069", "sql_query")
    assert shop.read_bytes() == before


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("select * from sld", "Tables of the file: `dear`, `sold`."),
        ("select nam from sold", "Look at the names of the columns."),
        ("selec 1", "Write one SELECT statement."),
    ],
)
def test_a_name_that_is_not_there_is_told_with_those_that_are(shop: Path, query: str, hint: str) -> None:
    with closing(sqlite3.connect(shop)) as made, made:
        made.execute("create view dear as select * from sold where price > 1")
    with pytest.raises(SqlFailed) as caught:
        imported(shop, query)
    assert caught.value.hint == hint


@pytest.mark.parametrize(("path", "query", "parameter"), [("", "select 1", "database"), ("shop", "  ", "sql_query")])
def test_what_is_missing_is_0003(shop: Path, path: str, query: str, parameter: str) -> None:
    with pytest.raises(EmptyInput) as caught:
        imported(shop if path else "", query)
    assert (caught.value.code, caught.value.parameter) == ("0003", parameter)


def test_a_file_of_another_kind_is_0049(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n")
    with pytest.raises(FileNotParsable) as caught:
        imported(path, "select 1")
    assert (caught.value.code, caught.value.parameter) == ("0049", "database")


def test_a_file_that_is_gone_is_0048(tmp_path: Path) -> None:
    with pytest.raises(FileNotReadable) as caught:
        imported(tmp_path / "gone.sqlite", "select 1")
    assert (caught.value.code, caught.value.parameter) == ("0048", "database")


def test_a_damaged_file_is_0156(tmp_path: Path) -> None:
    path = tmp_path / "damaged.sqlite"
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("create table t (a)")
        made.executemany("insert into t values (?)", [("x" * 100,) for _ in range(1000)])
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(QueryFailed, match=r"Reading from `damaged\.sqlite` failed") as caught:
        imported(path, "select * from t")
    assert (caught.value.code, caught.value.parameter) == ("0156", "database")


def test_text_in_another_encoding_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "latin.sqlite"
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("create table t (a)")
        made.execute("insert into t values (cast(x'e46f6b' as text))")
    assert imported(path, "select a from t")["a"].to_list() == ["\ufffdok"]


def test_what_is_mixed_in_a_late_piece_becomes_text(tmp_path: Path) -> None:
    path = tmp_path / "mixed.sqlite"
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("create table t (a, b)")
        made.executemany("insert into t values (?, ?)", [(b"\xff", None)] * ROWS_AT_ONCE + [("x", None)])
    found = imported(path, "select * from t")
    assert found.schema == {"a": pl.String, "b": pl.String}
    assert found["a"].unique().sort().to_list() == ["ff", "x"]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "n": [1, None],
            "x": [0.1, float("nan")],
            "flag": [True, None],
            'odd "name': ["a", None],
            "day": [date(2024, 2, 29), None],
            "at": [datetime(2024, 2, 29, 1, 2, 3), None],  # noqa: DTZ001  local time
            "kind": pl.Series(["k", None], dtype=pl.Categorical),
            "bytes": [b"\xff", None],
            "many": [[1, 2], None],
            "large": pl.Series([2**64 - 1, None], dtype=pl.UInt64),
        }
    )
    path = exported(frame, tmp_path, number_of_rows_per_operation=1)
    found = imported(path, "select * from sold")
    assert found.rows() == [
        (1, 0.1, 1, "a", "2024-02-29", "2024-02-29 01:02:03", "k", b"\xff", "[1, 2]", float(2**64)),
        (None,) * 10,
    ]
    assert found.columns == frame.columns


@pytest.mark.parametrize(
    ("frame", "table"),
    [
        (pl.DataFrame({"a": [1], "A": [2]}), "sold"),
        (pl.DataFrame({"a": [1]}), "sqlite_sold"),
        (pl.DataFrame({f"c{number}": [1] for number in range(2001)}), "sold"),
        (pl.DataFrame({"a": [1]}), "sold\0"),
    ],
)
def test_what_sqlite_does_not_take_is_0066(tmp_path: Path, frame: pl.DataFrame, table: str) -> None:
    with pytest.raises(WriteFailed) as caught:
        exported(frame, tmp_path, data_table_name=table)
    assert (caught.value.code, caught.value.parameter) == ("0066", "data_table_name")


def test_a_file_of_before_is_written_anew(tmp_path: Path) -> None:
    for number in (1, 2):
        path = exported(pl.DataFrame({"a": [number]}), tmp_path)
    assert imported(path, "select a from sold")["a"].to_list() == [2]


@settings(deadline=None, max_examples=50)
@given(dataframes(min_cols=1, max_cols=4, excluded_dtypes=[pl.Object, pl.Extension]))
def test_any_table_is_written(frame: pl.DataFrame) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = exported(frame, Path(folder))
        assert imported(path, "select * from sold").shape == frame.shape


def test_equal_tables_make_equal_files(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": range(1000)})
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    first, second = (exported(frame, tmp_path / name).read_bytes() for name in ("one", "two"))
    assert first == second


def test_a_table_needs_a_name(tmp_path: Path) -> None:
    with pytest.raises(EmptyInput) as caught:
        exported(pl.DataFrame({"a": [1]}), tmp_path, data_table_name="")
    assert (caught.value.code, caught.value.parameter) == ("0003", "data_table_name")

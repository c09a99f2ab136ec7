"""Import from and export to PostgreSQL."""

import json
import socket
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from polars.testing import assert_frame_equal
from polars.testing.parametric import dataframes

from modules.data_input_and_output.export_data import export_data
from modules.data_input_and_output.import_data import import_data
from modules.kit import (
    Context,
    DatabaseNotReached,
    EmptyInput,
    FileExists,
    ModuleError,
    QueryFailed,
    RefusedAddress,
    SecretNotFound,
    SizesDiffer,
    SqlFailed,
    TookTooLong,
    TypesDiffer,
    WriteFailed,
)
from modules.ml import postgres
from tests.servers import PASSWORD

Make = Callable[..., Context]


def imported(context: Context, query: str, connection: str = "db") -> pl.DataFrame:
    return import_data(
        data_source="postgresql", connection=connection, sql_query=query,
        path="", url="", database="", location="", context=context,
    ).collect()  # fmt: skip


def exported(context: Context, frame: pl.DataFrame, table: str = "public.sold", **options: Any) -> dict[str, Any]:
    options = {"columns_to_be_saved": frame.columns, "connection": "db", "location": "", "access_key": "", **options}
    file = export_data(frame.lazy(), datastore_type="postgresql", data_table_name=table, context=context, **options)
    found: dict[str, Any] = json.loads(file.path.read_text())
    return found


@pytest.fixture
def context(reaching: Make, database: str) -> Context:
    return reaching(db=database)


@pytest.fixture(autouse=True)
def _emptied(database: str) -> None:
    with psycopg.connect(database) as made:
        made.execute("drop table if exists sold")


def test_every_type_has_its_own(context: Context) -> None:
    query = """
        select * from (values (
            1::int2, 2::int4, 3::int8, 0.5::float4, 0.25::float8, 1.125::numeric, true, 'text \u00e4'::text,
            'c'::char(3),
            date '2024-02-29', time '01:02:03', timestamp '2024-01-02 03:04:05.678901',
            timestamptz '2024-01-02 03:04:05+02', interval '90 minutes', '\\x0102'::bytea,
            '8e6dfc3e-0b3c-4d5e-9d57-000000000001'::uuid, '{"a": [1, 2]}'::jsonb, array[1, 2], null::int4
        )) as t (small, whole, big, real, double, exact, flag, letters, fixed, day, clock, moment, zoned, span, bytes,
                 id, document, many, nothing)
    """
    found = imported(context, query)
    assert found.row(0) == (
        1, 2, 3, 0.5, 0.25, 1.125, True, "text \u00e4", "c  ",
        date(2024, 2, 29), time(1, 2, 3), datetime(2024, 1, 2, 3, 4, 5, 678901),  # noqa: DTZ001  local time
        datetime(2024, 1, 2, 1, 4, 5, tzinfo=UTC), timedelta(minutes=90), b"\x01\x02",
        "8e6dfc3e-0b3c-4d5e-9d57-000000000001", '{"a": [1, 2]}', "[1, 2]", None,
    )  # fmt: skip
    assert found.dtypes[:7] == [pl.Int16, pl.Int32, pl.Int64, pl.Float32, pl.Float64, pl.Float64, pl.Boolean]
    assert found.schema["zoned"] == pl.Datetime("us", "UTC")
    assert found.schema["nothing"] == pl.Int32


def test_many_rows_come_in_pieces_and_none_keep_their_columns(context: Context, reaching: Make, database: str) -> None:
    found = imported(context, "select n, n::text as t from generate_series(1, 50000) n;")
    assert (found.height, found["n"].sum()) == (50_000, 50_000 * 50_001 // 2)
    assert imported(reaching(db=database), "select 1 as a where false").schema == {"a": pl.Int32}


def test_columns_of_one_name_are_told_apart(context: Context) -> None:
    assert imported(context, "select 1 as a, 2 as a").columns == ["a", "a_2"]


@pytest.mark.parametrize(
    ("query", "kind", "code"),
    [
        (" ; ", EmptyInput, "0003"),
        ("select * from nowhere", SqlFailed, "0069"),
        ("selec 1", SqlFailed, "0069"),
        ("select 1; drop table x", SqlFailed, "0069"),
        ("create table x (a int)", SqlFailed, "0069"),
        ("select 1 / 0 as a", QueryFailed, "0156"),
        ("select setval('nothing', 1)", SqlFailed, "0069"),
        ("select 'infinity'::date as a", QueryFailed, "0156"),
        ("select pg_terminate_backend(pg_backend_pid())", QueryFailed, "0156"),
    ],
)
def test_a_query_that_cannot_be_run_has_its_code(
    context: Context, query: str, kind: type[ModuleError], code: str
) -> None:
    with pytest.raises(kind) as caught:
        imported(context, query)
    assert (caught.value.code, caught.value.parameter) == (code, "sql_query")


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("select * from nowhere", "Look at the name of the table; outside of the schema public it is schema.table."),
        ("select pricee from (values (1)) as t (price)", 'Perhaps you meant to reference the column "t.price".'),
        ("select nothing_like_it from (values (1)) as t (price)", "Look at the names of the columns."),
        ("select * from pg_authid", "Give the user of the secret the right to read it."),
        ("selec 1", "Write one SELECT statement."),
    ],
)
def test_what_to_do_follows_from_what_is_wrong(context: Context, query: str, hint: str) -> None:
    with pytest.raises(SqlFailed) as caught:
        imported(context, query)
    assert caught.value.hint == hint


def test_a_query_changes_nothing(context: Context, reaching: Make, database: str) -> None:
    exported(context, pl.DataFrame({"a": [1]}))
    with pytest.raises(ModuleError):
        imported(reaching(db=database), "with gone as (delete from sold returning a) select a from gone")
    assert imported(reaching(db=database), "select a from sold").height == 1


def test_without_a_secret_it_is_asked_for(context: Context) -> None:
    with pytest.raises(EmptyInput) as caught:
        imported(context, "select 1", connection="")
    assert (caught.value.code, caught.value.parameter) == ("0003", "connection")


def test_a_wrong_password_is_0015_and_not_shown(reaching: Make, database: str) -> None:
    wrong = database.replace("p%40ss%20word", "n0t-the-one")
    with pytest.raises(DatabaseNotReached, match="password authentication failed") as caught:
        imported(reaching(db=wrong), "select 1")
    assert (caught.value.code, caught.value.parameter) == ("0015", "connection")
    assert "n0t-the-one" not in str(caught.value.to_json())


def test_a_password_of_the_environment_is_not_sent(
    reaching: Make, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    without = database.replace(":p%40ss%20word", "")
    with pytest.raises(DatabaseNotReached):
        imported(reaching(db=without), "select 1")


@pytest.mark.parametrize("address", ["127.0.0.1:1", "database.invalid"])
def test_a_host_where_nobody_answers_is_0015(reaching: Make, address: str) -> None:
    with pytest.raises(DatabaseNotReached) as caught:
        imported(reaching(db=f"postgresql://a:b@{address}/shop"), "select 1")
    assert (caught.value.code, caught.value.parameter) == ("0015", "connection")
    with pytest.raises(DatabaseNotReached):
        exported(reaching(db=f"postgresql://a:b@{address}/shop"), pl.DataFrame({"a": [1]}))


def test_a_host_that_says_nothing_is_0072(reaching: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "CONNECT_SECONDS", 2)  # libpq waits no less
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(TookTooLong) as caught:
        imported(reaching(db=f"postgresql://a:b@127.0.0.1:{silent.getsockname()[1]}/shop"), "select 1")
    assert (caught.value.code, caught.value.parameter) == ("0072", "connection")


def test_a_query_that_the_database_stops_for_its_length_is_0072(reaching: Make, database: str) -> None:
    limited = f"{database}?options=-c%20statement_timeout%3D100"
    with pytest.raises(TookTooLong, match="statement timeout") as caught:
        imported(reaching(db=limited), "select count(*) from generate_series(1, 1000000000)")
    assert (caught.value.code, caught.value.parameter) == ("0072", "sql_query")


@pytest.mark.parametrize("call", [imported, exported])
def test_a_secret_that_is_not_there_is_0157(call: Callable[..., Any], tmp_path: Path) -> None:
    with pytest.raises(SecretNotFound, match="There is no secret `db`") as caught:
        call(Context(tmp_path), "select 1" if call is imported else ROWS)
    assert caught.value.code == "0157"


@pytest.mark.parametrize(
    "secret",
    [
        *("nonsense", "postgresql:///shop", "host=/var/run/postgresql dbname=shop", "postgresql://a@one,two/shop"),
        *("postgresql://a@db.example.org/shop?sslkey=/etc/passwd", "service=shop", "hostaddr=127.0.0.1 host=db"),
        *("postgresql://a@db.example.org/shop?sslrootcert=/etc/passwd", "postgresql://a@db:port/shop"),
    ],
)
def test_a_secret_that_is_no_address_of_one_database_is_0157(reaching: Make, secret: str) -> None:
    with pytest.raises(SecretNotFound) as caught:
        imported(reaching(db=secret), "select 1")
    assert (caught.value.code, caught.value.parameter) == ("0157", "connection")


def test_what_hosts_of_databases_write_into_their_addresses_is_taken(reaching: Make, database: str) -> None:
    said = f"{database}?sslmode=prefer&channel_binding=prefer&connect_timeout=5&target_session_attrs=any"
    assert imported(reaching(db=said), "select 1 as a").height == 1
    with pytest.raises(DatabaseNotReached, match="does not support SSL"):
        imported(reaching(db=f"{database}?sslmode=verify-full&sslrootcert=system"), "select 1")


@pytest.mark.parametrize("networks", [(), ("10.0.0.0/8",)])
def test_this_machine_is_not_reached_unless_it_is_allowed(reaching: Make, database: str, networks: Any) -> None:
    with pytest.raises(RefusedAddress) as caught:
        imported(reaching(networks, db=database), "select 1")
    assert (caught.value.code, caught.value.parameter) == ("0029", "connection")
    with pytest.raises(RefusedAddress):
        exported(reaching(networks, db=database), pl.DataFrame({"a": [1]}))


ROWS = pl.DataFrame(
    {
        "n": pl.Series([1, None], dtype=pl.Int32),
        "x": [0.1, None],
        "text": ['a "b", c\n', ""],
        "none": [None, "x"],
        "flag": [True, None],
        "day": [date(2024, 2, 29), None],
        "at": pl.Series(["2024-01-02 03:04:05.678901", None]).str.to_datetime(time_unit="us"),
        "clock": [time(1, 2, 3), None],
        "span": [timedelta(hours=-30, microseconds=5), None],
        "bytes": [b"\x00\xff", None],
        "small": pl.Series([0.5, float("inf")], dtype=pl.Float32),
        "zoned": pl.Series([datetime(2024, 1, 2, 1, 4, 5, tzinfo=UTC), None], dtype=pl.Datetime("us", "UTC")),
        'odd "name\u2116': ["\u732b", None],
    }
)


def test_what_is_written_is_read_again(context: Context, reaching: Make, database: str) -> None:
    assert exported(context, ROWS) == {"table": "public.sold", "rows": 2}
    assert_frame_equal(imported(reaching(db=database), "select * from sold order by n"), ROWS)


def test_a_table_that_is_there_is_added_to_replaced_or_left(reaching: Make, database: str) -> None:
    one = pl.DataFrame({"a": [1]})
    for if_exists in ("error", "append", "replace", "append"):
        exported(reaching(db=database), one, if_exists=if_exists)
    assert imported(reaching(db=database), "select a from sold").height == 2
    with pytest.raises(FileExists) as caught:
        exported(reaching(db=database), one, if_exists="error")
    assert (caught.value.code, caught.value.parameter) == ("0057", "data_table_name")


def test_columns_are_chosen_and_named(context: Context, reaching: Make, database: str) -> None:
    exported(context, ROWS, columns_to_be_saved=["text", "n"], datatable_columns="words, number")
    assert imported(reaching(db=database), "select * from sold").columns == ["words", "number"]
    with pytest.raises(SizesDiffer) as caught:
        exported(reaching(db=database), ROWS, columns_to_be_saved=["text", "n"], datatable_columns="words")
    assert (caught.value.code, caught.value.parameter) == ("0027", "datatable_columns")


def test_types_that_the_database_lacks_become_those_that_hold_them(reaching: Make, database: str) -> None:
    frame = pl.DataFrame(
        {
            "large": pl.Series([2**64 - 1], dtype=pl.UInt64),
            "kind": pl.Series(["k"], dtype=pl.Enum(["k"])),
            "many": [[1, 2]],
            "empty": pl.Series([None], dtype=pl.Null),
        }
    )
    exported(reaching(db=database), frame)
    with psycopg.connect(database) as made:
        assert made.execute("select * from sold").fetchone() == (2**64 - 1, "k", "[1, 2]", None)


@pytest.mark.parametrize(
    ("there", "given", "found", "expected"),
    [
        ("integer", ["x"], "text", "a number"),
        ("text", [1], "a number", "text"),
        ("bytea", ["x"], "text", "bytes"),
        ("text", [b"x"], "bytes", "text"),
        ("boolean", [1], "a number", "true or false"),
        ("date", [datetime(2024, 1, 2, 3)], "a date with a time of day", "a date"),  # noqa: DTZ001  local time
        ("interval", [time(1)], "a time of day", "a time span"),
    ],
)
def test_another_type_than_that_of_the_table_is_0016(
    context: Context, database: str, there: str, given: list[Any], found: str, expected: str
) -> None:
    with psycopg.connect(database) as made:
        made.execute(f"create table sold (a {there})")
    with pytest.raises(TypesDiffer, match=f"`a` of `data` is {found}, and {expected} is expected") as caught:
        exported(context, pl.DataFrame({"a": given}))
    assert (caught.value.code, caught.value.column, caught.value.port) == ("0016", "a", "data")


@pytest.mark.parametrize(
    ("there", "given"),
    [
        ("timestamp", [date(2024, 2, 29)]),
        ("numeric", [1]),
        ("jsonb", [{"a": 1}]),
        ("uuid", ["8e6dfc3e-0b3c-4d5e-9d57-000000000001"]),
        ("integer", pl.Series([None], dtype=pl.Null)),
    ],
)
def test_a_type_that_the_table_can_hold_is_written(context: Context, database: str, there: str, given: Any) -> None:
    with psycopg.connect(database) as made:
        made.execute(f"create table sold (a {there})")
    assert exported(context, pl.DataFrame({"a": given}))["rows"] == 1


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pl.DataFrame({"a": [1.5]}), r'invalid input syntax for type integer: "1.5" \(COPY sold, line 1, column a'),
        (pl.DataFrame({"b": [1]}), 'column "b" does not exist'),
        (pl.DataFrame({"": [1]}), "zero-length delimited identifier"),
        (pl.DataFrame({"a": [2**40]}), "out of range for type integer"),
    ],
)
def test_what_the_table_does_not_take_is_0066_with_its_place(
    context: Context, database: str, frame: pl.DataFrame, said: str
) -> None:
    with psycopg.connect(database) as made:
        made.execute("create table sold (a integer)")
    with pytest.raises(WriteFailed, match=said) as caught:
        exported(context, frame)
    assert (caught.value.code, caught.value.parameter) == ("0066", "data_table_name")


@pytest.mark.parametrize("table", ["nowhere.sold", "a.b.c.d", "."])
def test_a_table_that_cannot_be_is_0066(context: Context, table: str) -> None:
    with pytest.raises(WriteFailed) as caught:
        exported(context, pl.DataFrame({"a": [1]}), table=table)
    assert (caught.value.code, caught.value.parameter) == ("0066", "data_table_name")


def test_a_user_who_may_only_read_gets_0066(reaching: Make, database: str) -> None:
    only_reads = f"{database}?options=-c%20default_transaction_read_only%3Don"
    with pytest.raises(WriteFailed, match="read-only transaction"):
        exported(reaching(db=only_reads), pl.DataFrame({"a": [1]}))


def test_a_failure_leaves_nothing_half_written(reaching: Make, database: str) -> None:
    exported(reaching(db=database), pl.DataFrame({"a": [1]}))
    with psycopg.connect(database) as made:
        made.execute("alter table sold add check (a < 5)")
    with pytest.raises(WriteFailed) as caught:
        exported(reaching(db=database), pl.DataFrame({"a": [2, 9]}), number_of_rows_per_operation=1)
    assert (caught.value.code, caught.value.parameter) == ("0066", "data_table_name")
    assert imported(reaching(db=database), "select a from sold")["a"].to_list() == [1]


@pytest.mark.parametrize(
    ("options", "parameter"), [({"table": " "}, "data_table_name"), ({"connection": ""}, "connection")]
)
def test_what_is_missing_is_0003(context: Context, options: dict[str, Any], parameter: str) -> None:
    with pytest.raises(EmptyInput) as caught:
        exported(context, ROWS, **options)
    assert (caught.value.code, caught.value.parameter) == ("0003", parameter)


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dataframes(min_cols=1, max_cols=4, excluded_dtypes=[pl.Object, pl.Extension]))
def test_any_table_is_written_whole_or_refused(context: Context, database: str, frame: pl.DataFrame) -> None:
    try:
        said = exported(context, frame, if_exists="replace")
    except WriteFailed:  # texts with zero bytes, moments beyond those of the database
        return
    with psycopg.connect(database) as made:
        assert made.execute("select count(*) from sold").fetchone() == (said["rows"],) == (frame.height,)

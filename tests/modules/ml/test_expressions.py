"""Conditions: what they mean, held against a database, and how what cannot be read is refused."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.kit import ModuleError
from modules.ml.expressions import condition

FRAME = pl.DataFrame(
    {
        "n": [1, 2, None, -4, 5],
        "x": [0.5, None, 2.5, -4.0, 1e9],
        "s": ["a", "A%", None, "it's", "b_b"],
        "t t": ["x", "y", "x", None, "a"],
        "b": [True, False, None, True, False],
        "d": [date(2020, 1, 1), None, date(2021, 6, 15), date(1999, 12, 31), date(2020, 1, 2)],
        "and": [1, 2, 3, 4, 5],
    }
)


def rows_where(text: str, frame: pl.DataFrame = FRAME) -> list[int]:
    holds = condition(text, frame.schema, parameter="condition")
    return frame.with_row_index("row").filter(holds)["row"].to_list()


numbers = st.recursive(
    st.sampled_from(["n", "x", '"and"', "0", "1", "2.5", "1e1"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda part: f"-({part})"),
        inner.map(lambda part: f"abs({part})"),
        inner.map(lambda part: f"floor({part})"),
    ),
    max_leaves=4,
)
texts = st.one_of(
    st.sampled_from(["s", '"t t"', "'a'", "'it''s'", "''"]),
    st.sampled_from(["lower(s)", "upper(s)", "s || 'x'", "trim(s)"]),
)

signs = st.sampled_from(["=", "!=", "<>", "<", "<=", ">", ">="])
comparisons = st.one_of(
    st.tuples(numbers, signs, numbers).map(" ".join),
    st.tuples(texts, st.sampled_from(["=", "!="]), texts).map(" ".join),
    st.tuples(
        texts, st.sampled_from(["like", "not like", "ilike"]), st.sampled_from(["'a%'", "'_'", "'%_%'", "''"])
    ).map(" ".join),
    st.tuples(numbers, numbers, numbers).map(lambda p: f"{p[0]} between {p[1]} and {p[2]}"),
    st.tuples(numbers, numbers, numbers).map(lambda p: f"{p[0]} not in ({p[1]}, {p[2]})"),
    st.tuples(texts, texts, texts).map(lambda p: f"{p[0]} in ({p[1]}, {p[2]})"),
    st.sampled_from(["b", "b = true", "not b", "n is null", "s is not null", "year(d) = 2020", "d > '2020-01-01'"]),
)
conditions = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or", "AND"]), inner).map(" ".join),
        inner.map(lambda part: f"not ({part})"),
        inner.map(lambda part: f"({part})"),
    ),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.register("rows", FRAME.with_row_index("row").to_arrow())
        yield connection


@settings(max_examples=60, deadline=None)
@given(conditions)
def test_conditions_mean_what_they_mean_to_a_database(database: duckdb.DuckDBPyConnection, text: str) -> None:
    expected = database.execute(f"select row from rows where {text} order by row").fetchall()  # noqa: S608  made of the test's own words
    assert rows_where(text) == [row for (row,) in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x > mean(x)", [4]),
        ("n = max(n)", [4]),
        ("[t t] = 'x' or `t t` = 'y'", [0, 1, 2]),
        ("s matches '^[a-b]'", [0, 4]),
        ("contains(s, '%') or starts_with(s, 'b') or ends_with(s, 's')", [1, 3, 4]),
        ("length(s) = 3", [4]),
        ("s is missing and n is not null", []),
        ("n == '2'", [1]),
        ("round(x) = 1 or sqrt(x) > 9 or ceil(x) = 3", [0, 2, 4]),
        ("ln(x) < 0 or exp(n) > 100", [0, 4]),
        ("weekday(d) = 3 and month(d) = 1 and day(d) = 1", [0]),
        ("n % 2 = 0 and n / 4 = 0.5", [1]),
        ("median(n) < x", [2, 4]),
        ("TRUE and not FALSE", [0, 1, 2, 3, 4]),
        ("null", []),
    ],
)
def test_what_a_database_writes_in_another_way(text: str, expected: list[int]) -> None:
    assert rows_where(text) == expected


def test_nan_is_missing() -> None:
    frame = pl.DataFrame({"x": [float("nan"), 1.0]})
    assert (rows_where("x > 0", frame), rows_where("x is missing", frame)) == ([1], [0])


def test_stored_categories_are_text() -> None:
    assert rows_where("k = 'b'", pl.DataFrame({"k": pl.Series(["a", "b"], dtype=pl.Categorical)})) == [1]


def test_moments_are_read_at_their_local_time() -> None:
    moments = pl.Series([datetime(2020, 1, 1, 10, tzinfo=UTC), datetime(2020, 1, 1, 23, 30, tzinfo=UTC)])
    frame = pl.DataFrame({"t": moments.dt.convert_time_zone("Asia/Seoul"), "d": [date(2020, 1, 2)] * 2})
    assert rows_where("t >= '2020-01-02 08:30'", frame) == [1]
    assert rows_where("hour(t) = 19 and minute(t) = 0", frame) == [0]
    assert rows_where("t > d", frame) == [1]


def test_columns_may_have_any_name() -> None:
    frame = pl.DataFrame({'say "so"': [1], "나이": [2], "": [3], "true": [4], "x]": [5]})
    assert rows_where('"say ""so""" = 1 and 나이 = 2 and "" = 3 and true = 4 and `x]` = 5', frame) == [0]


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("nope > 1", "0001", "nope"),
        ("N > 1", "0001", "N"),
        ("s + 1 > 2", "0017", "s"),
        ("not n", "0017", "n"),
        ("n and b", "0017", "n"),
        ("abs(s) > 1", "0017", "s"),
        ("n like 'a'", "0017", "n"),
        ("s > 3", "0002", "s"),
        ("d > 'soon'", "0002", "d"),
        ("n = 'x'", "0002", "n"),
        ("clock > n", "0002", "clock"),
        ("n", "0002", None),
        ("'a'", "0002", None),
        ("n >", "0002", None),
        ("n > 1 1", "0002", None),
        ("n in ()", "0002", None),
        ("n in (1", "0002", None),
        ("n between 1 or 2", "0002", None),
        ("n is 3", "0002", None),
        ("s like n", "0002", None),
        ("s matches '['", "0002", None),
        ("abs(n, n) > 1", "0002", None),
        ("sleep(n) > 1", "0002", None),
        ("n > 1;", "0002", None),
        ("n = 'open", "0002", None),
        ("", "0002", None),
        ("(" * 100 + "b" + ")" * 100, "0002", None),
        ("not " * 100 + "b", "0002", None),
        ("b and " * 2000 + "b", "0002", None),
        ("n = 1e400e", "0002", None),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, code: str, column: str | None) -> None:
    frame = FRAME.with_columns(clock=pl.lit(time(1)))
    with pytest.raises(ModuleError) as caught:
        condition(text, frame.schema, parameter="condition")
    error = caught.value
    assert (error.code, error.parameter, error.column) == (code, "condition", column)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("n >", "It ends where a column, a number or a text in single quotes is expected."),
        ("n > 1 ; drop", "At character 7, `; drop`, a name, a number, a text in single quotes or a sign is expected."),
        ("n", "It gives a number; compare it with something, as in: n > 0"),
        ("s > 3", "s is text and 3 is a number."),
    ],
)
def test_the_hint_says_where_and_what(text: str, hint: str) -> None:
    with pytest.raises(ModuleError) as caught:
        condition(text, FRAME.schema, parameter="condition")
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    "text",
    [
        "n > (select max(n) from read_csv('/etc/passwd'))",
        "n in (select 1)",
        "exists (select 1)",
        "read_csv('/etc/passwd') is null",
        "n > 1 union select 1",
        "getenv('HOME') = ''",
        "s = __import__('os')",
        "columns('*') > 1",
    ],
)
def test_nothing_but_the_table_can_be_reached(text: str) -> None:
    with pytest.raises(ModuleError) as caught:
        condition(text, FRAME.schema, parameter="condition")
    assert caught.value.code in ("0001", "0002")
    assert "root:" not in f"{caught.value.message}{caught.value.hint}"


@given(st.text(alphabet="nxs\"'`[]()=<>!%|,.+-*/ andortinlike01\n\\", max_size=30))
def test_no_text_ends_in_anything_but_a_condition_or_a_refusal(text: str) -> None:
    try:
        FRAME.filter(condition(text, FRAME.schema, parameter="condition"))
    except ModuleError as error:
        assert error.message


def test_long_conditions_are_read() -> None:
    assert rows_where(" or ".join(f"n = {value}" for value in range(400))) == [0, 1, 4]
    assert rows_where("n" + " + 1" * 900 + " > 904") == [4]

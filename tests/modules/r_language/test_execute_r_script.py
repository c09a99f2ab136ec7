"""Execute R Script: tables in, tables out, through the sandbox."""

import shutil
import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from designer.engine.sandbox import Limits, ScriptSandbox
from modules.kit import (
    ArchiveNotReadable,
    Context,
    EmptyInput,
    File,
    NamesNotText,
    OutOfMemory,
    ScriptFailed,
    Table,
    WrongColumnType,
)
from modules.r_language.execute_r_script import TEMPLATE, Results, execute_r_script

needs_r = pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")

TABLE = Table(pl.LazyFrame({"a": [1, 2], "b": ["x", None]}))
IDENTITY = "azureml_main <- function(dataframe1, dataframe2) list(dataset1 = dataframe1)"


def run(script: str, folder: Path, *inputs: Table | File | None, seed: int | None = 0, **limits: int) -> Results:
    sandbox = ScriptSandbox(Limits(wall_seconds=60, **limits), print, folder)
    return execute_r_script(*inputs, script=script, random_seed=seed, context=Context(folder, sandbox))  # type: ignore[arg-type]  # as many tables as there are


def failure(script: str, folder: Path, **limits: int) -> ScriptFailed:
    with pytest.raises(ScriptFailed) as caught:
        run(script, folder, TABLE, **limits)
    return caught.value


def test_without_r_it_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    error = failure(TEMPLATE, tmp_path)
    assert (error.code, error.message) == ("0085", "R is not installed where this step ran")
    assert "r-base-core" in (error.hint or "")


def test_an_empty_script_is_0003(tmp_path: Path) -> None:
    with pytest.raises(EmptyInput) as caught:
        run(" ", tmp_path)
    assert (caught.value.code, caught.value.parameter) == ("0003", "script")


@needs_r
def test_the_template_passes_its_tables_on_and_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = run(TEMPLATE, tmp_path, TABLE, TABLE)
    assert_frame_equal(first.collect(), TABLE.frame.collect())
    assert_frame_equal(second.collect(), TABLE.frame.collect())
    assert "Min." in capsys.readouterr().out


@needs_r
def test_an_input_without_a_wire_is_null_and_a_missing_table_is_empty(tmp_path: Path) -> None:
    script = "azureml_main <- function(a, b) list(dataset1 = data.frame(n = c(is.null(a), is.null(b))))"
    first, second = run(script, tmp_path, None, TABLE)
    assert first.collect()["n"].to_list() == [True, False]
    assert second.collect().shape == (0, 0)


@needs_r
def test_every_kind_of_column_goes_there_and_comes_back(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "whole": pl.Series([1, None, 2_000_000_000], dtype=pl.Int32),
            "number": [0.1, float("nan"), 1 / 3],
            "infinite": [float("inf"), -float("inf"), None],
            "flag": [True, False, None],
            "text": ['a "quoted", text', "two\nlines", None],
            "letters": ["NA", "", "\u00e4\u732b\\"],
            "kind": pl.Series(["b", None, "a"], dtype=pl.Categorical),
            "day": [date(1969, 12, 31), None, date(2024, 2, 29)],
            "time": pl.Series(["2024-01-02 03:04:05.678901", None, "1960-01-01 00:00:00.0"]).str.to_datetime(),
            "empty": pl.Series([None] * 3, dtype=pl.Boolean),
            "odd name, \u2116": [1.5, 2.5, None],
        }
    )
    found, _ = run(IDENTITY, tmp_path, Table(frame.lazy()))
    expected = frame.with_columns(pl.col("whole").cast(pl.Int64))
    assert_frame_equal(found.collect(), expected, check_exact=True, categorical_as_str=True)


@needs_r
def test_classes_are_those_of_r(tmp_path: Path) -> None:
    script = (
        "azureml_main <- function(d, e) {\n"
        "  names <- vapply(d, function(column) class(column)[1], '')\n"
        "  list(dataset1 = data.frame(name = names(names), class = unname(names)))\n}"
    )
    frame = pl.LazyFrame(
        {"big": [2**31], "small": [2**31 - 1], "marked": ["x"], "wait": [date(2024, 1, 2)]},
    ).with_columns(
        pl.col("wait").cast(pl.Datetime),
        (pl.col("wait") - pl.datetime(2024, 1, 1)).alias("span"),
        pl.lit(None).alias("null"),
    )
    found, _ = run(script, tmp_path, Table(frame, categorical=frozenset({"marked"})))
    assert dict(found.collect().rows()) == {
        "big": "numeric",
        "small": "integer",
        "marked": "factor",
        "wait": "POSIXct",
        "span": "numeric",
        "null": "logical",
    }


@needs_r
@pytest.mark.parametrize("frame", [TABLE.frame.clear(), pl.LazyFrame(), pl.LazyFrame({"t": ["", None, ""]})])
def test_odd_tables_come_back(frame: pl.LazyFrame, tmp_path: Path) -> None:
    found, _ = run(IDENTITY, tmp_path, Table(frame))
    assert_frame_equal(found.collect(), frame.collect())


@needs_r
def test_the_seed_decides(tmp_path: Path) -> None:
    script = "azureml_main <- function(a, b) list(dataset1 = data.frame(x = runif(2)))"
    found = [run(script, tmp_path, seed=seed).result_dataset.collect()["x"].to_list() for seed in (7, 7, 4_294_967_295)]
    assert found[0] == found[1] != found[2]


@needs_r
@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("x <- 1\nx <-- function(", "failed in line 3: <script>:3"),
        ("x <- 1", "defines no function `azureml_main`"),
        ("azureml_main <- 3", "defines no function `azureml_main`"),
        ("x <- 1\nstop('no \"way\"\\nat all')", 'failed in line 2: no "way"\nat all'),
        ("azureml_main <- function(a, b) {\n  f(a)\n}\nf <- function(x) {\n  x$a +\n 'y'\n}", "in line 5: non-numeric"),
        ("azureml_main <- function(a, b) 3", "returned numeric; list(dataset1 = ..., dataset2 = ...) is expected"),
        ("azureml_main <- function(a, b) list(result = a)", "returned `result`; list(dataset1"),
        ("azureml_main <- function(a, b) list(dataset1 = 1:3)", "returned integer as `dataset1`; a data.frame"),
        ("azureml_main <- function(a, b) list(a, a, a)", "more than two tables"),
        ("azureml_main <- function(a, b) { a$r <- as.raw(1:2); a }", "Column `r` is raw"),
        ("azureml_main <- function(a, b) { a$l <- list(1, 2); a }", "Column `l` is list"),
        ("azureml_main <- function(a, b) { names(a) <- c('x', 'x'); a }", "column name `x` stands twice"),
        ("quit(status = 3)", "ended its process (exit code 3) before `azureml_main` returned"),
    ],
)  # fmt: skip
def test_each_way_to_fail_has_its_words(script: str, said: str, tmp_path: Path) -> None:
    error = failure(script, tmp_path)
    assert said in error.message
    assert (error.code, error.parameter) == ("0085", "script")


@needs_r
def test_the_traceback_shows_the_lines_of_the_script(tmp_path: Path) -> None:
    error = failure("f <- function(x) stop('deep')\nazureml_main <- function(a, b) {\n  f(a)\n}", tmp_path)
    assert error.traceback == '  line 3: f(a)\n  line 1: stop("deep")\nError: deep'


@needs_r
@pytest.mark.parametrize("returned", ["a", "list(a)", "list(dataset1 = a)", "list(dataset2 = NULL, dataset1 = a)"])
def test_a_bare_table_or_list_will_do(returned: str, tmp_path: Path) -> None:
    first, second = run(f"azureml_main <- function(a) {returned}", tmp_path, TABLE, TABLE)
    assert_frame_equal(first.collect(), TABLE.frame.collect())
    assert second.collect().is_empty()


@needs_r
def test_columns_without_a_name_are_0155(tmp_path: Path) -> None:
    with pytest.raises(NamesNotText) as caught:
        run("azureml_main <- function(a, b) { names(a) <- c('x', NA); a }", tmp_path, TABLE)
    assert caught.value.code == "0155"


@needs_r
def test_nested_columns_are_0017(tmp_path: Path) -> None:
    with pytest.raises(WrongColumnType) as caught:
        run(IDENTITY, tmp_path, Table(pl.LazyFrame({"l": [[1]]})))
    assert (caught.value.code, caught.value.column) == ("0017", "l")


@needs_r
def test_too_much_memory_is_0138(tmp_path: Path) -> None:
    with pytest.raises(OutOfMemory) as caught:
        run("azureml_main <- function(a, b) { x <- numeric(8e9); a }", tmp_path, TABLE, memory_bytes=500_000_000)
    assert caught.value.code == "0138"


@needs_r
def test_a_bundle_lies_beside_the_script(tmp_path: Path) -> None:
    path = tmp_path / "tools.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tools.R", "twice <- function(x) 2 * x")
    script = "source('Script Bundle/tools.R')\nazureml_main <- function(a, b) { a$a <- twice(a$a); a }"
    first, _ = run(script, tmp_path, TABLE, None, File(path, path.name))
    assert first.collect()["a"].to_list() == [2, 4]


@needs_r
def test_a_bundle_that_is_no_archive_is_0102(tmp_path: Path) -> None:
    path = tmp_path / "tools.zip"
    path.write_bytes(b"no archive")
    with pytest.raises(ArchiveNotReadable) as caught:
        run(IDENTITY, tmp_path, TABLE, None, File(path, path.name))
    assert (caught.value.code, caught.value.port) == ("0102", "script_bundle")


@needs_r
def test_the_environment_holds_nothing_of_the_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    script = "azureml_main <- function(a, b) data.frame(n = names(Sys.getenv()))"
    first, _ = run(script, tmp_path, TABLE)
    assert not {"DATABASE_URL", "DESIGNER_SECRET_KEY"} & set(first.collect()["n"])

"""Tables as files of every format."""

import json
import tempfile
import time
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing.parametric import dataframes

from modules.ml import writing
from modules.ml.reading import read_file
from modules.ml.writing import EXPORT_FORMATS, write_file

NUMBERS = pl.LazyFrame({"price": [1.0, 2.0, None, float("nan"), 5.0], "make": ["a", "b", "a", None, "c"]})
ARRAY = pl.Series([[1, 2], None], dtype=pl.Array(pl.Int64, 2))


@pytest.mark.parametrize("ending", EXPORT_FORMATS)
def test_a_table_is_exported_in_every_format(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"table.{ending}"
    write_file(pl.LazyFrame({"a": [1, 2], "day": [date(2020, 1, 1), None], "many": [[1, 2], None]}), path)
    assert path.stat().st_size > 0


@pytest.mark.parametrize("ending", EXPORT_FORMATS)
def test_what_is_written_is_read_again(tmp_path: Path, ending: str) -> None:
    frame = pl.DataFrame({"a": [1, 2], "text": ["x, \u00e4", None], "flag": [True, False]})
    write_file(frame.lazy(), tmp_path / f"table.{ending}")
    assert read_file(tmp_path / f"table.{ending}").collect().equals(frame)


def test_text_formats_hold_nested_values_as_json(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    write_file(pl.LazyFrame({"many": [[1, 2]], "pair": [{"a": 1}], "raw": [b"\x01"]}), path)
    assert path.read_text() == 'many,pair,raw\n"[1, 2]","{""a"": 1}",01\n'


def test_another_ending_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"'\.pdf' is no format of a table; expected one of csv, tsv"):
        write_file(NUMBERS, tmp_path / "table.pdf")


@pytest.mark.parametrize("ending", EXPORT_FORMATS)
def test_equal_tables_make_equal_files(tmp_path: Path, ending: str) -> None:
    write_file(NUMBERS, tmp_path / f"first.{ending}")
    time.sleep(1.1 if ending == "xlsx" else 0)
    write_file(NUMBERS, tmp_path / f"second.{ending}")
    assert (tmp_path / f"first.{ending}").read_bytes() == (tmp_path / f"second.{ending}").read_bytes()


def test_a_sheet_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "EXCEL_ROWS", 2)
    with pytest.raises(ValueError, match="holds 2 rows at most"):
        write_file(NUMBERS, tmp_path / "table.xlsx")


def test_bytes_in_lists_and_structures_are_hexadecimal_digits(tmp_path: Path) -> None:
    frame = pl.LazyFrame({"many": [[b"\xff"], None], "raw": [b"\x01", None], "array": ARRAY})
    write_file(frame, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text() == 'many,raw,array\n"[""ff""]",01,"[1, 2]"\n,,\n'
    write_file(frame, tmp_path / "a.jsonl")
    assert json.loads((tmp_path / "a.jsonl").read_text().splitlines()[0]) == {
        "many": '["ff"]',
        "raw": "01",
        "array": [1, 2],
    }


def test_numbers_that_excel_would_round_are_texts_there(tmp_path: Path) -> None:
    frame = pl.LazyFrame({"id": [2**62, -1], "n": [10**14, 1], "least": pl.Series([-(2**63), None], dtype=pl.Int64)})
    write_file(frame, tmp_path / "a.xlsx")
    assert read_file(tmp_path / "a.xlsx").collect().to_dict(as_series=False) == {
        "id": [str(2**62), "-1"],
        "n": [10**14, 1],
        "least": [str(-(2**63)), None],
    }


def test_excel_gets_links_and_formulas_as_texts_and_moments_of_their_zone(tmp_path: Path) -> None:
    at = pl.Series(["2024-01-02T03:04:05"]).str.to_datetime(time_unit="us").dt.replace_time_zone("Asia/Seoul")
    write_file(pl.LazyFrame({"a": ["=1+1"], "b": ["https://" + "x" * 3000], "at": at}), tmp_path / "a.xlsx")
    [row] = read_file(tmp_path / "a.xlsx").collect().rows()
    assert row == ("=1+1", "https://" + "x" * 3000, at.dt.replace_time_zone(None)[0])


@settings(deadline=None, max_examples=60)
@given(dataframes(min_cols=1, max_cols=4, excluded_dtypes=[pl.Object, pl.Extension]), st.sampled_from(EXPORT_FORMATS))
def test_any_table_is_written_or_refused_in_words(frame: pl.DataFrame, ending: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table.{ending}"
        write_file(frame.lazy(), path)
        if ending in ("parquet", "arrow"):
            assert read_file(path).collect().shape == frame.shape

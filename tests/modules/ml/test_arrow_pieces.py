"""Tables that come piece by piece."""

import tempfile
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from polars.testing import assert_frame_equal
from polars.testing.parametric import dataframes

from modules.ml.arrow_pieces import kept

OF_DATABASES = [
    *(pl.Null, pl.Boolean, pl.Int16, pl.Int32, pl.Int64, pl.Float32, pl.Float64, pl.String, pl.Binary),
    *(pl.Date, pl.Time, pl.Duration("us"), pl.Datetime("us"), pl.Datetime("us", "UTC")),
]


def test_pieces_of_one_schema_in_a_row_lie_in_one_file(tmp_path: Path) -> None:
    numbers, texts = pl.DataFrame({"a": [1]}), pl.DataFrame({"a": ["x"]})
    found = [frame.collect().to_series().to_list() for frame in kept([numbers, numbers, texts, numbers], tmp_path)]
    assert found == [[1, 1], ["x"], [1]]


def test_no_pieces_make_no_files(tmp_path: Path) -> None:
    assert kept([], tmp_path) == []


def test_two_tables_do_not_meet_in_one_folder(tmp_path: Path) -> None:
    [first] = kept([pl.DataFrame({"a": [1]})], tmp_path)
    kept([pl.DataFrame({"a": [2]})], tmp_path)
    assert first.collect()["a"].to_list() == [1]


@settings(deadline=None)
@given(dataframes(min_cols=1, max_cols=4, allowed_dtypes=OF_DATABASES))
def test_what_is_kept_is_what_came(frame: pl.DataFrame) -> None:
    with tempfile.TemporaryDirectory() as folder:
        [found] = kept([frame], Path(folder))
        assert_frame_equal(found.collect(), frame)

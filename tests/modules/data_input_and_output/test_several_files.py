"""Import Data from several files at once."""

import gzip
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from modules.data_input_and_output.import_data import import_data
from modules.kit import ArchiveNotReadable, Context, DifferentColumnCounts, FileNotParsable, NamesDiffer, NothingMatches


def archive(folder: Path, files: dict[str, bytes]) -> Path:
    path = folder / "files.zip"
    with zipfile.ZipFile(path, "w") as file:
        for name, content in files.items():
            file.writestr(name, content)
    return path


def parquet(folder: Path, **columns: list[Any]) -> bytes:
    pl.DataFrame(columns).write_parquet(folder / "one.parquet")
    return (folder / "one.parquet").read_bytes()


def imported(path: Path, folder: Path, pattern: str = "**", **options: Any) -> pl.DataFrame:
    work = folder / "work"
    work.mkdir()
    nothing: dict[str, Any] = {"url": "", "connection": "", "database": "", "sql_query": "", "location": ""}
    return import_data(path=str(path), files_in_archive=pattern, context=Context(work), **nothing, **options).collect()


def test_files_of_several_formats_follow_each_other_by_their_paths(tmp_path: Path) -> None:
    path = archive(
        tmp_path,
        {
            "b.csv": b"n,t\n3,c\n",
            "a/z.parquet": parquet(tmp_path, n=[1, 2], t=["a", "b"]),
            "__MACOSX/b.csv": b"junk",
            "a/.hidden": b"junk",
        },
    )
    assert imported(path, tmp_path).rows() == [(1, "a"), (2, "b"), (3, "c")]


def test_a_pattern_chooses(tmp_path: Path) -> None:
    path = archive(tmp_path, {"a/x.csv": b"n\n1\n", "a/b/y.csv": b"n\n2\n", "z.csv": b"n\n3\n"})
    assert imported(path, tmp_path, " /a/** ")["n"].to_list() == [2, 1]


def test_without_a_pattern_all_files_are_meant(tmp_path: Path) -> None:
    path = archive(tmp_path, {"a/x.csv": b"n\n1\n", "z.csv.gz": gzip.compress(b"n\n3\n"), "empty.csv": b""})
    assert imported(path, tmp_path, "")["n"].to_list() == [1, 3]


def test_a_column_that_is_text_in_one_file_is_text_in_all(tmp_path: Path) -> None:
    path = archive(tmp_path, {"a.csv": b"n,x,e\n1,1,\n", "b.csv": b"n,x,e\none,1.5,2\n"})
    found = imported(path, tmp_path)
    assert found.schema == {"n": pl.String, "x": pl.Float64, "e": pl.Int64}
    assert found.rows() == [("1", 1.0, None), ("one", 1.5, 2)]


def test_files_with_other_columns_are_told(tmp_path: Path) -> None:
    path = archive(tmp_path, {"a.csv": b"n\n1\n", "b.csv": b"n,m\n1,2\n"})
    with pytest.raises(DifferentColumnCounts, match=r"b\.csv") as caught:
        imported(path, tmp_path)
    assert (caught.value.code, caught.value.parameter, caught.value.port) == ("0061", "files_in_archive", None)
    assert "**/*.csv" in (caught.value.hint or "")
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(NamesDiffer) as named:
        imported(archive(other, {"a.csv": b"n\n1\n", "b.csv": b"m\n1\n"}), other)
    assert (named.value.code, named.value.parameter, named.value.column) == ("0010", "files_in_archive", "m")


def test_nothing_that_matches_is_0065(tmp_path: Path) -> None:
    with pytest.raises(NothingMatches, match="No file matches") as caught:
        imported(archive(tmp_path, {"a.csv": b"n\n1\n"}), tmp_path, "b/**")
    assert (caught.value.code, caught.value.parameter) == ("0065", "files_in_archive")
    assert "a.csv" in (caught.value.hint or "")


def test_an_archive_that_is_none_is_0102(tmp_path: Path) -> None:
    path = tmp_path / "files.zip"
    path.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(ArchiveNotReadable, match=r"`files\.zip` cannot be unpacked") as caught:
        imported(path, tmp_path)
    assert (caught.value.code, caught.value.parameter) == ("0102", "path")


def test_a_file_in_an_archive_that_cannot_be_read_is_named_with_its_folder(tmp_path: Path) -> None:
    path = archive(tmp_path, {"a.csv": b"n\n1\n", "deep/b.parquet": b"no parquet"})
    with pytest.raises(FileNotParsable, match=r"`deep/b\.parquet`") as caught:
        imported(path, tmp_path)
    assert caught.value.code == "0049"


def test_parsing_options_count_for_all_files(tmp_path: Path) -> None:
    path = archive(tmp_path, {"a.csv": b"1;x\n", "b.csv": b"2;y\n"})
    found = imported(path, tmp_path, has_header=False, delimiter="semicolon")
    assert found.to_dict(as_series=False) == {"Col1": [1, 2], "Col2": ["x", "y"]}

"""Which files a pattern means, and their rows one after another."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.kit import DifferentColumnCounts, NamesDiffer, NothingMatches
from modules.ml import file_patterns
from modules.ml.file_patterns import concatenated, fixed_part, is_pattern, matching

PATHS = ("a.csv", "f/a.csv", "f/g/b.txt")
names = st.lists(st.sampled_from(["a", "b.csv", "_c", ".d", "a+(1)"]), min_size=1, max_size=4).map("/".join)


@pytest.mark.parametrize(
    ("pattern", "hits"),
    [
        ("**", ["a.csv", "f/a.csv", "f/g/b.txt"]),
        ("*", ["a.csv"]),
        ("f/**", ["f/a.csv", "f/g/b.txt"]),
        ("**/*.csv", ["a.csv", "f/a.csv"]),
        ("f/*", ["f/a.csv"]),
        ("f/?/*", ["f/g/b.txt"]),
        ("**a.csv", ["a.csv", "f/a.csv"]),
        ("f/g/b.txt", ["f/g/b.txt"]),
    ],
)
def test_what_a_pattern_means(pattern: str, hits: list[str]) -> None:
    assert matching(reversed(PATHS), pattern, parameter="p") == hits


@pytest.mark.parametrize(
    ("pattern", "hits"),
    [
        ("**", ["a/b_c.csv", "b.csv"]),
        ("_x/**", ["_x/d.csv"]),
        ("_x/.e/*", ["_x/.e/f.csv"]),
        ("a/b*", ["a/b_c.csv"]),
        ("a/_*", ["a/_d.csv"]),
        (".hidden", [".hidden"]),
    ],
)
def test_wildcards_pass_over_what_is_hidden_and_written_names_do_not(pattern: str, hits: list[str]) -> None:
    paths = [".hidden", "_x/.e/f.csv", "_x/d.csv", "a/_d.csv", "a/b_c.csv", "b.csv"]
    assert matching(paths, pattern, parameter="p") == hits


@given(st.sets(names, min_size=1), names)
def test_two_stars_mean_all_that_is_not_hidden_below_a_folder(paths: set[str], folder: str) -> None:
    below = {path for path in paths if path.startswith(f"{folder}/")}
    seen = sorted(path for path in below if not any(part[0] in "._" for part in path[len(folder) + 1 :].split("/")))
    if seen:
        assert matching(paths, f"{folder}/**", parameter="p") == seen
    else:
        with pytest.raises(NothingMatches):
            matching(paths, f"{folder}/**", parameter="p")


@given(st.sets(names, min_size=1))
def test_a_path_means_itself_alone(paths: set[str]) -> None:
    for path in paths:
        assert matching(paths, path, parameter="p") == [path]
        assert not is_pattern(path)
        assert fixed_part(path) == path


def test_a_pattern_that_means_nothing_is_0065_and_names_what_is_there() -> None:
    with pytest.raises(NothingMatches, match=r"No file matches `F/\*\*`") as caught:
        matching(PATHS, "F/**", parameter="location")
    assert (caught.value.code, caught.value.parameter) == ("0065", "location")
    assert caught.value.hint == "There are `a.csv`, `f/a.csv`, `f/g/b.txt`."


def test_a_pattern_that_means_too_many_is_0065(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_patterns, "MOST_FILES", 2)
    with pytest.raises(NothingMatches, match="means 3 files; 2 are read at most"):
        matching(PATHS, "**", parameter="p")


def rows_of(*tables: dict[str, Any]) -> pl.DataFrame:
    return concatenated([(f"{place}.csv", pl.LazyFrame(table)) for place, table in enumerate(tables)]).collect()


@pytest.mark.parametrize(
    ("left", "right", "together"),
    [
        ([1], [0.5], pl.Float64),
        ([1], ["x"], pl.String),
        ([True], [1], pl.Int64),
        ([True], ["x"], pl.String),
        (pl.Series([1], dtype=pl.Int8), pl.Series([1], dtype=pl.Int64), pl.Int64),
        (pl.Series([None], dtype=pl.String), [1], pl.Int64),
        ([None], [1.5], pl.Float64),
        ([None], [None], pl.Null),
        (pl.Series(["x"], dtype=pl.Categorical), ["y"], pl.String),
    ],
)
def test_a_column_has_the_type_that_holds_the_values_of_all_files(left: Any, right: Any, together: Any) -> None:
    found = rows_of({"a": left}, {"a": right})
    assert found.schema["a"] == together
    assert found.height == 2


def test_files_with_another_number_of_columns_are_0061() -> None:
    with pytest.raises(DifferentColumnCounts, match=r"The first table has 1 columns and `1\.csv` has 2") as caught:
        rows_of({"a": [1]}, {"a": [1], "b": [2]})
    assert caught.value.code == "0061"


def test_files_with_other_names_of_columns_are_0010() -> None:
    with pytest.raises(NamesDiffer, match=r"Column 1 is `a` in the first table and `b` in `1\.csv`") as caught:
        rows_of({"a": [1]}, {"b": [1]})
    assert (caught.value.code, caught.value.column) == ("0010", "b")

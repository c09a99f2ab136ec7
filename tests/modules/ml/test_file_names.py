"""Names of files that cannot do harm."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.ml.file_names import LONGEST_BYTES, harmless


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("cars.csv", "cars.csv"),
        ("\u00e4 b\u732b.csv", "\u00e4 b\u732b.csv"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\\b:c*?.csv", "a_b_c__.csv"),
        ("a\0b\n", "a_b_"),
        ("..", "file"),
        ("", "file"),
    ],
)
def test_what_a_file_system_reads_is_taken_out(given: str, name: str) -> None:
    assert harmless(given) == name


def test_the_end_of_a_long_name_stays() -> None:
    assert harmless("\u732b" * 300 + ".csv").endswith("\u732b.csv")


@given(st.text(max_size=400))
def test_any_name_can_be_that_of_a_file_in_its_folder(name: str) -> None:
    found = harmless(name)
    assert 0 < len(found.encode()) <= LONGEST_BYTES
    assert (Path("folder") / found).resolve().parent == Path("folder").resolve()
    assert harmless(found) == found

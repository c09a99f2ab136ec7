"""What goes first when a store is full, and what crashed processes leave behind."""

import os
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from designer.store.retention import Kept, oldest_first, remove_leftovers, trim_copies

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
KEPT = st.builds(
    Kept,
    digest=st.text("abc", min_size=1, max_size=4),
    size_bytes=st.integers(1, 9),
    used_at=st.integers(-5, 5).map(lambda hours: NOON + timedelta(hours=hours)),
    is_manifest=st.booleans(),
)


@given(st.lists(KEPT))
def test_nothing_goes_that_was_used_since_and_the_longest_unused_goes_first(kept: list[Kept]) -> None:
    order = oldest_first(kept, used_before=NOON)
    assert all(blob.used_at < NOON for blob in order)
    assert [blob.used_at for blob in order] == sorted(blob.used_at for blob in order)
    assert len(order) == sum(blob.used_at < NOON for blob in kept)


@given(st.lists(KEPT))
def test_a_manifest_goes_before_files_of_the_same_moment(kept: list[Kept]) -> None:
    order = oldest_first(kept, used_before=NOON)
    assert all(a.is_manifest or not b.is_manifest for a, b in pairwise(order) if a.used_at == b.used_at)


def file_of(folder: Path, name: str, size: int, age_seconds: float) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    moment = time.time() - age_seconds
    os.utime(path, (moment, moment))
    return path


def test_leftovers_of_crashed_processes_are_removed_and_what_is_being_made_stays(tmp_path: Path) -> None:
    old = file_of(tmp_path, "old", 1, 1000)
    new = file_of(tmp_path, "new", 1, 1)
    assert remove_leftovers(tmp_path, older_than_seconds=100) == 1
    assert (old.exists(), new.exists()) == (False, True)


def test_the_copies_used_the_longest_ago_are_trimmed(tmp_path: Path) -> None:
    copies = [file_of(tmp_path, f"a{age}/copy", 10, age * 1000) for age in (1, 2, 3)]
    assert trim_copies(tmp_path, limit_bytes=15, older_than_seconds=100) == 20
    assert [copy.exists() for copy in copies] == [True, False, False]


def test_copies_of_a_moment_ago_stay_although_there_are_too_many(tmp_path: Path) -> None:
    copy = file_of(tmp_path, "ab/copy", 10, 1)
    assert trim_copies(tmp_path, limit_bytes=0, older_than_seconds=100) == 0
    assert copy.exists()

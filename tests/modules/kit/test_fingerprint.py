"""A fingerprint changes with the source of a module and of what it uses from us, and with nothing else."""

import sys
from pathlib import Path

import pytest

from modules.kit import fingerprint
from modules.kit.fingerprint import fingerprint_of


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "guests"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "shared.py").write_text("STEP = 1\n")
    (folder / "other.py").write_text("STEP = 1\n")
    (folder / "guest.py").write_text("import json\nfrom guests import shared\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "guests", raising=False)
    return folder


def fresh() -> str:
    for remembered in (fingerprint_of, fingerprint._source_path, fingerprint._imports):
        remembered.cache_clear()
    return fingerprint_of("guests.guest")


@pytest.mark.parametrize(
    ("file", "changes"), [("guest.py", True), ("shared.py", True), ("other.py", False), ("new.py", False)]
)
def test_only_the_source_that_is_used_counts(package: Path, file: str, changes: bool) -> None:
    before = fresh()
    with (package / file).open("a") as opened:
        opened.write("\n# more\n")
    assert (fresh() != before) is changes


def test_it_is_the_same_twice(package: Path) -> None:
    assert fresh() == fresh()

"""What comes out of archives, whole and broken."""

import errno
import gzip
import zipfile
from pathlib import Path
from typing import Any

import pytest

from modules.kit import ArchiveNotReadable, NothingMatches
from modules.ml import archives
from modules.ml.archives import unpacked


def packed(folder: Path, files: dict[str, bytes], **options: Any) -> Path:
    path = folder / "files.zip"
    with zipfile.ZipFile(path, "w", **options) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def content_of(path: Path, folder: Path, pattern: str = "**", name: str | None = None) -> dict[str, bytes]:
    found = unpacked(
        path, folder / "out", name=name or path.name, pattern=pattern, pattern_parameter="files", parameter="path"
    )
    return {shown: file.read_bytes() for shown, file in found}


def test_a_file_that_is_no_archive_is_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a\n1\n")
    assert content_of(path, tmp_path) == {"a.csv": b"a\n1\n"}


def test_files_of_an_archive_come_in_the_order_of_their_paths(tmp_path: Path) -> None:
    path = packed(tmp_path, {"b.csv": b"2", "a/b.csv": b"1", "a/": b"", "__MACOSX/b.csv": b"junk"})
    assert list(content_of(path, tmp_path).items()) == [("a/b.csv", b"1"), ("b.csv", b"2")]


@pytest.mark.parametrize(("name", "shown"), [("a.csv.gz", "a.csv"), ("A.CSV.GZ", "A.CSV"), ("a.csv", "a.csv")])
def test_what_is_packed_by_gzip_is_unpacked_whatever_its_name(tmp_path: Path, name: str, shown: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(b"a\n1\n"))
    assert content_of(path, tmp_path) == {shown: b"a\n1\n"}


def test_what_a_server_has_unpacked_on_the_way_loses_its_ending(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(b"a\n1\n")
    assert content_of(path, tmp_path) == {"a.csv": b"a\n1\n"}


def test_files_of_an_archive_may_be_packed_by_gzip(tmp_path: Path) -> None:
    path = packed(tmp_path, {"a.csv.gz": gzip.compress(b"1"), "b.csv": b"2"})
    assert content_of(path, tmp_path) == {"a.csv": b"1", "b.csv": b"2"}


def test_nothing_is_written_beside_the_folder(tmp_path: Path) -> None:
    path = packed(tmp_path, {"../../a.csv": b"1", "/etc/b.csv": b"2", "c/..": b"3"})
    for pattern, content in (("../../a.csv", b"1"), ("/etc/b.csv", b"2"), ("c/..", b"3")):
        assert content_of(path, tmp_path, pattern) == {pattern: content}
    assert {file.name for file in tmp_path.iterdir()} == {"files.zip", "out"}


def test_a_pattern_that_means_none_of_the_files_is_0065(tmp_path: Path) -> None:
    with pytest.raises(NothingMatches) as caught:
        content_of(packed(tmp_path, {"a.csv": b"1"}), tmp_path, "b/*")
    assert (caught.value.code, caught.value.parameter) == ("0065", "files")


def broken(kind: str, folder: Path) -> Path:
    path = packed(folder, {"a.csv": b"a\n1\n" * 1000}, compression=zipfile.ZIP_DEFLATED)
    content = bytearray(path.read_bytes())
    match kind:
        case "no archive":
            path.write_bytes(b"PK\x03\x04 and no more")
        case "cut":
            path.write_bytes(content[: len(content) // 2])
        case "damaged":
            content[40:50] = b"\xff" * 10
            path.write_bytes(content)
        case "encrypted":
            entry = content.index(b"PK\x01\x02")
            content[6] |= 1
            content[entry + 8] |= 1
            path.write_bytes(content)
        case "unknown method":
            entry = content.index(b"PK\x01\x02")
            content[8] = content[entry + 10] = 97
            path.write_bytes(content)
        case "gzip cut":
            path = folder / "a.csv.gz"
            path.write_bytes(gzip.compress(b"a\n1\n" * 1000)[:-20])
        case "gzip damaged":
            path = folder / "a.csv.gz"
            path.write_bytes(gzip.compress(b"a\n1\n" * 1000)[:10] + b"\xff" * 20)
    return path


@pytest.mark.parametrize(
    "kind", ["no archive", "cut", "damaged", "encrypted", "unknown method", "gzip cut", "gzip damaged"]
)
def test_a_broken_archive_is_0102(tmp_path: Path, kind: str) -> None:
    path = broken(kind, tmp_path)
    with pytest.raises(ArchiveNotReadable, match=f"`{path.name}` cannot be unpacked") as caught:
        content_of(path, tmp_path)
    assert (caught.value.code, caught.value.parameter) == ("0102", "path")


@pytest.mark.parametrize("name", ["files.zip", "a.csv.gz"])
def test_what_unpacks_to_too_much_is_0102(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(archives, "LARGEST_UNPACKED_BYTES", 1000)
    path = packed(tmp_path, {"a.csv": b"a" * 2000})
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"a" * 2000))
    with pytest.raises(ArchiveNotReadable, match="unpacks to more than"):
        content_of(path.with_name(name), tmp_path)


def test_a_full_disk_is_no_fault_of_the_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(archives, "_copy", refuse)
    with pytest.raises(OSError, match="No space left"):
        content_of(packed(tmp_path, {"a.csv": b"1"}), tmp_path)

"""Files that come packed: zip archives with several, and single ones packed by gzip."""

import errno
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from modules.kit.errors import ArchiveNotReadable, FileNotReadable
from modules.ml.file_names import harmless
from modules.ml.file_patterns import matching

LARGEST_UNPACKED_BYTES: Final = 16 << 30
CHUNK_BYTES: Final = 1 << 20
GZIP_HEAD: Final = b"\x1f\x8b"
FULL_DISK: Final = (errno.ENOSPC, errno.EDQUOT)
BROKEN: Final = (
    *(zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError),
    *(OSError, zlib.error, lzma.LZMAError),
)
"""What unpacking raises where an archive is damaged, encrypted or packed in an unknown way."""


def unpacked(
    file: Path, folder: Path, *, name: str, pattern: str, pattern_parameter: str, parameter: str
) -> list[tuple[str, Path]]:
    """The files that are in a file, with their names: itself if it is no archive.

    Of a zip archive, those that a pattern means, in the order of their names; each of these, and any other file, may be
    packed by gzip. Raises 0048 where the file cannot be opened, 0065 where the pattern means none and 0102 where an
    archive cannot be unpacked; `parameter` is the one that names the file. The folder takes what is unpacked.
    """
    folder.mkdir(exist_ok=True)
    _check_opens(file, name, parameter)
    if not name.lower().endswith(".zip"):
        return [_plain(file, name, folder / "0", parameter)]
    with _coded(name, parameter), zipfile.ZipFile(file) as archive:
        members = {member.filename: member for member in archive.infolist() if not member.is_dir()}
        names = matching(members, pattern, parameter=pattern_parameter)
        _check_size(sum(members[found].file_size for found in names), name, parameter)
        files = []
        for place, found in enumerate(names):
            path = folder / f"{place}-{harmless(found.rpartition('/')[2])}"
            with archive.open(found) as source:
                _copy(source, path, name, parameter)
            files.append((found, path))
    return [_plain(path, found, folder / f"{place}", parameter) for place, (found, path) in enumerate(files)]


def _check_opens(file: Path, name: str, parameter: str) -> None:
    try:
        file.open("rb").close()
    except OSError as error:
        raise FileNotReadable(f"`{name}` cannot be opened: {error.strerror}", parameter=parameter) from None


def _plain(file: Path, name: str, target: Path, parameter: str) -> tuple[str, Path]:
    """A file and its name, both without gzip; what a server has unpacked on the way keeps the ending of the name."""
    inner = name[:-3] if name.lower().endswith(".gz") else name
    with file.open("rb") as opened:
        if opened.read(len(GZIP_HEAD)) != GZIP_HEAD:
            return inner, file
    with _coded(name, parameter), gzip.open(file) as source:
        _copy(source, target, name, parameter)
    return inner, target


def _copy(source: IO[bytes] | gzip.GzipFile, path: Path, name: str, parameter: str) -> None:
    size = 0
    with path.open("wb") as target:
        while chunk := source.read(CHUNK_BYTES):
            size += len(chunk)
            _check_size(size, name, parameter)
            target.write(chunk)


def _check_size(size: int, name: str, parameter: str) -> None:
    if size > LARGEST_UNPACKED_BYTES:
        raise ArchiveNotReadable(
            f"`{name}` unpacks to more than {LARGEST_UNPACKED_BYTES >> 20:,} MB, which is the most that is allowed",
            parameter=parameter,
            hint="Choose some of its files, or split it.",
        )


@contextmanager
def _coded(name: str, parameter: str) -> Iterator[None]:
    """Turn what a broken archive raises into 0102; a full disk is none of its faults."""
    try:
        yield
    except BROKEN as error:
        if isinstance(error, OSError) and error.errno in FULL_DISK:
            raise
        said = str(error) or type(error).__name__
        raise ArchiveNotReadable(
            f"`{name}` cannot be unpacked: {said}",
            parameter=parameter,
            hint="Pack the files again, without a password.",
        ) from None

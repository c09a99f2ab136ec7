"""Read files of word vectors, as GloVe, word2vec and FastText publish them as text."""

import gzip
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np

from modules.kit.errors import FileNotParsable, FileNotReadable

GZIP = b"\x1f\x8b"
HEADER_FIELDS = 2


def read_vectors(path: Path, words: Collection[str]) -> tuple[dict[str, np.ndarray[Any, Any]], int]:
    """The vectors of the wanted words that the file has, and their length; raises 0048 and 0049.

    A line is a word and its numbers, separated by blanks; a first line with the two sizes of the file may stand
    above. The file may be zipped, alone in its archive.
    """
    found: dict[str, np.ndarray[Any, Any]] = {}
    length = 0
    try:
        with _opened(path) as file:
            for number, line in enumerate(file, 1):
                word, *values = line.decode("utf-8", "replace").rstrip("\r\n ").split(" ")
                if number == 1 and len(values) == HEADER_FIELDS - 1 and word.isdigit() and values[0].isdigit():
                    continue
                length = length or len(values)
                if len(values) != length or not values:
                    raise FileNotParsable(
                        f"Line {number} of `{path.name}` has {len(values)} numbers; {length or 'some'} are expected",
                        parameter="vectors_file",
                        hint="A line is a word and its numbers, separated by blanks.",
                    )
                if word in words:
                    found[word] = np.array(values, dtype=np.float64)
    except OSError as error:
        raise FileNotReadable(f"`{path.name}` cannot be opened: {error}", parameter="vectors_file") from None
    except (ValueError, EOFError, zipfile.BadZipFile) as error:
        raise FileNotParsable(
            f"`{path.name}` is not a text of word vectors: {error}", parameter="vectors_file"
        ) from None
    return found, length


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as raw:
        head = raw.read(4)
        raw.seek(0)
        if head.startswith(GZIP):
            with gzip.open(raw) as file:
                yield file  # type: ignore[misc]  # it reads bytes, too
        elif zipfile.is_zipfile(path):
            with zipfile.ZipFile(raw) as archive:
                members = [member for member in archive.infolist() if not member.is_dir()]
                if len(members) != 1:
                    raise ValueError(f"the archive holds {len(members)} files, and one is expected")
                with archive.open(members[0]) as file:
                    yield file
        else:
            yield raw

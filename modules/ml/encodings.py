"""Which encoding a text file is in, and the same text as UTF-8."""

import codecs
from itertools import pairwise
from pathlib import Path

from charset_normalizer import from_bytes

from modules.kit.errors import FileNotParsable

HEAD_BYTES = 1 << 20
CHUNK_BYTES = 1 << 20
TOLD_BYTES = 64_000  # of the lines with other letters than ASCII; more takes seconds and tells no more
MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MULTIBYTE = frozenset({"cp949", "euc_kr", "johab", "shift_jis", "cp932", "euc_jp", "gb2312", "gbk", "gb18030", "big5"})
OTHER_ALPHABETS = frozenset({"cp1251", "koi8_r", "cp1253", "cp1255", "cp1256", "cp874", "tis_620"})
WESTERN = "cp1252"
WESTERN_LETTERS = frozenset("äöüßÄÖÜéèêëàâçîïôùûñáíóúÁÉÍÓÚÑåøæÅØÆãõÇ€£°–’“”")
FEWEST_ZEROS = 2  # a stray zero does not make UTF-16
SPARE_BYTES = 3  # of a letter that the end of the head may cut


def encoding_of(path: Path, *, shown: str) -> str:
    """Name the encoding of a text file by its beginning; raises 0049 where the file is no text.

    UTF-8 wins wherever it fits, which other encodings hardly ever do by chance.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    if b"\0" in head:
        return _two_bytes_a_letter(head, shown)
    if _is_utf8(head):
        return "utf-8"
    return _told_by_letters(head, shown)


def encoding_of_the_rest(path: Path, *, shown: str) -> str:
    """Name the encoding of a file whose beginning alone looks like UTF-8, by the first part that does not."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return _told_by_letters(chunk, shown)
    return "utf-8"


def as_utf8(path: Path, encoding: str, target: Path, *, shown: str) -> Path:
    """Give a path to the same text in UTF-8: the file itself where it is, else a copy made piece by piece."""
    if codecs.lookup(encoding).name in ("utf-8", "ascii", "utf-8-sig"):
        return path
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as source, target.open("wb") as copy:
        try:
            while chunk := source.read(CHUNK_BYTES):
                copy.write(decoder.decode(chunk).encode("utf-8"))
            copy.write(decoder.decode(b"", final=True).encode("utf-8"))
        except UnicodeError as error:
            raise FileNotParsable(
                f"`{shown}` is not text in {encoding}: {error}", hint="Choose the encoding it was saved in."
            ) from None
    return target


def _is_utf8(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return len(head) == HEAD_BYTES and error.start >= len(head) - SPARE_BYTES
    return True


def _two_bytes_a_letter(head: bytes, shown: str) -> str:
    """UTF-16 without a mark has zeros at every other place, where the text is mostly ASCII."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    for zeros, other, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if zeros > max(FEWEST_ZEROS, len(head) // 20) and other * 10 < zeros:
            return name
    raise FileNotParsable(
        f"`{shown}` holds zero bytes, which no text has", hint="Upload a CSV, TSV, Parquet, Arrow, JSON or Excel file."
    )


def _told_by_letters(head: bytes, shown: str) -> str:
    """Guess a national encoding by the lines that have other letters than ASCII."""
    lines = [line for line in head.splitlines() if not line.isascii()]
    sample = b"\n".join(lines)[:TOLD_BYTES]
    if not _looks_like_text(sample):
        raise FileNotParsable(f"`{shown}` is not text in a known encoding")
    if _looks_western(sample):
        return WESTERN
    found = [match.encoding for match in from_bytes(sample)]
    known = next((name for name in found if name in MULTIBYTE or name in OTHER_ALPHABETS), None)
    return known or WESTERN


def _looks_like_text(sample: bytes) -> bool:
    control = sum(sample.count(code) for code in range(32) if code not in b"\t\n\r\f\x1b")
    return control <= len(sample) // 100


def _looks_western(sample: bytes) -> bool:
    """Whether all letters beyond ASCII are common in Western Europe and stand alone, as they do in words there."""
    text = sample.decode(WESTERN, "replace")
    beyond = [letter for letter in text if not letter.isascii()]
    doubled = sum(not a.isascii() and not b.isascii() for a, b in pairwise(text))
    return bool(beyond) and doubled * 5 <= len(beyond) and all(letter in WESTERN_LETTERS for letter in beyond)

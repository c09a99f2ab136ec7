"""Names of files that cannot do harm: whoever names a file must not choose where it lies."""

import re
from typing import Final

LONGEST_BYTES: Final = 200  # file systems take 255, and endings are added
UNWANTED: Final = re.compile(r"[^\w.\- ]")


def harmless(name: str, *, instead: str = "file") -> str:
    """A name without what shells and file systems read as more than a letter.

    One that is too long keeps its end, which says what kind of file it is; `instead` stands in for an empty one.
    """
    plain = UNWANTED.sub("_", name).strip(". ")
    return plain.encode()[-LONGEST_BYTES:].decode("utf-8", "ignore").strip(". ") or instead

"""Which columns of a result are columns of the store that were only passed on."""

from collections.abc import Iterable
from typing import Any, TypeAlias

import polars as pl

Places: TypeAlias = tuple[Any, ...]
"""The type of a column, and the length and the addresses in memory of each of its pieces."""


class KnownColumns:
    """Columns that were mapped from the store, known by where their buffers lie.

    A column whose buffers are those of a stored one has its values, whatever it is called now: it need not be written,
    nor be read to find that out. The stored columns are held, so that no other values can come to their addresses; and
    they are mapped for reading only, so that nobody can change them.
    """

    def __init__(self) -> None:
        self._digests: dict[Places, str] = {}
        self._held: list[pl.Series] = []
        self.cells = 0
        """Values of all tables that were mapped."""

    def note(self, columns: Iterable[pl.Series], digests: Iterable[str]) -> None:
        """Remember mapped columns and the digests of their files."""
        for column, digest in zip(columns, digests, strict=True):
            places = _places(column)
            if places is not None:
                self._digests[places] = digest
                self._held.append(column)

    def digest_of(self, column: pl.Series) -> str | None:
        """The file that holds the values of a column already, if it is known to."""
        if not self._digests:
            return None
        places = _places(column)
        return None if places is None else self._digests.get(places)


def _places(column: pl.Series) -> Places | None:
    """Where the values lie; None for types whose values are not all in the buffers of the column itself."""
    if column.dtype.is_nested() or column.dtype in (pl.Categorical, pl.Enum, pl.Object, pl.Null):
        return None
    try:
        arrays = [piece.to_arrow(compat_level=pl.CompatLevel.newest()) for piece in column.get_chunks()]
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, NotImplementedError, ValueError):
        return None  # a type that Arrow for Python lacks
    pieces = [
        (len(array), array.offset, tuple(buffer.address if buffer is not None else 0 for buffer in array.buffers()))
        for array in arrays
    ]
    return (column.dtype, *pieces)

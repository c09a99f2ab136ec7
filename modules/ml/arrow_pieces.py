"""Tables that come piece by piece, such as rows of a database: kept in files, so that memory holds one piece."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import polars as pl


def kept(pieces: Iterable[pl.DataFrame], folder: Path) -> list[pl.LazyFrame]:
    """Write pieces to files below a folder as they come, one for those of one schema in a row; the files as frames.

    The folder must stay for as long as the frames are used.
    """
    place = Path(tempfile.mkdtemp(prefix="pieces-", dir=folder))
    return [_written(run, place / f"{number}.arrow") for number, (_, run) in enumerate(_runs(pieces))]


def _runs(pieces: Iterable[pl.DataFrame]) -> Iterator[tuple[object, Iterator[pl.DataFrame]]]:
    return groupby(pieces, key=lambda piece: tuple(piece.schema.items()))


def _written(pieces: Iterable[pl.DataFrame], path: Path) -> pl.LazyFrame:
    import pyarrow as pa
    import pyarrow.ipc

    tables = (piece.to_arrow(compat_level=pl.CompatLevel.oldest()) for piece in pieces)
    first = next(tables)
    with pa.OSFile(os.fspath(path), "wb") as file, pa.ipc.new_file(file, first.schema) as writer:
        writer.write_table(first)
        for table in tables:
            writer.write_table(table)
    return pl.scan_ipc(path, glob=False)

"""Tables as Arrow files: written as a stream, mapped into memory when read.

Equal rows give equal bytes, however they were made: batches have a fixed number of rows, so neither
the chunks of a frame nor the number of threads shows in the file.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.ipc

from modules.kit import Table, TableSchema

LARGEST_BATCH_ROWS = 1 << 17
SMALLEST_BATCH_ROWS = 1 << 10
BATCH_VALUES = 1 << 24  # bounds the memory that a batch of a wide table takes while it is written
MAPPED_ARRAYS = 200_000  # each mapped array costs about 5 µs when a file is opened


def write(table: Table, path: Path) -> dict[str, Any]:
    """Write the rows without holding all of them where the frame can be streamed; returns the metadata."""
    schema = TableSchema.of(table)
    write_frame(table.frame, path, columns=len(schema.columns))
    size_bytes = path.stat().st_size
    meta: dict[str, Any] = {"rows": count_rows(path), "columns": schema.to_json(), "size_bytes": size_bytes}
    if table.folds is not None:
        meta["folds"] = table.folds["fold"].n_unique()
    if table.attachments:
        meta |= dict(table.attachments)
    return meta


def write_frame(frame: pl.LazyFrame, path: Path, *, columns: int) -> None:
    """Write the rows of a frame with this many columns."""
    batch_rows = max(SMALLEST_BATCH_ROWS, min(LARGEST_BATCH_ROWS, BATCH_VALUES // max(columns, 1)))
    frame.sink_ipc(path, compression="uncompressed", record_batch_size=batch_rows, maintain_order=True)


def count_rows(path: Path) -> int:
    """Count the rows of a written file without reading them."""
    try:
        with pa.memory_map(str(path)) as file:
            batches = pa.ipc.open_file(file)
            return sum(batches.get_batch(index).num_rows for index in range(batches.num_record_batches))
    except pa.ArrowException:  # a type that Arrow for Python lacks
        return int(pl.scan_ipc(path).select(pl.len()).collect().item())


def read(path: Path, meta: Mapping[str, Any]) -> Table:
    """Map the rows that `write` wrote, with the roles of their columns."""
    schema = TableSchema.from_json(meta["columns"])
    return Table(read_frame(path), schema.roles, schema.categorical)


def read_frame(path: Path) -> pl.LazyFrame:
    """Map a written file: nothing is copied, and pages are read when they are used.

    Polars' own scan copies what it reads (measured: 60 ms against 0.3 ms for 160 MB), so it stands
    in only for types that Arrow for Python lacks and for files of very many small arrays.
    """
    try:
        batches = pa.ipc.open_file(pa.memory_map(str(path)))
        if batches.num_record_batches * len(batches.schema) <= MAPPED_ARRAYS:
            frame = pl.from_arrow(batches.read_all(), rechunk=False)
            assert isinstance(frame, pl.DataFrame)
            return frame.lazy()
    except (pa.ArrowException, pl.exceptions.PolarsError, NotImplementedError):
        pass
    return pl.scan_ipc(path)

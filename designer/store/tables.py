"""How the rows of a table lie in Arrow files, which are mapped into memory when they are read.

Equal rows give equal bytes, however they were made, because the layout follows from the numbers of rows and columns:

- Few rows are one file.
- More are a file for each column, in one piece. A step that passes columns on shares their files with the step before.
- Very many are one file of pieces with a fixed number of rows, written as a stream.

Only of nested values, and of a stream, the bytes may differ all the same; then a step runs that could have been reused.
"""

from pathlib import Path
from typing import Literal

import polars as pl
import pyarrow as pa
import pyarrow.ipc

from modules.kit import Table, TableSchema

Layout = Literal["file", "columns", "stream"]

FEWEST_ROWS_IN_COLUMNS = 1 << 16
MOST_CELLS_IN_COLUMNS = 1 << 27  # 1 GB of numbers
LARGEST_BATCH_ROWS = 1 << 17
SMALLEST_BATCH_ROWS = 1 << 10
BATCH_VALUES = 1 << 24  # bounds the memory that a batch of a wide table takes while it is written
INLINED_BYTES = 12  # so many stand beside the length of a text, longer ones in a buffer
MAPPED_ARRAYS = 200_000  # each mapped array costs about 5 µs when a file is opened
VALUES = "values"
"""What the column of a file of one column is called: its name in the table stands elsewhere, and may change."""


def layout_of(rows: int, columns: int) -> Layout:
    """The layout of a table of this size."""
    if rows * columns > MOST_CELLS_IN_COLUMNS:
        return "stream"
    return "columns" if rows >= FEWEST_ROWS_IN_COLUMNS else "file"


def write_stream(frame: pl.LazyFrame, path: Path) -> None:
    """Write rows without holding all of them where the frame can be streamed."""
    schema = frame.collect_schema()
    frame.select(_canonical(pl.col(name), dtype) for name, dtype in schema.items()).sink_ipc(
        path, compression="uncompressed", record_batch_size=_batch_rows(len(schema)), maintain_order=True
    )


def write_file(frame: pl.DataFrame, path: Path) -> None:
    """Write rows that are in memory; equal rows give equal bytes."""
    columns = [_canonical_column(column) for column in frame.iter_columns()]
    pl.DataFrame(columns, height=frame.height).write_ipc(
        path, compression="uncompressed", record_batch_size=_batch_rows(frame.width)
    )


def write_column(column: pl.Series, path: Path) -> None:
    """Write one column in one piece."""
    frame = _canonical_column(column.alias(VALUES)).to_frame()
    frame.write_ipc(path, compression="uncompressed", record_batch_size=max(len(column), 1))


def _canonical_column(column: pl.Series) -> pl.Series:
    """The same values without bytes that are no part of them: beneath missing ones, or to tell that none is missing."""
    if column.dtype == pl.Boolean or column.has_nulls():
        column = column.to_frame().select(_canonical(pl.col(column.name), column.dtype)).to_series()
    return _in_order(column).slice(0, len(column))


def _in_order(column: pl.Series) -> pl.Series:
    """The same texts, where the long ones lie in the order of the rows and not in that in which they were made."""
    if column.dtype not in (pl.String, pl.Binary):
        return column
    sizes = column.str.len_bytes() if column.dtype == pl.String else column.bin.size()
    if not (sizes > INLINED_BYTES).any():
        return column
    ordered = pl.from_arrow(column.to_arrow(compat_level=pl.CompatLevel.oldest()))
    assert isinstance(ordered, pl.Series)
    return ordered.alias(column.name)


def _canonical(values: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """The same values with zeros beneath those that are missing, and behind the last bit of truth values."""
    if dtype.is_nested():
        return values
    if dtype == pl.Boolean:
        return pl.when(values.is_not_null()).then(values.cast(pl.UInt8)).cast(pl.Boolean)
    return pl.when(values.is_not_null()).then(values)


def _batch_rows(columns: int) -> int:
    return max(SMALLEST_BATCH_ROWS, min(LARGEST_BATCH_ROWS, BATCH_VALUES // max(columns, 1)))


def count_rows(path: Path) -> int:
    """Count the rows of a written file without reading them."""
    try:
        with pa.memory_map(str(path)) as file:
            batches = pa.ipc.open_file(file)
            return sum(batches.get_batch(index).num_rows for index in range(batches.num_record_batches))
    except pa.ArrowException:  # a type that Arrow for Python lacks
        return int(pl.scan_ipc(path).select(pl.len()).collect().item())


def read_file(path: Path) -> pl.LazyFrame:
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


def read_column(path: Path) -> pl.Series:
    """Map a file of one column."""
    return read_file(path).collect(engine="in-memory").to_series()


def with_schema(frame: pl.LazyFrame, schema: TableSchema) -> Table:
    """The rows with the roles of their columns."""
    return Table(frame, schema.roles, schema.categorical)

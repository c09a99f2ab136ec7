"""Tables as Arrow files: written as a stream, memory-mapped and scanned lazily."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from modules.kit import Table, TableSchema


def write(table: Table, path: Path) -> dict[str, Any]:
    """Write the rows without holding all of them where the frame can be streamed; returns the metadata."""
    table.frame.sink_ipc(path, compression="uncompressed", maintain_order=True)
    schema = TableSchema.of(table)
    rows = pl.scan_ipc(path).select(pl.len()).collect().item()
    meta: dict[str, Any] = {"rows": rows, "columns": schema.to_json(), "size_bytes": path.stat().st_size}
    if table.attachments:
        meta |= dict(table.attachments)
    return meta


def read(path: Path, meta: Mapping[str, Any]) -> Table:
    """Scan the rows that :func:`write` wrote."""
    schema = TableSchema.from_json(meta["columns"])
    return Table(pl.scan_ipc(path), schema.roles, schema.categorical)

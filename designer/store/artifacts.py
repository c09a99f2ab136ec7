"""Immutable stored outputs: a manifest that names files, addressed by its own digest."""

import json
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from designer.store import tables, trained_models
from designer.store.blobs import Blobs, FolderBlobs, blobs_at
from designer.store.columns import KnownColumns
from modules.kit import File, Table, TableSchema

TABLE_FILE = "table.arrow"
COLUMN_FILE = "{}.arrow"
FOLDS_FILE = "folds.arrow"
VALUE_FILE = "value.joblib"
PLAIN_FILE = "file"
MOST_CELLS_IN_MEMORY = 1 << 25
"""What is made from tables of more values than this is written as a stream."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A stored output: ``meta`` is what the page may know without opening the files."""

    digest: str
    type: str
    files: Mapping[str, str]
    meta: Mapping[str, Any]


class Store:
    """Saves and loads the values that flow through ports."""

    def __init__(self, blobs: Blobs) -> None:
        self.blobs = blobs
        self._known: KnownColumns | None = None

    @classmethod
    def in_folder(cls, root: Path) -> "Store":
        """A store on the local disk."""
        return cls(FolderBlobs(root))

    @classmethod
    def at(cls, url: str, cache: Path) -> "Store":
        """The store of a URL: a folder or a bucket, see `blobs_at`."""
        return cls(blobs_at(url, cache))

    @contextmanager
    def passing_on(self) -> Iterator[None]:
        """Within the block, columns of tables that are loaded are not written again when they are saved.

        For a step in its process: a store that several threads share knows nothing of what each has loaded.
        """
        self._known = KnownColumns()
        try:
            yield
        finally:
            self._known = None

    def save(self, value: Any, type_name: str) -> Artifact:
        """Write a value of a port type; equal content gives the same digest."""
        if isinstance(value, Table):
            files, meta = self._save_table(value)
        elif isinstance(value, File):
            meta = value.describe()
            with self._temporary_file() as path:
                shutil.copyfile(value.path, path)
                files = {PLAIN_FILE: self.blobs.add(path)}
        else:
            with self._temporary_file() as path:
                trained_models.write(value, path)
                files = {VALUE_FILE: self.blobs.add(path)}
            meta = value.describe()
        return self._seal(type_name, files, meta)

    def _save_table(self, table: Table) -> tuple[dict[str, str], dict[str, Any]]:
        schema = TableSchema.of(table)
        rows, files = self._save_rows(table.frame, len(schema.columns))
        sizes = (self.blobs.path(digest).stat().st_size for digest in files.values())
        meta: dict[str, Any] = {"rows": rows, "columns": schema.to_json(), "size_bytes": sum(sizes)}
        if table.folds is not None:
            meta["folds"] = table.folds["fold"].n_unique()
            files[FOLDS_FILE] = self._save_file(table.folds)
        return files, meta | dict(table.attachments)

    def _save_rows(self, frame: pl.LazyFrame, columns: int) -> tuple[int, dict[str, str]]:
        """Write the rows, as a stream where they may be more than memory should hold; how many, and their files."""
        # What is not made from tables of the store, such as files, may be of any size: counting rows reads no values.
        cells = self._known.cells if self._known else 0
        cells = cells or columns * int(frame.select(pl.len()).collect(engine="in-memory").item())
        if cells <= MOST_CELLS_IN_MEMORY:
            return self._save_held(frame)
        with self._temporary_file() as path:
            tables.write_stream(frame, path)
            rows = tables.count_rows(path)
            if tables.layout_of(rows, columns) == "stream":
                return rows, {TABLE_FILE: self.blobs.add(path)}
            return self._save_held(tables.read_file(path))

    def _save_held(self, lazy: pl.LazyFrame) -> tuple[int, dict[str, str]]:
        # This engine passes columns on that are not changed; that for streams copies them.
        frame = lazy.collect(engine="in-memory")
        match tables.layout_of(frame.height, frame.width):
            case "file":
                return frame.height, {TABLE_FILE: self._save_file(frame)}
            case "stream":
                with self._temporary_file() as path:
                    tables.write_stream(frame.lazy(), path)
                    return frame.height, {TABLE_FILE: self.blobs.add(path)}
        with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
            digests = pool.map(self._save_column, frame.iter_columns())
            return frame.height, {COLUMN_FILE.format(number): digest for number, digest in enumerate(digests)}

    def _save_file(self, frame: pl.DataFrame) -> str:
        with self._temporary_file() as path:
            tables.write_file(frame, path)
            return self.blobs.add(path)

    def _save_column(self, column: pl.Series) -> str:
        stored = self._known.digest_of(column) if self._known else None
        if stored is not None and self.blobs.is_stored(stored):
            return stored
        with self._temporary_file() as path:
            tables.write_column(column, path)
            return self.blobs.add(path)

    def _seal(self, type_name: str, files: dict[str, str], meta: Mapping[str, Any]) -> Artifact:
        text = json.dumps({"type": type_name, "files": files, "meta": meta}, sort_keys=True, allow_nan=False)
        return Artifact(self.blobs.add_bytes(text.encode()), type_name, files, meta)

    def artifact(self, digest: str) -> Artifact:
        """The manifest of an artifact; raises KeyError where there is none."""
        found = json.loads(self.blobs.path(digest).read_text("utf-8"))
        return Artifact(digest, found["type"], found["files"], found["meta"])

    def load_table(self, digest: str) -> Table:
        """A table, mapped into memory; raises KeyError where the artifact is missing or no table."""
        artifact = self.artifact(digest)
        return self._table(artifact)

    def load(self, digest: str) -> Any:
        """Any value. Models are unpickled: for step processes only, never for the web."""
        artifact = self.artifact(digest)
        if VALUE_FILE in artifact.files:
            return trained_models.read(self.blobs.path(artifact.files[VALUE_FILE]))
        return self.file(artifact) if PLAIN_FILE in artifact.files else self._table(artifact)

    def file(self, artifact: Artifact) -> File:
        """The file of an artifact that is one; raises KeyError."""
        path, meta = self.blobs.path(artifact.files[PLAIN_FILE]), artifact.meta
        return File(path, str(meta["name"]), meta.get("details", {}))

    @contextmanager
    def arrow_file(self, digest: str) -> Iterator[Path]:
        """A table as one Arrow file, for programs that know no store; it may be gone after the block."""
        artifact = self.artifact(digest)
        if TABLE_FILE in artifact.files:
            yield self.blobs.path(artifact.files[TABLE_FILE])
            return
        with self._temporary_file() as path:
            tables.write_file(self._table(artifact).frame.collect(engine="in-memory"), path)
            yield path

    def _table(self, artifact: Artifact) -> Table:
        schema = TableSchema.from_json(artifact.meta["columns"])
        table = tables.with_schema(self._rows(artifact, schema.names), schema)
        if FOLDS_FILE not in artifact.files:
            return table
        return replace(table, folds=tables.read_file(self.blobs.path(artifact.files[FOLDS_FILE])).collect())

    def _rows(self, artifact: Artifact, names: Sequence[str]) -> pl.LazyFrame:
        if self._known:
            self._known.cells += artifact.meta["rows"] * len(names)
        if TABLE_FILE in artifact.files:
            return tables.read_file(self.blobs.path(artifact.files[TABLE_FILE]))
        digests = [artifact.files[COLUMN_FILE.format(number)] for number in range(len(names))]
        columns = [
            tables.read_column(self.blobs.path(digest)).alias(name) for digest, name in zip(digests, names, strict=True)
        ]
        if self._known:
            self._known.note(columns, digests)
        return pl.DataFrame(columns).lazy()

    @contextmanager
    def _temporary_file(self) -> Iterator[Path]:
        """A path in the store's own file system, so that taking it over is a rename.

        The file is not made yet: ext4 writes a file to disk at once when it is truncated and closed,
        and a later unlink or read would wait for that (measured: 1.5 ms for a small file).
        """
        path = self.blobs.temporary / secrets.token_hex(16)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

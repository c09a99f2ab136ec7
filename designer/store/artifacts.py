"""Immutable stored outputs: a manifest that names files, addressed by its own digest."""

import json
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from designer.store import tables, trained_models
from designer.store.blobs import Blobs, FolderBlobs, blobs_at
from modules.kit import File, Table

TABLE_FILE = "table.arrow"
FOLDS_FILE = "folds.arrow"
VALUE_FILE = "value.joblib"
PLAIN_FILE = "file"


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

    @classmethod
    def in_folder(cls, root: Path) -> "Store":
        """A store on the local disk."""
        return cls(FolderBlobs(root))

    @classmethod
    def at(cls, url: str, cache: Path) -> "Store":
        """The store of a URL: a folder or a bucket, see `blobs_at`."""
        return cls(blobs_at(url, cache))

    def save(self, value: Any, type_name: str) -> Artifact:
        """Write a value of a port type; equal content gives the same digest."""
        with self._temporary_file() as path:
            if isinstance(value, Table):
                meta = tables.write(value, path)
                files = {TABLE_FILE: self.blobs.add(path)}
                if value.folds is not None:
                    tables.write_frame(value.folds.lazy(), path, columns=value.folds.width)
                    files[FOLDS_FILE] = self.blobs.add(path)
            elif isinstance(value, File):
                meta = value.describe()
                shutil.copyfile(value.path, path)
                files = {PLAIN_FILE: self.blobs.add(path)}
            else:
                trained_models.write(value, path)
                files = {VALUE_FILE: self.blobs.add(path)}
                meta = value.describe()
        return self._seal(type_name, files, meta)

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
        if TABLE_FILE in artifact.files:
            return self._table(artifact)
        if PLAIN_FILE in artifact.files:
            return self.file(artifact)
        return trained_models.read(self.blobs.path(artifact.files[VALUE_FILE]))

    def file(self, artifact: Artifact) -> File:
        """The file of an artifact that is one; raises KeyError."""
        return File(self.blobs.path(artifact.files[PLAIN_FILE]), str(artifact.meta["name"]))

    def _table(self, artifact: Artifact) -> Table:
        table = tables.read(self.blobs.path(artifact.files[TABLE_FILE]), artifact.meta)
        if FOLDS_FILE not in artifact.files:
            return table
        return replace(table, folds=tables.read_frame(self.blobs.path(artifact.files[FOLDS_FILE])).collect())

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

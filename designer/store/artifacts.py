"""Immutable stored outputs: a manifest that names files, addressed by its own digest."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from designer.store import tables, trained_models
from designer.store.blobs import Blobs, FolderBlobs
from modules.kit import Table

TABLE_FILE = "table.arrow"
VALUE_FILE = "value.joblib"


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
        return cls(FolderBlobs(root))

    def save(self, value: Any, type_name: str) -> Artifact:
        """Write a value of a port type; equal content gives the same digest."""
        if isinstance(value, Table):
            with _temporary_file(self.blobs) as path:
                meta = tables.write(value, path)
                files = {TABLE_FILE: self.blobs.add(path)}
        else:
            with _temporary_file(self.blobs) as path:
                trained_models.write(value, path)
                files = {VALUE_FILE: self.blobs.add(path)}
            meta = value.describe()
        return self._seal(type_name, files, meta)

    def _seal(self, type_name: str, files: dict[str, str], meta: Mapping[str, Any]) -> Artifact:
        text = json.dumps({"type": type_name, "files": files, "meta": meta}, sort_keys=True, allow_nan=False)
        with _temporary_file(self.blobs) as path:
            path.write_text(text, "utf-8")
            return Artifact(self.blobs.add(path), type_name, files, meta)

    def artifact(self, digest: str) -> Artifact:
        """The manifest of an artifact; raises KeyError where there is none."""
        found = json.loads(self.blobs.path(digest).read_text("utf-8"))
        return Artifact(digest, found["type"], found["files"], found["meta"])

    def load_table(self, digest: str) -> Table:
        """A table, memory-mapped and scanned lazily."""
        artifact = self.artifact(digest)
        return tables.read(self.blobs.path(artifact.files[TABLE_FILE]), artifact.meta)

    def load(self, digest: str) -> Any:
        """Any value. Models are unpickled: for step processes only, never for the web."""
        artifact = self.artifact(digest)
        if TABLE_FILE in artifact.files:
            return tables.read(self.blobs.path(artifact.files[TABLE_FILE]), artifact.meta)
        return trained_models.read(self.blobs.path(artifact.files[VALUE_FILE]))


class _temporary_file:
    """A path in the store's own file system, so that taking it over is a rename."""

    def __init__(self, blobs: Blobs) -> None:
        self._folder = getattr(blobs, "temporary", None)

    def __enter__(self) -> Path:
        with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
            self._path = Path(file.name)
        return self._path

    def __exit__(self, *_: object) -> None:
        self._path.unlink(missing_ok=True)

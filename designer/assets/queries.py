"""Read datasets."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from uuid import UUID

from designer.assets.models import Dataset
from designer.graph.graph import DatasetEntry
from designer.workspaces.models import Workspace
from modules.kit import TableSchema


class DatasetEntries(Mapping[str, DatasetEntry]):
    """Datasets of a workspace as a graph names them: ``name`` is the newest version, ``name@2`` that one.

    Columns are read for those that are asked for only: a dataset may have thousands. `bound` entries stand in for
    those of the same name.
    """

    def __init__(self, workspace: Workspace, bound: Mapping[str, DatasetEntry] | None = None) -> None:
        self._bound = bound or {}
        self._ids: dict[str, UUID] = {}
        rows = Dataset.objects.filter(workspace=workspace).order_by("version")
        for pk, name, version in rows.values_list("pk", "name", "version"):
            self._ids[name] = self._ids[f"{name}@{version}"] = pk

    def __getitem__(self, name: str) -> DatasetEntry:
        return self._bound[name] if name in self._bound else _entry_of(self._ids[name])

    def __iter__(self) -> Iterator[str]:
        return iter({**self._ids, **self._bound})

    def __len__(self) -> int:
        return len({**self._ids, **self._bound})


@lru_cache(maxsize=256)
def _entry_of(dataset_id: UUID) -> DatasetEntry:
    """A version never changes, so it is read once."""
    found = Dataset.objects.get(pk=dataset_id)
    return DatasetEntry(found.name, found.version, found.digest, TableSchema.from_json(found.columns))


def newest_datasets(workspace: Workspace) -> list[Dataset]:
    """The newest version of each dataset, by title."""
    versions = Dataset.objects.filter(workspace=workspace).order_by("version")
    newest = dict(versions.values_list("name", "pk"))
    return sorted(Dataset.objects.filter(pk__in=newest.values()), key=lambda dataset: dataset.title.lower())

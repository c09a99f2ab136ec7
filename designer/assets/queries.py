"""Read datasets."""

from designer.assets.models import Dataset
from designer.graph.graph import DatasetEntry
from designer.workspaces.models import Workspace
from modules.kit import TableSchema


def dataset_entries(workspace: Workspace) -> dict[str, DatasetEntry]:
    """Datasets as a graph names them: ``name`` is the newest version, ``name@2`` that one."""
    found: dict[str, DatasetEntry] = {}
    for dataset in Dataset.objects.filter(workspace=workspace).order_by("version"):
        entry = DatasetEntry(dataset.name, dataset.version, dataset.digest, TableSchema.from_json(dataset.columns))
        found[dataset.name] = entry
        found[f"{dataset.name}@{dataset.version}"] = entry
    return found


def newest_datasets(workspace: Workspace) -> list[Dataset]:
    """The newest version of each dataset, by title."""
    newest = {d.name: d for d in Dataset.objects.filter(workspace=workspace).order_by("version")}
    return sorted(newest.values(), key=lambda dataset: dataset.title.lower())

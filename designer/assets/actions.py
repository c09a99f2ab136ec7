"""Register and delete datasets."""

import re
from pathlib import Path

import polars as pl
from django.conf import settings
from django.db import transaction
from django.db.models import Max

from designer.assets.keeping import keep, pieces_of
from designer.assets.models import Dataset
from designer.assets.store import store
from designer.errors import NotFound
from designer.workspaces.models import Workspace
from modules.kit import FileNotParsable, Table
from modules.ml.reading import read_file


def dataset_name_of(file_name: str) -> str:
    """A name that a document can use: ``Car prices (1).csv`` → ``car-prices-1``."""
    stem = Path(file_name).name.rsplit(".", 1)[0]
    return re.sub(r"[^\w]+", "-", stem, flags=re.UNICODE).strip("-").lower()[:100] or "dataset"


def register_dataset(
    workspace: Workspace,
    path: Path,
    *,
    name: str,
    title: str = "",
    description: str = "",
    licence: str = "",
    origin: str = "",
) -> Dataset:
    """Read a file and register its table as the next version; the same table again gives the same version.

    Raises the coded errors 0048 and 0049 of the kit where the file cannot be read.
    """
    return register_table(
        workspace,
        Table(read_file(path, folder=settings.UPLOADS)),
        name=name,
        title=title,
        description=description,
        licence=licence,
        origin=origin,
    )


def register_table(
    workspace: Workspace,
    table: Table,
    *,
    name: str,
    title: str = "",
    description: str = "",
    licence: str = "",
    origin: str = "",
) -> Dataset:
    """Register a table as the next version of a dataset."""
    try:
        artifact = store().save(table, "Table")
    except pl.exceptions.PolarsError as error:
        raise FileNotParsable(f"The file cannot be read as a table: {str(error).splitlines()[0]}") from None
    pieces = pieces_of([artifact.digest])
    with transaction.atomic():
        Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
        keep(pieces)
        versions = Dataset.objects.filter(workspace=workspace, name=name)
        newest = versions.order_by("-version").first()
        if newest is not None and newest.digest == artifact.digest:
            return newest
        return Dataset.objects.create(
            workspace=workspace,
            name=name,
            version=(versions.aggregate(last=Max("version"))["last"] or 0) + 1,
            title=title or name,
            description=description,
            licence=licence,
            origin=origin,
            digest=artifact.digest,
            rows=artifact.meta["rows"],
            columns=artifact.meta["columns"],
            size_bytes=artifact.meta["size_bytes"],
        )


def delete_dataset(workspace: Workspace, name: str) -> None:
    """Take a dataset out of the library; runs that used it keep their data."""
    deleted, _ = Dataset.objects.filter(workspace=workspace, name=name).delete()
    if not deleted:
        raise NotFound(f"There is no dataset '{name}' in this workspace")

"""Datasets and uploads."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from ninja import File, Form, Router
from ninja.files import UploadedFile

from designer.api import schemas
from designer.api.access import Request
from designer.assets.actions import dataset_name_of, delete_dataset, register_dataset
from designer.assets.queries import newest_datasets
from designer.assets.uploads import keep_upload

router = Router(tags=["assets"])


@contextmanager
def on_disk(file: UploadedFile) -> Iterator[Path]:
    """The uploaded bytes under their own name's ending; Django has streamed them to disk already."""
    Path(settings.UPLOADS).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.UPLOADS) as folder:
        path = Path(folder) / (Path(file.name or "upload").name or "upload")
        if isinstance(file, TemporaryUploadedFile):
            try:
                os.link(file.temporary_file_path(), path)
            except OSError:
                shutil.copyfile(file.temporary_file_path(), path)
        else:
            path.write_bytes(file.read())
        yield path


@router.get("/datasets", response=list[schemas.DatasetOut])
def list_datasets(request: Request):
    """The newest version of each dataset."""
    return newest_datasets(request.auth.workspace)


@router.post("/datasets", response={201: schemas.DatasetOut})
def make_dataset(request: Request, file: UploadedFile = File(...), name: str = Form("")):
    """Register a file (CSV, TSV, Parquet, Arrow, JSON lines, Excel) as a dataset or its next version."""
    shown = name or file.name or "dataset"
    with on_disk(file) as path:
        return 201, register_dataset(request.auth.workspace, path, name=dataset_name_of(shown), title=shown[:200])


@router.delete("/datasets/{name}", response={204: None})
def remove_dataset(request: Request, name: str):
    """Take a dataset out of the library."""
    delete_dataset(request.auth.workspace, name)
    return 204, None


@router.post("/uploads", response={201: schemas.UploadOut})
def make_upload(request: Request, file: UploadedFile = File(...)):
    """Keep a file for an Import Data node; its id is the value of the parameter."""
    with on_disk(file) as path:
        return 201, keep_upload(request.auth.workspace, path, path.name)

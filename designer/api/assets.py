"""Datasets and uploads."""

from typing import Any

from ninja import File, Form
from ninja.files import UploadedFile

from designer.api import schemas
from designer.api.access import Request, Router
from designer.api.files import name_of, on_disk
from designer.assets.actions import dataset_name_of, delete_dataset, register_dataset
from designer.assets.queries import newest_datasets
from designer.assets.uploads import keep_upload

router = Router(tags=["assets"])


@router.get("/datasets", may="assets.read", response=list[schemas.DatasetOut])
def list_datasets(request: Request) -> Any:
    """The newest version of each dataset."""
    return newest_datasets(request.auth.workspace)


@router.post("/datasets", may="assets.write", response={201: schemas.DatasetOut})
def make_dataset(request: Request, file: File[UploadedFile], name: Form[str] = "") -> Any:
    """Register a file (CSV, TSV, Parquet, Arrow, JSON lines, Excel) as a dataset or its next version."""
    shown = name or name_of(file)
    with on_disk(file) as path:
        return 201, register_dataset(request.auth.workspace, path, name=dataset_name_of(shown), title=shown[:200])


@router.delete("/datasets/{name}", may="assets.write", response={204: None})
def remove_dataset(request: Request, name: str) -> Any:
    """Take a dataset out of the library."""
    delete_dataset(request.auth.workspace, name)
    return 204, None


@router.post("/uploads", may="assets.write", response={201: schemas.UploadOut})
def make_upload(request: Request, file: File[UploadedFile]) -> Any:
    """Keep a file for an Import Data node; its id is the value of the parameter."""
    with on_disk(file) as path:
        return 201, keep_upload(request.auth.workspace, path, path.name)

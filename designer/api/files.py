"""Files over HTTP lie on disk, on their way in and on their way out."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from ninja.files import UploadedFile

LONGEST_NAME_BYTES = 200
FALLBACK_NAME = "upload"


def name_of(file: UploadedFile) -> str:
    """The file's own name, short enough for every file system; its ending is kept."""
    name = Path((file.name or "").replace("\0", "").replace("\\", "/")).name or FALLBACK_NAME
    encoded = name.encode("utf-8", "replace")
    return encoded[-LONGEST_NAME_BYTES:].decode("utf-8", "ignore")


@contextmanager
def on_disk(file: UploadedFile) -> Iterator[Path]:
    """The uploaded bytes under their own name; Django has streamed them to disk already."""
    with tempfile.TemporaryDirectory(dir=settings.UPLOADS) as folder:
        path = Path(folder) / name_of(file)
        if isinstance(file, TemporaryUploadedFile):
            os.link(file.temporary_file_path(), path)
        else:
            with path.open("wb") as copy:
                shutil.copyfileobj(file, copy)
        yield path


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for a file that is made for one answer."""
    with tempfile.TemporaryDirectory(dir=settings.UPLOADS) as folder:
        yield Path(folder)

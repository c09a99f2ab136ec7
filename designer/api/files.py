"""Files over HTTP: what comes in lies on disk, and what goes out is read in pieces."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from ninja.files import UploadedFile

CHUNK_BYTES = 1 << 18
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


def file_answer(path: Path, *, name: str) -> StreamingHttpResponse:
    """Send a file under a name. The file may be deleted as soon as this returns."""
    file = path.open("rb")

    async def pieces() -> AsyncIterator[bytes]:
        # Django would read a synchronous iterator to its end before it sends the first byte.
        with file:
            while piece := await asyncio.to_thread(file.read, CHUNK_BYTES):
                yield piece

    answer = StreamingHttpResponse(pieces(), content_type="application/octet-stream")
    answer["Content-Length"] = str(path.stat().st_size)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return answer

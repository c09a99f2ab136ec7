"""Send files to S3, large ones in parts."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from modules.kit.errors import (
    DownloadFailed,
    FileExists,
    ModuleError,
    NothingMatches,
    StorageNotFound,
    WriteFailed,
    WrongContainer,
)
from modules.ml.object_storage import Bucket, Part, Request
from modules.ml.storage_answers import Answer

LARGEST_UPLOAD_BYTES: Final = 5 << 40
PART_BYTES: Final = 128 << 20
"""Larger files go in parts: S3 takes 5 GB at once, and a part that fails is sent again without the others."""
MOST_PARTS: Final = 10_000


def upload(bucket: Bucket, key: str, path: Path, *, replaces: bool, parameter: str) -> None:
    """Send a file.

    Raises 0057 where it is there and is not to be replaced, 0064 where the storage does not let it be written, 0066,
    0072, and 0079 where there is no such bucket.
    """
    is_there = FileExists(
        f"`s3://{bucket.name}/{key}` is there already",
        parameter=parameter,
        hint="Choose another place, or let it be overwritten.",
    )
    try:
        # Not every storage minds the header; those that do not are asked before.
        if not replaces and bucket.has(key):
            raise is_there
        headers = {} if replaces else {"If-None-Match": "*"}
        size = path.stat().st_size
        if size > PART_BYTES:
            _send_in_parts(bucket, key, path, size, headers, {412: is_there})
        else:
            body = Part(path, 0, size)
            bucket.ask(Request("PUT", key, headers=headers, body=body, refusals={412: is_there}))
    except StorageNotFound as error:
        raise WrongContainer(error.message, parameter=parameter, hint=error.hint) from None
    except (DownloadFailed, NothingMatches) as error:
        raise WriteFailed(error.message, parameter=parameter, hint=error.hint) from None


def _send_in_parts(
    bucket: Bucket,
    key: str,
    path: Path,
    size: int,
    headers: Mapping[str, str],
    refusals: Mapping[int, ModuleError],
) -> None:
    if size > LARGEST_UPLOAD_BYTES:
        raise DownloadFailed(f"The file is larger than {LARGEST_UPLOAD_BYTES >> 40} TB, the most that S3 takes")
    began = Answer.of(bucket.ask(Request("POST", key, {"uploads": ""})).content)
    if began.upload_id is None:
        raise DownloadFailed("The storage does not take files in parts")
    upload = {"uploadId": began.upload_id}
    try:
        tags = [
            bucket.ask(Request("PUT", key, {"partNumber": str(number), **upload}, body=part)).headers.get("etag", "")
            for number, part in enumerate(_parts(path, size), 1)
        ]
        said = bucket.ask(Request("POST", key, upload, headers, _list_of(tags), refusals=refusals)).content
        if message := Answer.of(said).message:  # an error that shows late comes as a success
            raise DownloadFailed(f"The storage answers: {message}")
    except BaseException:
        with suppress(ModuleError):
            bucket.ask(Request("DELETE", key, upload))
        raise


def _parts(path: Path, size: int) -> Iterator[Part]:
    part_size = max(PART_BYTES, -(-size // MOST_PARTS))
    for start in range(0, size, part_size):
        yield Part(path, start, min(part_size, size - start))


def _list_of(tags: list[str]) -> bytes:
    parts = (
        f"<Part><PartNumber>{number}</PartNumber><ETag>{escape(tag)}</ETag></Part>"
        for number, tag in enumerate(tags, 1)
    )
    return f"<CompleteMultipartUpload>{''.join(parts)}</CompleteMultipartUpload>".encode()

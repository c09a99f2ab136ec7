"""Bytes by their BLAKE3 digest, in a folder or in an object store.

What is written never changes: a file is written under a temporary name and renamed, so a reader
sees all of it or nothing, and two writers of the same bytes do no harm.
"""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from blake3 import blake3


class Blobs(Protocol):
    """Where bytes are kept; every file that is read is a local one."""

    def add(self, path: Path) -> str:
        """Take a file over (it is moved) and return its digest."""
        ...

    def add_bytes(self, content: bytes) -> str:
        """Keep a small content and return its digest."""
        ...

    def path(self, digest: str) -> Path:
        """A local file with these bytes; raises KeyError where there is none."""
        ...

    def has(self, digest: str) -> bool:
        """Tell whether there are such bytes."""
        ...

    def may_have(self, digest: str) -> bool:
        """Tell whether there could be such bytes, without asking another machine."""
        ...

    def is_stored(self, digest: str) -> bool:
        """Tell whether there are such bytes for every machine; a local copy does not count."""
        ...

    def remove(self, digest: str) -> None:
        """Take bytes away; nothing happens where there are none. Local copies of other machines stay for a while."""
        ...

    def listing(self) -> Iterator["StoredFile"]:
        """All that is kept, in no order."""
        ...

    @property
    def temporary(self) -> Path:
        """A folder for files that are being made, so that `add` is a rename."""
        ...


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Bytes that are kept; `modified_at` is when somebody last wrote them, in seconds since 1970."""

    digest: str
    size_bytes: int
    modified_at: float


def blobs_at(url: str, cache: Path) -> "Blobs":
    """The blobs of a store URL: a folder, or `s3://bucket/prefix` with local copies in the cache folder.

    Address and credentials of the bucket are taken from the usual AWS variables.
    """
    parts = urlsplit(url)
    if parts.scheme != "s3":
        return FolderBlobs(Path(url))
    import boto3

    client = boto3.client("s3", endpoint_url=os.environ.get("AWS_ENDPOINT_URL_S3"))
    return BucketBlobs(client, parts.netloc, parts.path.lstrip("/"), cache)


def digest_of(path: Path) -> str:
    """BLAKE3 of a file: as safe as SHA-256 and several times as quick on large tables."""
    return blake3(max_threads=blake3.AUTO).update_mmap(path).hexdigest()


class FolderBlobs:
    """Blobs as files of one folder, two letters of the digest a sub-folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._temporary = root / "tmp"
        self._temporary.mkdir(parents=True, exist_ok=True)

    @property
    def temporary(self) -> Path:
        return self._temporary

    def add(self, path: Path) -> str:
        digest = digest_of(path)
        place = self._place(digest)
        if self._is_renewed(place):
            path.unlink()
        else:
            self._move(path, place)
        return digest

    def add_bytes(self, content: bytes) -> str:
        digest = blake3(content).hexdigest()
        place = self._place(digest)
        if not self._is_renewed(place):
            path = self._temporary / secrets.token_hex(16)
            path.write_bytes(content)
            self._move(path, place)
        return digest

    def path(self, digest: str) -> Path:
        place = self._place(digest)
        if not place.exists():
            raise KeyError(digest)
        return place

    def has(self, digest: str) -> bool:
        return self._place(digest).exists()

    def may_have(self, digest: str) -> bool:
        return self.has(digest)

    def is_stored(self, digest: str) -> bool:
        return self.has(digest)

    def remove(self, digest: str) -> None:
        self._place(digest).unlink(missing_ok=True)

    def listing(self) -> Iterator[StoredFile]:
        for folder in self.root.glob("??"):
            for entry in os.scandir(folder):
                with contextlib.suppress(FileNotFoundError):
                    stat = entry.stat()
                    yield StoredFile(entry.name, stat.st_size, stat.st_mtime)

    def _is_renewed(self, place: Path) -> bool:
        """Tell whether there is such a file; it counts as just written."""
        try:
            os.utime(place)
        except FileNotFoundError:
            return False
        return True

    def _move(self, path: Path, place: Path) -> None:
        place.parent.mkdir(exist_ok=True)
        path.chmod(0o444)
        try:
            path.rename(place)
        except OSError:  # another file system
            copy = self._temporary / secrets.token_hex(16)
            shutil.copyfile(path, copy)
            copy.chmod(0o444)
            copy.rename(place)
            path.unlink()

    def _place(self, digest: str) -> Path:
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise KeyError(digest)
        return self.root / digest[:2] / digest


class BucketBlobs:
    """Blobs in an S3 bucket, with a local copy of each by digest."""

    def __init__(self, client: Any, bucket: str, prefix: str, cache: Path) -> None:
        self._client, self._bucket, self._prefix = client, bucket, prefix
        self._cache = FolderBlobs(cache)

    @property
    def temporary(self) -> Path:
        return self._cache.temporary

    def add(self, path: Path) -> str:
        digest = self._cache.add(path)
        self._upload(digest)
        return digest

    def add_bytes(self, content: bytes) -> str:
        digest = self._cache.add_bytes(content)
        self._upload(digest)
        return digest

    def path(self, digest: str) -> Path:
        if not self._cache.has(digest):
            if not self._is_remote(digest):
                raise KeyError(digest)
            copy = self.temporary / secrets.token_hex(16)
            with copy.open("wb") as file:
                self._client.download_fileobj(self._bucket, self._key(digest), file)
            self._cache.add(copy)  # under the digest of what really came
        return self._cache.path(digest)

    def has(self, digest: str) -> bool:
        return self._cache.has(digest) or self._is_remote(digest)

    def may_have(self, digest: str) -> bool:
        del digest
        return True

    def is_stored(self, digest: str) -> bool:
        return self._is_remote(digest)

    def remove(self, digest: str) -> None:
        self._client.delete_object(Bucket=self._bucket, Key=self._key(digest))
        self._cache.remove(digest)

    def listing(self) -> Iterator[StoredFile]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
        for page in pages:
            for item in page.get("Contents", ()):
                name = item["Key"].rpartition("/")[2]
                yield StoredFile(name, item["Size"], item["LastModified"].timestamp())

    def _key(self, digest: str) -> str:
        return f"{self._prefix}{digest[:2]}/{digest}"

    def _upload(self, digest: str) -> None:
        if not self._is_remote(digest):
            self._client.upload_file(os.fspath(self._cache.path(digest)), self._bucket, self._key(digest))

    def _is_remote(self, digest: str) -> bool:
        found = self._client.list_objects_v2(Bucket=self._bucket, Prefix=self._key(digest), MaxKeys=1)
        return bool(found.get("KeyCount"))

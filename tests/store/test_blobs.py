"""Bytes by digest, in a folder and in a bucket."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import pytest

from designer.store.artifacts import Store
from designer.store.blobs import BucketBlobs, FolderBlobs, blobs_at

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


class Bucket:
    """The calls of an S3 client that are used, on a dictionary."""

    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}
        self.calls: list[str] = []

    def upload_file(self, path: str, bucket: str, key: str) -> None:
        self.calls.append("upload")
        self.content[f"{bucket}/{key}"] = Path(path).read_bytes()

    def download_fileobj(self, bucket: str, key: str, file: IO[bytes]) -> None:
        self.calls.append("download")
        file.write(self.content[f"{bucket}/{key}"])

    def list_objects_v2(self, *, Bucket: str, Prefix: str, MaxKeys: int) -> dict[str, Any]:
        found = [key for key in self.content if key.startswith(f"{Bucket}/{Prefix}")]
        return {"KeyCount": len(found[:MaxKeys])}

    def delete_object(self, *, Bucket: str, Key: str) -> None:
        self.content.pop(f"{Bucket}/{Key}", None)

    def get_paginator(self, _: str) -> "Bucket":
        return self

    def paginate(self, *, Bucket: str, Prefix: str) -> Iterator[dict[str, Any]]:
        names = [key.removeprefix(f"{Bucket}/") for key in self.content if key.startswith(f"{Bucket}/{Prefix}")]
        for name in names:
            content = self.content[f"{Bucket}/{name}"]
            yield {"Contents": [{"Key": name, "Size": len(content), "LastModified": MOMENT}]}
        yield {}


def file_with(folder: Path, content: bytes) -> Path:
    path = folder / "file"
    path.write_bytes(content)
    return path


def test_bytes_come_back_by_their_digest(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path / "store")
    digest = blobs.add(file_with(tmp_path, b"some bytes"))
    assert blobs.path(digest).read_bytes() == b"some bytes"
    assert not (tmp_path / "file").exists()


def test_stored_bytes_cannot_be_written_to(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path / "store")
    digest = blobs.add(file_with(tmp_path, b"some bytes"))
    assert blobs.path(digest).stat().st_mode & 0o222 == 0


def test_a_bucket_serves_what_another_machine_added(tmp_path: Path) -> None:
    bucket = Bucket()
    here = BucketBlobs(bucket, "b", "designer/", tmp_path / "here")
    there = BucketBlobs(bucket, "b", "designer/", tmp_path / "there")
    digest = here.add(file_with(tmp_path, b"some bytes"))
    assert there.has(digest)
    assert there.path(digest).read_bytes() == b"some bytes"


def test_a_bucket_is_asked_once_for_each_blob(tmp_path: Path) -> None:
    bucket = Bucket()
    digest = BucketBlobs(bucket, "b", "", tmp_path / "here").add(file_with(tmp_path, b"some bytes"))
    there = BucketBlobs(bucket, "b", "", tmp_path / "there")
    there.path(digest)
    there.path(digest)
    assert bucket.calls == ["upload", "download"]


def test_bytes_that_are_in_no_place_are_a_key_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        BucketBlobs(Bucket(), "b", "", tmp_path / "here").path("0" * 64)


def test_changed_bytes_of_a_bucket_are_not_taken_for_the_right_ones(tmp_path: Path) -> None:
    bucket = Bucket()
    digest = BucketBlobs(bucket, "b", "", tmp_path / "here").add(file_with(tmp_path, b"some bytes"))
    bucket.content[f"b/{digest[:2]}/{digest}"] = b"other bytes"
    with pytest.raises(KeyError):
        BucketBlobs(bucket, "b", "", tmp_path / "there").path(digest)


def test_an_artifact_travels_through_a_bucket(tmp_path: Path) -> None:
    import polars as pl

    from modules.kit import Table

    bucket = Bucket()
    saved = Store(BucketBlobs(bucket, "b", "", tmp_path / "here")).save(Table(pl.LazyFrame({"a": [1]})), "Table")
    there = Store(BucketBlobs(bucket, "b", "", tmp_path / "there"))
    assert there.load_table(saved.digest).frame.collect().rows() == [(1,)]


def test_a_url_names_a_folder_or_a_bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    assert isinstance(blobs_at(str(tmp_path / "store"), tmp_path), FolderBlobs)
    assert isinstance(blobs_at("s3://bucket/prefix/", tmp_path), BucketBlobs)


def test_what_is_removed_is_gone_and_removing_it_again_does_nothing(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path / "store")
    digest = blobs.add_bytes(b"some bytes")
    assert [file.digest for file in blobs.listing()] == [digest]
    blobs.remove(digest)
    blobs.remove(digest)
    assert (blobs.has(digest), blobs.may_have(digest), blobs.is_stored(digest)) == (False, False, False)
    assert list(blobs.listing()) == []


def test_bytes_that_are_written_again_count_as_just_written(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path / "store")
    digest = blobs.add_bytes(b"some bytes")
    os.utime(blobs.path(digest), (0, 0))
    blobs.add(file_with(tmp_path, b"some bytes"))
    [file] = blobs.listing()
    assert (file.size_bytes, file.modified_at > 0) == (10, True)


def test_what_is_removed_from_a_bucket_is_not_stored_though_another_machine_has_a_copy(tmp_path: Path) -> None:
    bucket = Bucket()
    here = BucketBlobs(bucket, "b", "designer/", tmp_path / "here")
    there = BucketBlobs(bucket, "b", "designer/", tmp_path / "there")
    digest = here.add(file_with(tmp_path, b"some bytes"))
    assert there.path(digest).exists()
    assert [(file.digest, file.size_bytes, file.modified_at) for file in here.listing()] == [
        (digest, 10, MOMENT.timestamp())
    ]
    here.remove(digest)
    assert (here.has(digest), there.has(digest)) == (False, True)
    assert (here.is_stored(digest), there.is_stored(digest)) == (False, False)
    there.add_bytes(b"some bytes")
    assert here.is_stored(digest)

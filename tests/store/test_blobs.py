"""Bytes by digest, in a folder and in a bucket."""

from pathlib import Path
from typing import IO, Any

import pytest

from designer.store.artifacts import Store
from designer.store.blobs import BucketBlobs, FolderBlobs, blobs_at


class Bucket:
    """The three calls of an S3 client that are used, on a dictionary."""

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

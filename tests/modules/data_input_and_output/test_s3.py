"""Import from and export to S3."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import polars as pl
import pytest

from modules.data_input_and_output.export_data import export_data
from modules.data_input_and_output.import_data import import_data
from modules.kit import (
    ArchiveNotReadable,
    Context,
    DifferentColumnCounts,
    DownloadFailed,
    EmptyInput,
    FileExists,
    FileNotParsable,
    ModuleError,
    NothingMatches,
    RefusedAddress,
    SecretNotFound,
    StorageNotFound,
    StorageRefused,
    WriteFailed,
)
from modules.ml import object_storage, storage_uploads
from modules.ml.storage_access import Access, access_of
from tests.servers import ACCESS

Make = Callable[..., Context]
TABLE = pl.DataFrame({"a": [1, 2], "text": ["x", "\u00e4, b"]})


def imported(context: Context, location: str, access_key: str | None = "key", **options: Any) -> pl.DataFrame:
    return import_data(
        data_source="s3", location=location, access_key=access_key,
        path="", url="", connection="", database="", sql_query="", context=context, **options,
    ).collect()  # fmt: skip


def exported(context: Context, location: str, frame: pl.DataFrame = TABLE, **options: Any) -> dict[str, Any]:
    options = {"access_key": "key", "columns_to_be_saved": frame.columns, **options}
    nothing: dict[str, Any] = {"connection": "", "data_table_name": ""}
    file = export_data(frame.lazy(), datastore_type="s3", location=location, context=context, **options, **nothing)
    found: dict[str, Any] = json.loads(file.path.read_text())
    return found


@pytest.mark.parametrize("file_format", ["csv", "tsv", "parquet", "arrow", "json_lines", "excel"])
def test_what_is_written_is_read_again(reaching: Make, storage: str, file_format: str) -> None:
    location = f"s3://data/formats/table.{file_format}"
    assert exported(reaching(key=storage), location, file_format=file_format) == {"location": location, "rows": 2}
    assert imported(reaching(key=storage), location, file_format=file_format).equals(TABLE)


def test_a_folder_is_read_whole_and_in_order(reaching: Make, storage: str) -> None:
    for key, file_format in (
        ("b.csv", "csv"),
        ("deep/er/c.parquet", "parquet"),
        ("a \u00e4+&.csv", "csv"),
        ("_log", "csv"),
    ):
        name = pl.DataFrame({"key": [key]})
        exported(reaching(key=storage), f"s3://data/folder/{key}", name, file_format=file_format)
    found = imported(reaching(key=storage), "s3://data/folder/**")
    assert found["key"].to_list() == ["a \u00e4+&.csv", "b.csv", "deep/er/c.parquet"]
    assert imported(reaching(key=storage), "s3://data/folder/*.csv")["key"].to_list() == ["a \u00e4+&.csv", "b.csv"]


def test_more_files_than_one_answer_lists(reaching: Make, storage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        exported(reaching(key=storage), f"s3://data/many/{number}.csv", pl.DataFrame({"n": [number]}))
    monkeypatch.setattr(object_storage, "KEYS_AT_ONCE", 2)
    assert imported(reaching(key=storage), "s3://data/many/**")["n"].to_list() == [0, 1, 2, 3, 4]


def put(storage: str, key: str, content: bytes) -> None:
    access = access_of(storage, parameter="access_key")
    client = boto3.client(
        "s3",
        endpoint_url=access.endpoint,
        aws_access_key_id=access.key,
        aws_secret_access_key=access.secret,
        region_name=access.region,
    )
    client.put_object(Bucket="data", Key=key, Body=content)


def zipped(**files: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.csv", text)
    return content.getvalue()


def test_archives_and_files_that_are_packed_or_empty_are_read_too(reaching: Make, storage: str) -> None:
    put(storage, "packed/a.csv.gz", gzip.compress(b"n\n1\n"))
    put(storage, "packed/b.zip", zipped(one="n\n2\n", two="n\n3\n"))
    put(storage, "packed/c.csv", b"")
    put(storage, "packed/d.jsonl", b'{"n": 4}\n')
    assert imported(reaching(key=storage), "s3://data/packed/**")["n"].to_list() == [1, 2, 3, 4]
    found = imported(reaching(key=storage), "s3://data/packed/b.zip", files_in_archive="two.csv")
    assert found["n"].to_list() == [3]
    with pytest.raises(FileNotParsable, match="is empty"):
        imported(reaching(key=storage), "s3://data/packed/c.csv")


def test_files_of_a_folder_with_other_columns_are_told_at_the_location(reaching: Make, storage: str) -> None:
    put(storage, "mixed/a.csv", b"n\n1\n")
    put(storage, "mixed/b.csv", b"n,m\n1,2\n")
    with pytest.raises(DifferentColumnCounts, match=r"`mixed/b\.csv`") as caught:
        imported(reaching(key=storage), "s3://data/mixed/**")
    assert (caught.value.code, caught.value.parameter, caught.value.port) == ("0061", "location", None)


def test_a_large_file_goes_in_parts_and_comes_whole(
    reaching: Make, storage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage_uploads, "PART_BYTES", 5 << 20)
    table = pl.DataFrame({"text": [f"{number:0100}x" for number in range(120_000)]})
    exported(reaching(key=storage), "s3://data/large.csv", table)
    assert imported(reaching(key=storage), "s3://data/large.csv").equals(table)


def test_a_broken_archive_is_0102_and_names_the_location(reaching: Make, storage: str) -> None:
    put(storage, "broken.zip", b"PK and no more")
    with pytest.raises(ArchiveNotReadable, match=r"`broken\.zip`") as caught:
        imported(reaching(key=storage), "s3://data/broken.zip")
    assert (caught.value.code, caught.value.parameter) == ("0102", "location")


def test_without_a_key_what_is_open_is_read_and_the_rest_refused(reaching: Make, storage: str) -> None:
    endpoint = access_of(storage, parameter="access_key").endpoint
    exported(reaching(key=storage), "s3://open/table.csv")
    bucket = object_storage.Bucket("open", Access(endpoint=endpoint), is_allowed=lambda _: True, parameter="location")
    assert list(bucket.keys("")) == ["table.csv"]
    closed = object_storage.Bucket("data", Access(endpoint=endpoint), is_allowed=lambda _: True, parameter="location")
    with pytest.raises(StorageRefused):
        closed.keys("")


@pytest.mark.parametrize(
    ("location", "kind", "code", "parameter"),
    [
        (" ", EmptyInput, "0003", "location"),
        ("data/a.csv", StorageNotFound, "0009", "location"),
        ("s3://a b/a.csv", StorageNotFound, "0009", "location"),
        ("s3://nowhere/a.csv", StorageNotFound, "0009", "location"),
        ("s3://data/nothing/**", NothingMatches, "0065", "location"),
        ("s3://data/nothing.csv", NothingMatches, "0065", "location"),
        ("s3://data/folder/", NothingMatches, "0065", "location"),
        ("s3://data/", NothingMatches, "0065", "location"),
    ],
)
def test_a_place_that_holds_nothing_has_its_code(
    reaching: Make, storage: str, location: str, kind: type[ModuleError], code: str, parameter: str
) -> None:
    with pytest.raises(kind) as caught:
        imported(reaching(key=storage), location)
    assert (caught.value.code, caught.value.parameter) == (code, parameter)


def test_a_wrong_key_is_0064_and_not_shown(reaching: Make, storage: str) -> None:
    wrong = storage.replace(ACCESS["AWS_SECRET_ACCESS_KEY"], "n0t-the-one")
    with pytest.raises(StorageRefused) as caught:
        imported(reaching(key=wrong), "s3://data/**")
    assert (caught.value.code, caught.value.parameter) == ("0064", "location")
    assert "n0t-the-one" not in str(caught.value.to_json())


@pytest.mark.parametrize("secret", ["", "nonsense", "aws_access_key_id=a"])
def test_a_secret_that_is_no_access_key_is_0157(reaching: Make, secret: str) -> None:
    with pytest.raises(SecretNotFound) as caught:
        imported(reaching(key=secret), "s3://data/**")
    assert (caught.value.code, caught.value.parameter) == ("0157", "access_key")
    with pytest.raises(SecretNotFound) as caught:
        exported(reaching(key=secret), "s3://data/a.csv")
    assert (caught.value.code, caught.value.parameter) == ("0157", "access_key")


@pytest.mark.parametrize("call", [imported, exported])
def test_a_secret_that_is_not_there_is_0157(call: Callable[..., Any], tmp_path: Path) -> None:
    with pytest.raises(SecretNotFound, match="There is no secret `key`") as caught:
        call(Context(tmp_path), "s3://data/a.csv")
    assert caught.value.code == "0157"


@pytest.mark.parametrize("networks", [(), ("10.0.0.0/8",)])
def test_this_machine_is_not_reached_unless_it_is_allowed(reaching: Make, storage: str, networks: Any) -> None:
    with pytest.raises(RefusedAddress) as caught:
        imported(reaching(networks, key=storage), "s3://data/**")
    assert (caught.value.code, caught.value.parameter) == ("0029", "location")
    with pytest.raises(RefusedAddress):
        exported(reaching(networks, key=storage), "s3://data/a.csv")


def test_a_store_that_does_not_answer_is_0030(reaching: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(object_storage, "TRIES", 1)
    secret = "aws_access_key_id=a\naws_secret_access_key=b\nendpoint_url=http://127.0.0.1:1"  # noqa: S105  made up
    with pytest.raises(DownloadFailed) as caught:
        imported(reaching(key=secret), "s3://data/**")
    assert caught.value.code == "0030"


def test_a_file_that_is_there_is_replaced_or_left(reaching: Make, storage: str) -> None:
    location = "s3://data/again.csv"
    exported(reaching(key=storage), location, if_the_file_exists="error")
    exported(reaching(key=storage), location, pl.DataFrame({"a": [9]}))
    with pytest.raises(FileExists) as caught:
        exported(reaching(key=storage), location, if_the_file_exists="error")
    assert (caught.value.code, caught.value.parameter) == ("0057", "location")
    assert imported(reaching(key=storage), location)["a"].to_list() == [9]


@pytest.mark.parametrize(
    ("location", "options", "kind", "code", "parameter"),
    [
        ("", {}, EmptyInput, "0003", "location"),
        ("s3://data/folder/", {}, EmptyInput, "0003", "location"),
        ("s3://data/a.csv", {"access_key": ""}, EmptyInput, "0003", "access_key"),
        ("https://data/a.csv", {}, StorageNotFound, "0009", "location"),
        ("s3://data/a.CSV", {"file_format": "excel"}, WriteFailed, "0066", "file_format"),
        ("s3://data/a.parquet", {}, WriteFailed, "0066", "file_format"),
    ],
)
def test_what_cannot_be_written_has_its_code(
    reaching: Make, storage: str, location: str, options: Any, kind: type[ModuleError], code: str, parameter: str
) -> None:
    with pytest.raises(kind) as caught:
        exported(reaching(key=storage), location, **options)
    assert (caught.value.code, caught.value.parameter) == (code, parameter)

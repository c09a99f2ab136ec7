"""Files that are sent to a store, whole and in parts."""

from pathlib import Path

import pytest

from modules.kit import FileExists, ModuleError, StorageRefused, WriteFailed, WrongContainer
from modules.ml import object_storage, storage_uploads
from modules.ml.storage_uploads import upload
from tests.modules.storage import Answer, answering, error_of


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    return path


@pytest.mark.parametrize(
    ("replaces", "answer", "kind", "code"),
    [
        (True, Answer(404, error_of("NoSuchBucket")), WrongContainer, "0079"),
        (True, Answer(307, error_of("TemporaryRedirect")), WrongContainer, "0079"),
        (True, Answer(403, error_of("AccessDenied")), StorageRefused, "0064"),
        (False, Answer(403), StorageRefused, "0064"),
        (True, Answer(400, error_of("EntityTooLarge")), WriteFailed, "0066"),
        (True, Answer(404), WriteFailed, "0066"),
        (True, Answer(500), WriteFailed, "0066"),
        (False, Answer(500), WriteFailed, "0066"),
        (False, Answer(200), FileExists, "0057"),
    ],
)
def test_a_file_that_cannot_be_sent_has_its_code(
    file: Path, replaces: bool, answer: Answer, kind: type[ModuleError], code: str
) -> None:
    with answering(answer) as (bucket, _), pytest.raises(kind) as caught:
        upload(bucket, "a.csv", file, replaces=replaces, parameter="location")
    assert (caught.value.code, caught.value.parameter) == (code, "location")
    assert "only-for-tests" not in str(caught.value.to_json())


def test_a_file_that_must_not_be_there_is_asked_for_and_sent_on_that_condition(file: Path) -> None:
    with answering(Answer(404), Answer(200)) as (bucket, asked):
        upload(bucket, "a.csv", file, replaces=False, parameter="location")
    assert [(request.method, request.headers.get("If-None-Match")) for request in asked] == [
        ("HEAD", None),
        ("PUT", "*"),
    ]
    refused = Answer(412, error_of("PreconditionFailed"))
    with answering(Answer(404), refused) as (bucket, _), pytest.raises(FileExists) as caught:
        upload(bucket, "a.csv", file, replaces=False, parameter="location")
    assert (caught.value.code, caught.value.parameter) == ("0057", "location")


BEGUN = Answer(200, b"<InitiateMultipartUploadResult><UploadId>u/1</UploadId></InitiateMultipartUploadResult>")


def tagged(tag: str) -> Answer:
    return Answer(200, headers={"ETag": f'"{tag}"'})


def test_a_large_file_is_sent_in_parts_and_a_part_that_fails_again(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage_uploads, "PART_BYTES", 4)
    monkeypatch.setattr(object_storage, "CHUNK_BYTES", 3)
    with answering(BEGUN, tagged("a"), Answer(500), tagged("b"), tagged("c"), Answer(200)) as (bucket, asked):
        upload(bucket, "a.csv", file, replaces=True, parameter="location")
    assert [request.body for request in asked[1:5]] == [b"0123", b"4567", b"4567", b"89"]
    assert [(request.query["partNumber"], request.query["uploadId"]) for request in asked[1:5]] == [
        *(("1", "u/1"), ("2", "u/1"), ("2", "u/1"), ("3", "u/1")),
    ]
    assert (asked[5].method, asked[5].query["uploadId"]) == ("POST", "u/1")
    assert b'<Part><PartNumber>3</PartNumber><ETag>"c"</ETag></Part></Complete' in asked[5].body


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ([BEGUN, Answer(403, error_of("AccessDenied"))], StorageRefused),
        ([BEGUN, tagged("a"), tagged("b"), tagged("c"), Answer(200, error_of("InternalError"))], WriteFailed),
        ([BEGUN, tagged("a"), tagged("b"), tagged("c"), Answer(412, error_of("PreconditionFailed"))], FileExists),
    ],
)
def test_parts_of_an_upload_that_fails_are_taken_back(
    file: Path, monkeypatch: pytest.MonkeyPatch, answers: list[Answer], kind: type[ModuleError]
) -> None:
    monkeypatch.setattr(storage_uploads, "PART_BYTES", 4)
    with answering(*answers, Answer(204)) as (bucket, asked), pytest.raises(kind) as caught:
        upload(bucket, "a.csv", file, replaces=True, parameter="location")
    assert caught.value.parameter == "location"
    assert (asked[-1].method, asked[-1].query["uploadId"]) == ("DELETE", "u/1")


def test_a_store_that_knows_no_parts_is_0066(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage_uploads, "PART_BYTES", 4)
    with answering(Answer(200)) as (bucket, _), pytest.raises(WriteFailed, match="does not take files in parts"):
        upload(bucket, "a.csv", file, replaces=True, parameter="location")


def test_what_s3_does_not_take_is_0066_before_it_is_sent(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage_uploads, "PART_BYTES", 4)
    monkeypatch.setattr(storage_uploads, "LARGEST_UPLOAD_BYTES", 9)
    with answering(Answer(200)) as (bucket, asked), pytest.raises(WriteFailed, match="the most that S3 takes"):
        upload(bucket, "a.csv", file, replaces=True, parameter="location")
    assert asked == []

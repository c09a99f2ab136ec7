"""What a store is asked and answers, and what becomes of it."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from modules.kit import (
    DownloadFailed,
    FileExists,
    ModuleError,
    NothingMatches,
    StorageNotFound,
    StorageRefused,
    TookTooLong,
    WriteFailed,
    WrongContainer,
)
from modules.ml import addresses, object_storage, storage_uploads
from modules.ml.addresses import Address
from modules.ml.object_storage import Bucket
from modules.ml.storage_access import Access
from modules.ml.storage_uploads import upload


@dataclass
class Answer:
    """What a store says."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """What a store was asked."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


def error_of(code: str) -> bytes:
    return f"<Error><Code>{code}</Code><Message>in words: {code}</Message></Error>".encode()


@contextmanager
def answering(*answers: Answer, access: Access | None = None) -> Iterator[tuple[Bucket, list[Asked]]]:
    """A store that gives these answers in turn, the last again and again, and what it was asked."""
    given, asked = list(answers), []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            place = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(place.query, keep_blank_values=True).items()}
            asked.append(Asked(self.command, place.path, query, dict(self.headers), body))
            found = given.pop(0) if len(given) > 1 else given[0]
            self.send_response(found.status)
            for name, value in {"Content-Length": str(len(found.body)), **found.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(found.body)

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = answer  # noqa: N815  named by the library

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        keys = access or Access("key", "only-for-tests", endpoint=f"http://127.0.0.1:{server.server_port}")
        yield Bucket("data", keys, is_allowed=lambda _: True, parameter="location", pauses_seconds=(0,)), asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    return path


def listed(bucket: Bucket, _: Path) -> None:
    bucket.keys("")


def fetched(bucket: Bucket, file: Path) -> None:
    bucket.download("a.csv", file)


def sent(bucket: Bucket, file: Path) -> None:
    upload(bucket, "a.csv", file, replaces=True, parameter="location")


def sent_anew(bucket: Bucket, file: Path) -> None:
    upload(bucket, "a.csv", file, replaces=False, parameter="location")


@pytest.mark.parametrize(
    ("ask", "answer", "kind", "code"),
    [
        (listed, Answer(404, error_of("NoSuchBucket")), StorageNotFound, "0009"),
        (fetched, Answer(404, error_of("NoSuchBucket")), StorageNotFound, "0009"),
        (sent, Answer(404, error_of("NoSuchBucket")), WrongContainer, "0079"),
        (listed, Answer(301, error_of("PermanentRedirect")), StorageNotFound, "0009"),
        (sent, Answer(307, error_of("TemporaryRedirect")), WrongContainer, "0079"),
        (listed, Answer(403, error_of("SignatureDoesNotMatch")), StorageRefused, "0064"),
        (fetched, Answer(401), StorageRefused, "0064"),
        (sent, Answer(403, error_of("AccessDenied")), StorageRefused, "0064"),
        (sent_anew, Answer(403), StorageRefused, "0064"),
        (fetched, Answer(404, error_of("NoSuchKey")), NothingMatches, "0065"),
        (sent, Answer(400, error_of("EntityTooLarge")), WriteFailed, "0066"),
        (sent, Answer(404), WriteFailed, "0066"),
        (sent, Answer(500), WriteFailed, "0066"),
        (sent_anew, Answer(200), FileExists, "0057"),
        (listed, Answer(400, b"no XML at all"), DownloadFailed, "0030"),
        (listed, Answer(503, error_of("SlowDown")), DownloadFailed, "0030"),
        (fetched, Answer(200, b"no gzip", {"Content-Encoding": "gzip"}), DownloadFailed, "0030"),
    ],
)
def test_an_answer_that_is_no_success_has_its_code(
    file: Path, ask: Callable[[Bucket, Path], None], answer: Answer, kind: type[ModuleError], code: str
) -> None:
    with answering(answer) as (bucket, _), pytest.raises(kind) as caught:
        ask(bucket, file)
    assert (caught.value.code, caught.value.parameter) == (code, "location")
    assert "only-for-tests" not in str(caught.value.to_json())


def test_a_store_that_is_busy_is_asked_three_times(tmp_path: Path) -> None:
    keys = b"<R><EncodingType>url</EncodingType><Contents><Key>a%2B+b</Key><Size>3</Size></Contents></R>"
    with answering(Answer(503), Answer(503), Answer(200, keys)) as (bucket, asked):
        assert bucket.keys("") == {"a+ b": 3}
    assert len(asked) == 3
    with answering(Answer(503), Answer(200, b"rows")) as (bucket, _):
        bucket.download("a", tmp_path / "a")
    assert (tmp_path / "a").read_text() == "rows"


def test_an_answer_that_breaks_off_is_asked_for_again(tmp_path: Path) -> None:
    with answering(Answer(200, b"ro", {"Content-Length": "4"}), Answer(200, b"rows")) as (bucket, _):
        bucket.download("a", tmp_path / "a")
    assert (tmp_path / "a").read_text() == "rows"


def test_keys_come_in_pieces_and_without_folders() -> None:
    first = b"<R><NextContinuationToken>go on</NextContinuationToken><Contents><Key>f/</Key></Contents></R>"
    second = b'<R xmlns="http://s3"><Contents><Key>f/a&amp;b</Key><Size>x</Size></Contents></R>'
    with answering(Answer(200, first), Answer(200, second)) as (bucket, asked):
        assert bucket.keys("f/") == {"f/a&b": 0}
    assert [request.query.get("continuation-token") for request in asked] == [None, "go on"]
    assert {request.query["prefix"] for request in asked} == {"f/"}


def test_an_error_does_not_show_the_signature(tmp_path: Path) -> None:
    with (
        answering(Answer(403, error_of("AccessDenied"))) as (bucket, asked),
        pytest.raises(StorageRefused) as caught,
    ):
        bucket.download("a", tmp_path / "a")
    assert "in words: AccessDenied" in caught.value.message
    assert asked[0].query["X-Amz-Signature"] not in str(caught.value.to_json())


def test_without_a_key_nothing_is_signed(tmp_path: Path) -> None:
    with answering(Answer(200, b"rows")) as (bucket, asked):
        open_to_all = Access(endpoint=bucket._access.endpoint)
        Bucket("data", open_to_all, is_allowed=lambda _: True, parameter="location").download("a b", tmp_path / "a")
    assert (asked[0].path, asked[0].query) == ("/data/a%20b", {})
    assert "Authorization" not in asked[0].headers


def test_a_bucket_of_another_region_is_asked_there(tmp_path: Path) -> None:
    elsewhere = Answer(400, error_of("AuthorizationHeaderMalformed"), {"x-amz-bucket-region": "eu-west-3"})
    with answering(elsewhere, Answer(200, b"rows")) as (bucket, asked):
        bucket.download("a", tmp_path / "a")
    assert [request.query["X-Amz-Credential"].split("/")[2] for request in asked] == ["us-east-1", "eu-west-3"]


def test_a_region_that_is_none_is_not_asked(tmp_path: Path) -> None:
    elsewhere = Answer(301, headers={"x-amz-bucket-region": "evil.example.org/"})
    with answering(elsewhere) as (bucket, asked), pytest.raises(StorageNotFound):
        bucket.download("a", tmp_path / "a")
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("name", "region", "url"),
    [
        ("data", "eu-west-1", "https://data.s3.eu-west-1.amazonaws.com/a"),
        ("my.data", "eu-west-1", "https://s3.eu-west-1.amazonaws.com/my.data/a"),
        ("data", "cn-north-1", "https://data.s3.cn-north-1.amazonaws.com.cn/a"),
    ],
)
def test_without_an_endpoint_a_bucket_is_one_of_amazon(name: str, region: str, url: str) -> None:
    bucket = Bucket(name, Access(region=region), is_allowed=lambda _: True, parameter="location")
    assert bucket._signed("GET", "a", {}) == url


def test_only_the_address_that_was_checked_is_asked(tmp_path: Path) -> None:
    with answering(Answer(200, b"rows")) as (bucket, asked):
        port = httpx.URL(str(bucket._access.endpoint)).port
        looked_up: list[str] = []

        def look_up(host: str, _: int) -> list[Address]:
            looked_up.append(host)
            return [ip_address("127.0.0.1")]

        named = Access("key", "only-for-tests", endpoint=f"http://storage.invalid:{port}")
        Bucket("data", named, is_allowed=lambda _: True, parameter="location", look_up=look_up).download(
            "a", tmp_path / "a"
        )
    assert looked_up == ["storage.invalid"]
    assert asked[0].headers["Host"] == f"storage.invalid:{port}"


def test_an_unknown_host_is_0030() -> None:
    access = Access("key", "only-for-tests", endpoint="http://storage.invalid")
    with pytest.raises(DownloadFailed, match=r"storage\.invalid is not known"):
        Bucket("data", access, is_allowed=lambda _: True, parameter="location", pauses_seconds=(0,)).keys("")


def test_a_store_that_says_nothing_is_0072(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "TIMEOUT", httpx.Timeout(0.1))
    monkeypatch.setattr(object_storage, "TRIES", 2)
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)  # takes connections and does not answer
    access = Access("key", "only-for-tests", endpoint=f"http://127.0.0.1:{server.server_port}")
    with server, pytest.raises(TookTooLong) as caught:
        Bucket("data", access, is_allowed=lambda _: True, parameter="location", pauses_seconds=(0,)).keys("")
    assert (caught.value.code, caught.value.parameter) == ("0072", "location")


def test_an_answer_without_an_end_is_0030(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(object_storage, "LARGEST_ANSWER_BYTES", 100)
    with answering(Answer(200, b"x" * 1000)) as (bucket, _), pytest.raises(DownloadFailed, match="without an end"):
        bucket.keys("")


def test_a_file_that_is_too_large_is_0030(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(object_storage, "LARGEST_DOWNLOAD_BYTES", 100)
    packed = Answer(200, gzip.compress(b"x" * 1000), {"Content-Encoding": "gzip"})
    with answering(packed) as (bucket, _), pytest.raises(DownloadFailed, match="larger than"):
        bucket.download("a", tmp_path / "a")


def test_progress_goes_to_the_end(tmp_path: Path) -> None:
    told: list[float] = []
    with answering(Answer(200, b"rows")) as (bucket, _):
        bucket.download("a", tmp_path / "a", on_progress=told.append)
    assert told[-1] == 1.0


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

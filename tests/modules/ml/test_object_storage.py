"""What a store is asked and answers, and what becomes of it."""

import gzip
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest

from modules.kit import (
    DownloadFailed,
    ModuleError,
    NothingMatches,
    StorageNotFound,
    StorageRefused,
    TookTooLong,
)
from modules.ml import addresses, object_storage
from modules.ml.addresses import Address
from modules.ml.object_storage import Bucket
from modules.ml.storage_access import Access
from tests.modules.storage import Answer, answering, error_of


def listed(bucket: Bucket, _: Path) -> None:
    bucket.keys("")


def fetched(bucket: Bucket, folder: Path) -> None:
    bucket.download("a.csv", folder / "a.csv")


@pytest.mark.parametrize(
    ("ask", "answer", "kind", "code"),
    [
        (listed, Answer(404, error_of("NoSuchBucket")), StorageNotFound, "0009"),
        (fetched, Answer(404, error_of("NoSuchBucket")), StorageNotFound, "0009"),
        (listed, Answer(301, error_of("PermanentRedirect")), StorageNotFound, "0009"),
        (listed, Answer(403, error_of("SignatureDoesNotMatch")), StorageRefused, "0064"),
        (fetched, Answer(401), StorageRefused, "0064"),
        (fetched, Answer(404, error_of("NoSuchKey")), NothingMatches, "0065"),
        (listed, Answer(400, b"no XML at all"), DownloadFailed, "0030"),
        (listed, Answer(503, error_of("SlowDown")), DownloadFailed, "0030"),
        (fetched, Answer(200, b"no gzip", {"Content-Encoding": "gzip"}), DownloadFailed, "0030"),
    ],
)
def test_an_answer_that_is_no_success_has_its_code(
    tmp_path: Path, ask: Callable[[Bucket, Path], None], answer: Answer, kind: type[ModuleError], code: str
) -> None:
    with answering(answer) as (bucket, _), pytest.raises(kind) as caught:
        ask(bucket, tmp_path)
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

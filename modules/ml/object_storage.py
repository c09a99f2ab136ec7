"""Ask S3 and what speaks like it, at addresses that were checked and nowhere else.

botocore signs; the requests are made here, to the very address that was looked up.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

import httpx

from modules.kit.errors import (
    DownloadFailed,
    ModuleError,
    NothingMatches,
    StorageNotFound,
    StorageRefused,
    TookTooLong,
)
from modules.ml.addresses import Address, address_of, addresses_of, pinned, port_of
from modules.ml.storage_access import REGION, Access
from modules.ml.storage_answers import Answer

TRIES: Final = 3
PAUSES_SECONDS: Final = (0.5, 2.0)
SIGNED_SECONDS: Final = 3600
LARGEST_DOWNLOAD_BYTES: Final = 64 << 30
LARGEST_ANSWER_BYTES: Final = 32 << 20
CHUNK_BYTES: Final = 1 << 20
KEYS_AT_ONCE: Final = 1000
WORTH_A_RETRY: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
NAME_OF_HOST: Final = re.compile(r"[a-z0-9][a-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes of a file that are sent."""

    path: Path
    start: int
    size: int

    def chunks(self) -> Iterator[bytes]:
        """The bytes, a megabyte at a time."""
        left = self.size
        with self.path.open("rb") as file:
            file.seek(self.start)
            while chunk := file.read(min(CHUNK_BYTES, left)):
                left -= len(chunk)
                yield chunk


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of the storage, but for the signature, which is made anew for each try.

    What comes goes into a file, if there is one; `refusals` says what an answer of some status means.
    """

    method: str
    key: str = ""
    query: Mapping[str, str] | None = None
    headers: Mapping[str, str] | None = None
    body: Part | bytes | None = None
    into: Path | None = None
    on_progress: Callable[[float], None] = lambda _: None
    refusals: Mapping[int, ModuleError] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """What comes back; a body that went into a file is not in it."""

    headers: httpx.Headers
    content: bytes


class _TryAgain(Exception):
    """What went wrong may not go wrong the next time."""


class Bucket:
    """A bucket as one access sees it.

    All methods raise 0009 where there is no such bucket, 0029 for an address that may not be reached, 0030 after three
    tries, 0064 where the storage does not accept the key or does not let it do this, and 0072.
    """

    def __init__(
        self,
        name: str,
        access: Access,
        *,
        is_allowed: Callable[[Address], bool],
        parameter: str,
        look_up: Callable[[str, int], Sequence[Address]] = addresses_of,
        pauses_seconds: Sequence[float] = PAUSES_SECONDS,
    ) -> None:
        self.name = name
        self._access = access
        self._parameter = parameter
        self._is_allowed, self._look_up, self._pauses = is_allowed, look_up, pauses_seconds

    def keys(self, prefix: str) -> dict[str, int]:
        """Paths that begin so, with their sizes in bytes; not those that stand for folders."""
        found: dict[str, int] = {}
        query = {"list-type": "2", "encoding-type": "url", "max-keys": str(KEYS_AT_ONCE), "prefix": prefix}
        while True:
            answer = Answer.of(self.ask(Request("GET", query=query)).content)
            found |= answer.keys
            if answer.next is None:
                return found
            query["continuation-token"] = answer.next

    def download(self, key: str, path: Path, *, on_progress: Callable[[float], None] = lambda _: None) -> None:
        """Fetch a file; raises 0065 where there is none of this path."""
        self.ask(Request("GET", key, into=path, on_progress=on_progress))

    def has(self, key: str) -> bool:
        """Tell whether there is such a file."""
        try:
            self.ask(Request("HEAD", key))
        except NothingMatches:
            return False
        return True

    def ask(self, request: Request) -> Reply:
        """Ask for something, in up to three tries."""
        said: BaseException | None = None
        for tried in range(TRIES):
            if tried:
                time.sleep(self._pauses[min(tried, len(self._pauses)) - 1])
            try:
                return self._once(request)
            except (httpx.RequestError, _TryAgain) as error:
                said = error
        if isinstance(said, httpx.TimeoutException):
            raise TookTooLong(f"The storage of `{self.name}` did not answer in time", parameter=self._parameter)
        raise DownloadFailed(
            f"The storage of `{self.name}` cannot be reached: {said or type(said).__name__}",
            parameter=self._parameter,
            hint="Look at the bucket, and at the endpoint_url and the region of the secret.",
        )

    def _once(self, request: Request) -> Reply:
        target = httpx.URL(self._signed(request.method, request.key, request.query or {}))
        body = request.body
        size = body.size if isinstance(body, Part) else len(body or b"")
        headers = {"Accept-Encoding": "identity", **(request.headers or {})}
        headers |= {"Content-Length": str(size)} if request.method in ("PUT", "POST") else {}
        content = body.chunks() if isinstance(body, Part) else [body] if body else None
        with pinned(request.method, target, self._address(target), headers=headers, content=content) as response:
            self._check(response, request)
            if request.into is not None:
                self._save(response, request.into, request.on_progress)
                return Reply(response.headers, b"")
            return Reply(response.headers, self._read(response))

    def _address(self, target: httpx.URL) -> Address:
        host = target.raw_host.decode("ascii").strip("[]")
        try:
            return address_of(host, port_of(target), self._is_allowed, self._look_up, parameter=self._parameter)
        except OSError as error:
            raise _TryAgain(str(error)) from None

    def _signed(self, method: str, key: str, query: Mapping[str, str]) -> str:
        """The address with a signature in it, which is good for an hour."""
        from botocore.auth import S3SigV4QueryAuth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials

        access = self._access
        url = f"{self._base}/{quote(key, safe='/~')}" + (f"?{urlencode(query, quote_via=quote)}" if query else "")
        if access.key is None:
            return url
        request = AWSRequest(method, url)
        keys = Credentials(access.key, access.secret, access.token)
        S3SigV4QueryAuth(keys, "s3", access.region, SIGNED_SECONDS).add_auth(request)
        return str(request.url)

    @property
    def _base(self) -> str:
        if self._access.endpoint:
            return f"{self._access.endpoint.rstrip('/')}/{self.name}"
        region = self._access.region
        host = f"s3.{region}.amazonaws.com" + (".cn" if region.startswith("cn-") else "")
        # A bucket with a dot in its name fits no certificate.
        return f"https://{self.name}.{host}" if NAME_OF_HOST.fullmatch(self.name) else f"https://{host}/{self.name}"

    def _check(self, response: httpx.Response, request: Request) -> None:
        """Raise what an answer that is no success means."""
        if response.is_success:
            return
        region = response.headers.get("x-amz-bucket-region", "")
        if REGION.fullmatch(region) and region != self._access.region:
            self._access = replace(self._access, region=region)
            raise _TryAgain(f"it is in the region {region}")
        if response.status_code in WORTH_A_RETRY:
            raise _TryAgain(f"it answers {response.status_code} {response.reason_phrase}")
        raise request.refusals.get(response.status_code) or self._refusal(
            response, Answer.of(self._read(response)), request.key
        )

    def _refusal(self, response: httpx.Response, answer: Answer, key: str) -> ModuleError:
        status = response.status_code
        said = f"The storage answers: {answer.message or f'{status} {response.reason_phrase}'}"
        if answer.code == "NoSuchBucket":
            return StorageNotFound(f"There is no bucket `{self.name}`", parameter=self._parameter)
        if response.is_redirect:
            return StorageNotFound(
                f"The bucket `{self.name}` is in another region or at another address",
                parameter=self._parameter,
                hint="Say the region in the secret.",
            )
        if status in (401, 403):
            return StorageRefused(said, parameter=self._parameter, hint="Look at the access key and what it may do.")
        if status == 404:
            return NothingMatches(f"There is no file `{key}` in the bucket `{self.name}`", parameter=self._parameter)
        return DownloadFailed(said, parameter=self._parameter)

    def _read(self, response: httpx.Response) -> bytes:
        content = b""
        for chunk in response.iter_bytes(CHUNK_BYTES):
            content += chunk
            if len(content) > LARGEST_ANSWER_BYTES:
                raise DownloadFailed("The storage answers without an end", parameter=self._parameter)
        return content

    def _save(self, response: httpx.Response, path: Path, on_progress: Callable[[float], None]) -> None:
        expected, size = int(response.headers.get("content-length") or 0), 0
        with path.open("wb") as file:
            for chunk in response.iter_bytes(CHUNK_BYTES):
                size += len(chunk)
                if size > LARGEST_DOWNLOAD_BYTES:
                    raise DownloadFailed(
                        f"The file is larger than {LARGEST_DOWNLOAD_BYTES >> 30} GB, the most that is read",
                        parameter=self._parameter,
                    )
                file.write(chunk)
                on_progress(min(size / expected, 1.0) if expected else 0.0)

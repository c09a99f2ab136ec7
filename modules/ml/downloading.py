"""Fetch a file from the web, and from nowhere else: not from this machine, not from the network around it."""

import time
from collections.abc import Callable, Sequence
from email.message import Message
from pathlib import Path

import httpx

from modules.kit.errors import DownloadFailed, RedirectRefused, RefusedAddress
from modules.ml.addresses import Address, address_of, addresses_of, is_public, pinned, port_of
from modules.ml.file_names import harmless

LARGEST_DOWNLOAD_BYTES = 2 << 30
LONGEST_SECONDS = 1800.0  # a server that sends a byte now and then must not hold a step for ever
TRIES = 3
PAUSES_SECONDS = (0.5, 2.0)
WORTH_A_RETRY = frozenset({408, 425, 429, 500, 502, 503, 504})
ENDING_BY_TYPE = {
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/vnd.apache.parquet": "parquet",
    "application/vnd.apache.arrow.file": "arrow",
    "application/x-ndjson": "jsonl",
    "application/json": "json",
    "application/zip": "zip",
    "application/gzip": "gz",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}


class TryAgain(Exception):
    """What went wrong may not go wrong the next time."""


def download(
    url: str,
    folder: Path,
    *,
    largest_bytes: int = LARGEST_DOWNLOAD_BYTES,
    is_allowed: Callable[[Address], bool] = is_public,
    look_up: Callable[[str, int], Sequence[Address]] = addresses_of,
    pauses_seconds: Sequence[float] = PAUSES_SECONDS,
    on_progress: Callable[[float], None] = lambda _: None,
) -> Path:
    """Stream a file to a folder, in up to three tries; returns its path, which has the name that the server gives.

    The host is looked up once for each try, every address it has must be allowed, and the connection goes to one of
    these very addresses, so that a second look-up cannot lead elsewhere. Raises 0029 for an address that is not read,
    0078 where the server sends elsewhere, 0030 where the file cannot be had.
    """
    target = _checked(url)
    said = ""
    for tried in range(TRIES):
        if tried:
            time.sleep(pauses_seconds[min(tried, len(pauses_seconds)) - 1])
        try:
            return _fetch(target, _address(target, is_allowed, look_up), folder, largest_bytes, on_progress)
        except (httpx.RequestError, TryAgain) as error:
            said = str(error) or type(error).__name__
    raise DownloadFailed(
        f"`{url}` could not be fetched in {TRIES} tries: {said}",
        parameter="url",
        hint="Look whether the address opens in a browser.",
    )


def _checked(url: str) -> httpx.URL:
    try:
        target = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError) as error:
        raise RefusedAddress(f"`{url}` is not an address: {error}", parameter="url") from None
    if target.scheme not in ("http", "https") or not target.host:
        raise RefusedAddress(
            f"`{url}` is not an address of the web",
            parameter="url",
            hint="Write the whole address, beginning with https:// or http://.",
        )
    return target


def _address(
    target: httpx.URL, is_allowed: Callable[[Address], bool], look_up: Callable[[str, int], Sequence[Address]]
) -> Address:
    host = target.raw_host.decode("ascii").strip("[]")
    try:
        return address_of(host, port_of(target), is_allowed, look_up, parameter="url", hint="Upload the file instead.")
    except OSError as error:
        raise TryAgain(str(error)) from None


def _fetch(
    target: httpx.URL, address: Address, folder: Path, largest_bytes: int, on_progress: Callable[[float], None]
) -> Path:
    with pinned("GET", target, address, headers={"Accept-Encoding": "gzip, deflate"}) as response:
        _check_status(target, response)
        path = folder / _file_name(target, response)
        _write(response, path, largest_bytes, on_progress)
        return path


def _check_status(target: httpx.URL, response: httpx.Response) -> None:
    status = response.status_code
    if 300 <= status < 400:
        raise RedirectRefused(
            f"{target.host} sends elsewhere: to {response.headers.get('location', 'an unnamed address')[:300]}",
            parameter="url",
            hint="Enter that address itself, if you trust it.",
        )
    if status in WORTH_A_RETRY:
        raise TryAgain(f"the server answered {status} {response.reason_phrase}")
    if status != 200:
        raise DownloadFailed(f"`{target}` answered {status} {response.reason_phrase}", parameter="url")


def _write(response: httpx.Response, path: Path, largest_bytes: int, on_progress: Callable[[float], None]) -> None:
    expected = int(response.headers.get("content-length") or 0)
    started, size = time.monotonic(), 0
    with path.open("wb") as file:
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > largest_bytes:
                raise DownloadFailed(
                    f"`{response.request.headers['host']}` sends more than {largest_bytes >> 20:,} MB",
                    parameter="url",
                    hint="Fetch a part of the data, or put it into a store.",
                )
            if time.monotonic() - started > LONGEST_SECONDS:
                raise DownloadFailed(f"The file did not arrive within {LONGEST_SECONDS:g} s", parameter="url")
            file.write(chunk)
            if expected:
                on_progress(min(size / expected, 1.0))


def _file_name(target: httpx.URL, response: httpx.Response) -> str:
    """A harmless name with the ending that tells the format."""
    header = Message()
    header["content-disposition"] = response.headers.get("content-disposition", "")
    name = harmless(header.get_filename() or target.path.rpartition("/")[2], instead="download")
    if "." not in name:
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        name += f".{ENDING_BY_TYPE[kind]}" if kind in ENDING_BY_TYPE else ""
    return name

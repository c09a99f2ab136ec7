"""Fetch a file from the web, and from nowhere else: not from this machine, not from the network around it."""

import re
import socket
import time
from collections.abc import Callable, Sequence
from email.message import Message
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from pathlib import Path

import httpx

from modules.kit.errors import DownloadFailed, RedirectRefused, RefusedAddress

Address = IPv4Address | IPv6Address

LARGEST_DOWNLOAD_BYTES = 2 << 30
LONGEST_SECONDS = 1800.0  # a server that sends a byte now and then must not hold a step for ever
TRIES = 3
PAUSES_SECONDS = (0.5, 2.0)
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
WORTH_A_RETRY = frozenset({408, 425, 429, 500, 502, 503, 504})
TUNNELS = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"), IPv6Network("2002::/16"))
ENDING_BY_TYPE = {
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/vnd.apache.parquet": "parquet",
    "application/vnd.apache.arrow.file": "arrow",
    "application/x-ndjson": "jsonl",
    "application/json": "json",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}


class TryAgain(Exception):
    """What went wrong may not go wrong the next time."""


def is_public(address: Address) -> bool:
    """Tell whether an address lies in the open internet: not loopback, private, link-local, shared or a tunnel."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in tunnel for tunnel in TUNNELS):
            return False
    return address.is_global and not address.is_multicast


def addresses_of(host: str, port: int) -> list[Address]:
    """Look up all addresses of a host; raises OSError where it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


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
            address = _address(target, is_allowed, look_up)
            return _fetch(target, address, folder, largest_bytes, on_progress)
        except (httpx.TransportError, TryAgain, OSError) as error:
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
    port = target.port or (443 if target.scheme == "https" else 80)
    try:
        found = look_up(host, port)
    except (socket.gaierror, UnicodeError):
        raise TryAgain(f"the host {target.host} is not known") from None
    if not found or not all(is_allowed(address) for address in found):
        raise RefusedAddress(
            f"{target.host} lies on this machine or in its own network, which is not read",
            parameter="url",
            hint="Upload the file instead.",
        )
    return found[0]


def _fetch(
    target: httpx.URL, address: Address, folder: Path, largest_bytes: int, on_progress: Callable[[float], None]
) -> Path:
    literal = f"[{address}]" if isinstance(address, IPv6Address) else str(address)
    headers = {"Host": target.netloc.decode("ascii").rpartition("@")[2], "Accept-Encoding": "gzip, deflate"}
    with (
        # No proxy and no .netrc of this machine: they could lead to its own network or tell its passwords.
        httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
        client.stream(
            "GET",
            target.copy_with(host=literal),
            headers=headers,
            extensions={"sni_hostname": target.raw_host.decode("ascii")},
        ) as response,
    ):
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
    given = header.get_filename() or target.path.rpartition("/")[2] or "download"
    name = re.sub(r"[^\w.\- ]", "_", given).strip(". ")[-100:] or "download"
    if "." not in name:
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        name += f".{ENDING_BY_TYPE[kind]}" if kind in ENDING_BY_TYPE else ""
    return name

"""What is fetched from the web, and what never is."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from modules.kit import DownloadFailed, RedirectRefused, RefusedAddress
from modules.ml.addresses import Address, is_public, public_or_in
from modules.ml.downloading import download


class Pages(BaseHTTPRequestHandler):
    """A small site: each path answers in its own way."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(f"{self.headers['Host']} {self.path}")
        match self.path.partition("?")[0]:
            case "/moved":
                self._answer(302, b"", location="http://127.0.0.1/secret")
            case "/broken":
                self._answer(503, b"later")
            case "/late":
                self._answer(200 if len(self.asked) > 2 else 500, b"a,b\n1,2\n")
            case "/none":
                self._answer(404, b"")
            case "/named":
                self._answer(200, b"a\n1\n", content_disposition='attachment; filename="../../evil name.csv"')
            case "/typed":
                self._answer(200, b"a\n1\n", content_type="text/csv; charset=utf-8")
            case _:
                self._answer(200, b"a,b\n1,2\n")

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def port() -> Iterator[int]:
    Pages.asked.clear()
    with serving() as found:
        yield found


def fetch(path: str, folder: Path, port: int, **options: object) -> Path:
    """Fetch from the site under the name of a host of the open web."""
    return download(
        f"http://data.example:{port}{path}",
        folder,
        is_allowed=lambda _: True,
        look_up=lambda *_: [ip_address("127.0.0.1")],
        pauses_seconds=[0.0],
        **options,  # type: ignore[arg-type]  # any of the choices
    )


def test_a_file_is_fetched_under_its_name(tmp_path: Path, port: int) -> None:
    path = fetch("/cars.csv", tmp_path, port)
    assert (path.name, path.read_text()) == ("cars.csv", "a,b\n1,2\n")


def test_the_connection_goes_to_the_address_that_was_looked_at(tmp_path: Path, port: int) -> None:
    fetch("/cars.csv?x=1", tmp_path, port)
    assert Pages.asked == [f"data.example:{port} /cars.csv?x=1"]


@pytest.mark.parametrize(("path", "name"), [("/named", "_evil name.csv"), ("/typed", "typed.csv"), ("/", "download")])
def test_names_are_harmless_and_end_in_the_format(tmp_path: Path, port: int, path: str, name: str) -> None:
    found = fetch(path, tmp_path, port)
    assert found.parent == tmp_path
    assert found.name.endswith(name)


def test_a_redirect_is_refused_and_not_followed(tmp_path: Path, port: int) -> None:
    with pytest.raises(RedirectRefused, match=r"http://127\.0\.0\.1/secret"):
        fetch("/moved", tmp_path, port)
    assert len(Pages.asked) == 1


def test_a_fault_is_tried_three_times(tmp_path: Path, port: int) -> None:
    with pytest.raises(DownloadFailed, match="3 tries: the server answered 503"):
        fetch("/broken", tmp_path, port)
    assert len(Pages.asked) == 3


def test_a_fault_that_passes_is_no_failure(tmp_path: Path, port: int) -> None:
    assert fetch("/late", tmp_path, port).read_text() == "a,b\n1,2\n"


def test_a_file_that_is_not_there_is_asked_for_once(tmp_path: Path, port: int) -> None:
    with pytest.raises(DownloadFailed, match="404"):
        fetch("/none", tmp_path, port)
    assert len(Pages.asked) == 1


def test_too_large_a_file_is_given_up(tmp_path: Path, port: int) -> None:
    with pytest.raises(DownloadFailed, match="sends more than"):
        fetch("/cars.csv", tmp_path, port, largest_bytes=3)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.com/a.csv",
        "example.com/a.csv",
        "http://",
        "",
        "http://localhost/a.csv",
        "http://127.0.0.1:8000/a.csv",
        "http://127.1/a.csv",
        "http://2130706433/a.csv",
        "http://0/a.csv",
        "http://[::1]/a.csv",
        "http://[::ffff:127.0.0.1]/a.csv",
        "http://10.0.0.1/a.csv",
        "http://192.168.1.1/a.csv",
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/a.csv",
        "http://user:password@127.0.0.1/a.csv",
    ],
)
def test_addresses_of_this_machine_and_its_network_are_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(RefusedAddress):
        download(url, tmp_path)


def test_a_public_name_with_a_private_address_is_refused(tmp_path: Path) -> None:
    def rebound(*_: object) -> list[Address]:
        return [ip_address("93.184.216.34"), ip_address("10.0.0.7")]

    with pytest.raises(RefusedAddress, match="its own network"):
        download("http://data.example/a.csv", tmp_path, look_up=rebound)


def test_an_unknown_host_is_a_failure(tmp_path: Path) -> None:
    def unknown(*_: object) -> list[Address]:
        raise OSError("no such host")

    with pytest.raises(DownloadFailed, match="no such host"):
        download("http://data.example/a.csv", tmp_path, look_up=unknown, pauses_seconds=[0.0])


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104  an address to refuse, not to bind
        ("224.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("fc00::1", False),
    ],
)
def test_public_addresses_are_those_of_the_open_internet(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public


def test_networks_that_are_allowed_may_be_reached_beside_the_open_ones() -> None:
    is_allowed = public_or_in(["10.1.0.0/16", "127.0.0.1", "fd00::/8"])
    found = {address: is_allowed(ip_address(address)) for address in ("10.1.2.3", "127.0.0.1", "fd00::1", "8.8.8.8")}
    assert set(found.values()) == {True}
    assert is_allowed(ip_address("::ffff:10.1.2.3"))
    assert not any(is_allowed(ip_address(address)) for address in ("10.2.0.1", "127.0.0.2", "::1", "169.254.169.254"))

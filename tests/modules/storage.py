"""A store that answers as a test wants it to, and what it was asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from modules.ml.object_storage import Bucket
from modules.ml.storage_access import Access


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

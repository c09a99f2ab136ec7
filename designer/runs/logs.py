"""Logs of steps: files that grow while a step runs and are read by offset."""

import threading
from pathlib import Path
from types import TracebackType

from django.conf import settings

from designer.bus import send
from designer.runs.record import group_of

SEND_SECONDS = 0.05
CHUNK_BYTES = 256_000
SIZE_LIMIT_BYTES = 20_000_000


def log_path(run_id: object, node: str) -> Path:
    """Where the log of a step lies; node ids have no character that is special in paths."""
    return Path(settings.LOGS) / str(run_id) / f"{node}.log"


def read_log(run_id: object, node: str, offset: int) -> tuple[str, int]:
    """Text from an offset in bytes, and the offset to go on from; empty where there is no log yet."""
    path = log_path(run_id, node)
    if not path.exists():
        return "", 0
    with path.open("rb") as file:
        file.seek(offset)
        found = file.read(CHUNK_BYTES)
    while found:  # a chunk may end inside a character
        try:
            return found.decode("utf-8"), offset + len(found)
        except UnicodeDecodeError as error:
            if len(found) - error.start > 3:
                return found.decode("utf-8", "replace"), offset + len(found)
            found = found[: error.start]
    return "", offset


class StepLog:
    """Appends what a step prints, and sends it in small bundles."""

    def __init__(self, run_id: str, node: str) -> None:
        self._run_id, self._node = run_id, node
        path = log_path(run_id, node)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab")
        self._offset = self._file.tell()
        self._waiting: list[bytes] = []
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def __enter__(self) -> "StepLog":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._flush()
        self._file.close()

    def write(self, text: str) -> None:
        """Add text; what goes beyond the size limit is dropped, and that is said."""
        with self._lock:
            if self._offset > SIZE_LIMIT_BYTES:
                return
            content = text.encode("utf-8", "replace")
            if self._offset + len(content) > SIZE_LIMIT_BYTES:
                content = b"\n(The log is full; the rest is left out.)\n"
                self._offset = SIZE_LIMIT_BYTES + 1
            self._file.write(content)
            self._file.flush()
            self._waiting.append(content)
            if self._timer is None:
                self._timer = threading.Timer(SEND_SECONDS, self._flush)
                self._timer.daemon = True
                self._timer.start()

    def _flush(self) -> None:
        with self._lock:
            self._timer = None
            if not self._waiting:
                return
            content = b"".join(self._waiting)
            self._waiting.clear()
            message = {
                "kind": "log",
                "node": self._node,
                "text": content.decode("utf-8", "replace"),
                "offset": self._offset,
            }
            self._offset += len(content)
        send(group_of(self._run_id), message)

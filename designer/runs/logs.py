"""Logs of steps: files that grow while a step runs and are read by offset.

A log that has ended is a blob of the store, so that every machine can read it.
"""

import logging
import threading
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from django.conf import settings

from designer.assets.store import store
from designer.bus import send
from designer.runs.record import group_of

log = logging.getLogger(__name__)

SEND_SECONDS = 0.05
CHUNK_BYTES = 256_000
SIZE_LIMIT_BYTES = 20_000_000
FULL = "\n(The log is full; the rest is left out.)\n"


def log_path(run_id: object, node: str, attempt: int) -> Path:
    """Where the log of a running attempt lies; node ids have no character that is special in paths."""
    return Path(settings.LOGS) / str(run_id) / f"{node}.{attempt}.log"


def read_log(run_id: object, node: str, attempt: int, digest: str, offset: int) -> tuple[str, int]:
    """Text from an offset in bytes, and the offset to go on from; empty where there is no log yet."""
    try:
        with (store().blobs.path(digest) if digest else log_path(run_id, node, attempt)).open("rb") as file:
            size = file.seek(0, 2)
            file.seek(min(offset, size))
            found = file.read(CHUNK_BYTES)
    except (FileNotFoundError, KeyError):
        return "", 0
    return _whole_characters(found, min(offset, size))


def _whole_characters(found: bytes, offset: int) -> tuple[str, int]:
    """Decode all but a character that the end of a chunk has cut."""
    for cut in range(min(4, len(found))):
        try:
            whole = found[: len(found) - cut]
            return whole.decode("utf-8"), offset + len(whole)
        except UnicodeDecodeError:
            continue
    return found.decode("utf-8", "replace"), offset + len(found)


class StepLog:
    """Appends what an attempt prints, and sends it in small bundles; the file is made at the first word.

    A log that cannot be written, on a full disk, ends there: the step goes on.
    """

    def __init__(self, run_id: str, node: str, attempt: int) -> None:
        self._run_id, self._node = run_id, node
        self._path = log_path(run_id, node, attempt)
        self._file: BinaryIO | None = None
        self._offset = 0
        self._is_broken = False
        self._waiting: list[str] = []
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self.digest = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._flush()
        if self._file is not None:
            try:
                self._file.close()
                self.digest = store().blobs.add(self._path)
            except OSError as failure:
                log.warning("the log of step %s of run %s is lost: %s", self._node, self._run_id, failure)

    def write(self, text: str) -> None:
        """Add text; what goes beyond the size limit is dropped, and that is said."""
        with self._lock:
            if self._is_broken or self._offset > SIZE_LIMIT_BYTES:
                return
            if self._offset + len(text) > SIZE_LIMIT_BYTES:
                text = text[: SIZE_LIMIT_BYTES - self._offset] + FULL
            try:
                file = self._file or self._open()
                file.write(text.encode("utf-8", "replace"))
                file.flush()
            except OSError as failure:
                log.warning("the log of step %s of run %s ends here: %s", self._node, self._run_id, failure)
                self._is_broken = True
                return
            self._offset = file.tell()
            self._waiting.append(text)
            if self._timer is None:
                self._timer = threading.Timer(SEND_SECONDS, self._flush)
                self._timer.daemon = True
                self._timer.start()

    def _open(self) -> BinaryIO:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("ab")
        self._offset = self._file.tell()
        return self._file

    def _flush(self) -> None:
        with self._lock:
            self._timer = None
            text, self._waiting = "".join(self._waiting), []
            end = self._offset
        if text:
            message = {"kind": "log", "node": self._node, "text": text, "offset": end}
            send(group_of(self._run_id), [message])

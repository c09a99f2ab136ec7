"""A step process: warm, reused, and replaced when it dies.

It reads one JSON request a line from standard input and answers with JSON lines on a private
descriptor, since modules may print. What they print is sent as log lines while they run; what
native code prints goes to standard error, where the pool listens too.

Started as ``python -m designer.engine.process SETTINGS``, see `ProcessSettings`.
"""

import importlib
import io
import json
import os
import re
import select
import shutil
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict
from threadpoolctl import ThreadpoolController

from designer.engine.execution import execute
from designer.engine.family import adopt_orphans, end_descendants, memory_bytes, running_elsewhere
from designer.engine.sandbox import Limits, ScriptSandbox
from designer.engine.step import StepRequest, UploadedFile
from designer.store.artifacts import Store
from modules.kit import Context, FileNotReadable, SecretNotFound, Table

FOLDER_PREFIX = "designer-step-"
HELD_CHARACTERS = 4096
HELD_SECONDS = 0.1
HIDDEN = "\u2022\u2022\u2022\u2022"
SHORTEST_HIDDEN = 5
"""Shorter pieces stand in too many texts by chance; a password as short hides nothing anyway."""
VALUE = re.compile(r"[:=]\s*\"?([^\"\s,}]+)")
SMALLEST_SCRIPT_BYTES = 256 << 20
SLACK_BYTES = 4 << 30  # address space that allocators keep and do not use
SMALL_BYTES = 8 << 20
NICENESS = 5
"""Steps take what the server, the broker and a browser on the same machine leave: the page stays quick meanwhile."""
UNSHOWN_WARNINGS = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)
NEARLY_ALWAYS_USED = (
    *("numpy", "pandas", "pyarrow", "scipy.sparse", "joblib"),
    *("sklearn.pipeline", "sklearn.preprocessing", "sklearn.linear_model", "sklearn.ensemble"),
)


class ProcessSettings(BaseModel):
    """What a step process is told when it starts; `warm_up` names modules to import beforehand."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    store: str
    cache: str
    memory_limit_bytes: int | None = None
    warm_up: tuple[str, ...] = NEARLY_ALWAYS_USED
    private_networks: tuple[str, ...] = ()


class Answers:
    """Writes messages to the pool, one a line, from any thread."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._hidden: tuple[str, ...] = ()

    def hide(self, secrets: Iterable[str]) -> None:
        """From now on, put dots in the place of these wherever they stand in a message."""
        parts = {part for secret in secrets for part in parts_of_secret(secret)}
        written = (json.dumps(part)[1:-1] for part in parts)
        self._hidden = tuple(sorted(written, key=len, reverse=True))

    def send(self, kind: str, **facts: Any) -> None:
        """Send a message at once."""
        text = json.dumps({"message": kind, **facts})
        for secret in self._hidden:
            text = text.replace(secret, HIDDEN)
        with self._lock:
            self._stream.write(text + "\n")
            self._stream.flush()


def parts_of_secret(secret: str) -> Iterator[str]:
    """A secret, and what in it is secret by itself: the password of an address, or the values of its entries."""
    pieces = {secret.strip()}
    if "://" in secret.partition("\n")[0].partition("=")[0]:
        password = urlsplit(secret.strip()).password
        pieces |= {password, unquote(password)} if password else set()
    else:
        pieces |= {value.strip("'") for value in VALUE.findall(secret)}
    yield from (piece for piece in pieces if len(piece) >= SHORTEST_HIDDEN)


class LogStream(io.TextIOBase):
    """Stands in for standard output: what is written becomes log messages, whole lines where possible."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._held: list[str] = []
        self._size = 0
        self._since = 0.0
        self._lock = threading.RLock()

    @property
    def encoding(self) -> str:  # type: ignore[override]  # a property there, too
        """As of a terminal; some libraries ask."""
        return "utf-8"

    def writable(self) -> bool:
        """Say yes: this is for writing."""
        return True

    def write(self, text: str) -> int:
        """Hold parts of a line back for a moment, so that `print` makes one message."""
        with self._lock:
            if not self._held:
                self._since = time.monotonic()
            self._held.append(text)
            self._size += len(text)
            held_long = time.monotonic() - self._since > HELD_SECONDS
            if text.endswith("\n") or self._size > HELD_CHARACTERS or held_long:
                self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what is held."""
        with self._lock:
            text = "".join(self._held)
            self._held.clear()
            self._size = 0
            if text:
                self._answers.send("log", text=text)


class StepContext(Context):
    """Reports to the pool while a step runs, and gives it files, a folder and a sandbox."""

    def __init__(self, request: StepRequest, store: Store, answers: Answers, settings: ProcessSettings) -> None:
        super().__init__()
        self._request = request
        self._store = store
        self._answers = answers
        self._settings = settings

    def log(self, text: str) -> None:
        self._answers.send("log", text=text + "\n")

    def progress(self, fraction: float) -> None:
        self._answers.send("progress", fraction=min(max(float(fraction), 0.0), 1.0))

    def secret(self, name: str) -> str:
        value = self._request.secrets.get(name)
        if value is None:
            raise SecretNotFound(
                f"The workspace has no secret `{name}`, or it cannot be read",
                hint="Set it again; another key of the installation may have encrypted it.",
            )
        return value

    @property
    def private_networks(self) -> Sequence[str]:
        return self._settings.private_networks

    def data_path(self, upload_id: str) -> Path:
        """The uploaded file under its own name, in the working folder."""
        upload: UploadedFile | None = self._request.files.get(upload_id)
        if upload is None:
            raise FileNotReadable(f"The upload `{upload_id}` is not known", hint="Upload the file again.")
        place = self.working_folder / upload_id
        place.mkdir(exist_ok=True)
        path = place / (Path(upload.name).name or "file")
        if not path.exists():
            path.symlink_to(self._store.blobs.path(upload.digest).resolve())
        return path

    @property
    def sandbox(self) -> ScriptSandbox:
        """Runs scripts with what is left of the limits of this step."""
        allowed = self._settings.memory_limit_bytes
        of_node = self._request.step.memory_limit_mb
        if of_node is not None:
            allowed = min(of_node << 20, allowed or of_node << 20)
        left = Limits().memory_bytes if allowed is None else allowed - memory_bytes(os.getpid())
        limits = Limits(
            wall_seconds=self._request.step.timeout_seconds or Limits().wall_seconds,
            memory_bytes=max(left, SMALLEST_SCRIPT_BYTES),
        )
        return ScriptSandbox(limits, lambda text: self._answers.send("log", text=text), self.working_folder)

    def close(self) -> None:
        """Remove the working folder."""
        if self._working_folder is not None:
            shutil.rmtree(self._working_folder, ignore_errors=True)


class Threads:
    """Bounds how many threads the numeric libraries of this process use."""

    def __init__(self) -> None:
        self._modules = 0

    @contextmanager
    def at_most(self, number: int | None) -> Iterator[None]:
        """Use so many threads at most, also in libraries that were loaded since the last time."""
        if number is None:
            yield
            return
        if len(sys.modules) != self._modules:  # a search for loaded libraries takes 10 ms
            self._controller = ThreadpoolController()
            self._modules = len(sys.modules)
        with self._controller.limit(limits=number):
            yield


def main() -> None:
    """Answer requests until the pool ends, which closes standard input."""
    settings = ProcessSettings.model_validate_json(sys.argv[1])
    requests, answers = _take_descriptors()
    adopt_orphans()
    threading.Thread(target=_end_with_the_pool, args=(requests.fileno(),), name="pool-watch", daemon=True).start()
    os.nice(NICENESS)
    _limit_memory(settings.memory_limit_bytes)
    store = Store.at(settings.store, Path(settings.cache))
    _warm_up(settings)
    answers.send("warm")
    stream, threads = LogStream(answers), Threads()
    sys.stdout = sys.stderr = stream
    warnings.showwarning = lambda message, category, *_: answers.send("log", text=f"{category.__name__}: {message}\n")
    for line in requests:
        request = StepRequest.model_validate_json(line)
        _show_warnings_again()
        answers.hide(request.secrets.values())
        context = StepContext(request, store, answers, settings)
        try:
            with threads.at_most(threads_for(request, store)):
                outcome = execute(request, store, context)
        finally:
            context.close()
        stream.flush()
        answers.send("outcome", outcome=outcome.model_dump(mode="json"))


def threads_for(request: StepRequest, store: Store) -> int | None:
    """The share of a step or, where little flows in, no more threads than there are free cores at this moment.

    Threads that wait for each other's turn cost a small step most (measured on 2 cores: 5,000 rows are boosted in 0.4 s
    by two threads that are alone, in 0.6 s by one, and in 2 to 3 s by two where something else runs).
    """
    if request.threads is None or not is_small(request, store):
        return request.threads
    return max(1, min(request.threads, (os.cpu_count() or 1) - running_elsewhere()))


def is_small(request: StepRequest, store: Store) -> bool:
    """Tell whether little flows in, so that the step will not take long."""
    try:
        metas = [store.artifact(digest).meta for digests in request.inputs.values() for digest in digests]
    except (KeyError, FileNotFoundError):  # the step will say so
        return False
    return bool(metas) and sum(int(meta.get("size_bytes") or 0) for meta in metas) < SMALL_BYTES


def _take_descriptors() -> tuple[TextIO, Answers]:
    """Keep the pipes to the pool for messages alone: modules get an empty input and an output beside them."""
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    private = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, Answers(private)


def _end_with_the_pool(requests: int) -> None:
    """End this process and all it has started as soon as the other side of the pipe is gone."""
    poll = select.poll()
    poll.register(requests, 0)  # asks for nothing but the end, which is always told
    poll.poll()
    _clean_up()
    os._exit(0)


def _clean_up() -> None:
    """Leave neither processes nor files."""
    end_descendants(os.getpid())
    folder = Path(tempfile.gettempdir())
    if folder.name.startswith(FOLDER_PREFIX):
        shutil.rmtree(folder, ignore_errors=True)


def _limit_memory(limit_bytes: int | None) -> None:
    """Let one giant allocation fail at once; the pool's watch cannot be that quick."""
    if limit_bytes is None or sys.platform != "linux":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    bound = limit_bytes + SLACK_BYTES
    resource.setrlimit(resource.RLIMIT_DATA, (bound if hard == resource.RLIM_INFINITY else min(bound, hard), hard))


def _warm_up(settings: ProcessSettings) -> None:
    """Import what most steps need and write one table, before the first request comes."""
    import polars as pl

    for name in settings.warm_up:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory(prefix="warm-") as folder:
        store = Store.in_folder(Path(folder))
        saved = store.save(Table(pl.LazyFrame({"a": [1]})), "Table")
        store.load_table(saved.digest).frame.collect()


def _show_warnings_again() -> None:
    """Make Python tell a warning once for each step; it would tell it once for each process."""
    warnings.resetwarnings()
    for category in UNSHOWN_WARNINGS:
        warnings.simplefilter("ignore", category)


if __name__ == "__main__":
    try:
        main()
    finally:
        _clean_up()

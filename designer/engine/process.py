"""A step process: warm, reused, and replaced when it dies.

It reads one JSON request a line from standard input and answers with JSON lines on a private
descriptor, since modules may print. What they print is sent as log lines while they run.

Started as ``python -m designer.engine.process STORE_FOLDER``.
"""

import io
import json
import os
import sys
import threading
import warnings
from pathlib import Path
from typing import Any, TextIO

from designer.engine.execution import execute
from designer.engine.step import StepRequest
from designer.store.artifacts import Store
from modules.kit import Context


class Answers:
    """Writes messages to the worker, one a line, from any thread."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, kind: str, **facts: Any) -> None:
        text = json.dumps({"message": kind, **facts})
        with self._lock:
            self._stream.write(text + "\n")
            self._stream.flush()


class LogStream(io.TextIOBase):
    """Stands in for standard output: what is written becomes log messages."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if text:
            self._answers.send("log", text=text)
        return len(text)


class StepContext(Context):
    """Reports to the worker while a step runs."""

    def __init__(self, answers: Answers) -> None:
        super().__init__()
        self._answers = answers

    def log(self, text: str) -> None:
        self._answers.send("log", text=text + "\n")

    def progress(self, fraction: float) -> None:
        self._answers.send("progress", fraction=min(max(fraction, 0.0), 1.0))


def _warm_up() -> None:
    """Import what nearly every step needs, before the first request comes."""
    import polars
    import sklearn.linear_model
    import sklearn.pipeline

    polars.select(1)
    assert sklearn.pipeline


def main() -> None:
    """Answer requests until standard input closes, which it does when the worker ends."""
    private = os.dup(1)
    os.dup2(2, 1)  # what native code prints to descriptor 1 must not mix with the answers
    answers = Answers(os.fdopen(private, "w", encoding="utf-8"))
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    with Path(os.devnull).open(encoding="utf-8") as nothing:
        os.dup2(nothing.fileno(), 0)
    store = Store.in_folder(Path(sys.argv[1]))
    _warm_up()
    answers.send("warm")
    sys.stdout = sys.stderr = LogStream(answers)  # type: ignore[assignment]
    warnings.showwarning = lambda message, category, *_: answers.send("log", text=f"Warning: {message}\n")
    for line in requests:
        outcome = execute(StepRequest.model_validate_json(line), store, StepContext(answers))
        answers.send("outcome", outcome=outcome.model_dump(mode="json"))


if __name__ == "__main__":
    main()

"""What a running module may tell and ask beside its inputs."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import polars as pl
from pydantic import JsonValue

from modules.kit.errors import SecretNotFound
from modules.kit.ports import Table


class Sandbox(Protocol):
    """Runs a user's script in a process of its own, with limits."""

    def run_python(
        self, script: str, inputs: Sequence[Table | None], *, bundle: Path | None = None
    ) -> list[pl.DataFrame]:
        """Call `azureml_main` of the script with the inputs and return the tables it gives; raises ScriptFailed.

        A zip archive as `bundle` lies unpacked beside the script, which can import from it.
        """
        ...

    def run_r(
        self, script: str, inputs: Sequence[Table | None], *, bundle: Path | None = None, seed: int | None = None
    ) -> list[pl.DataFrame]:
        """The same for an R script; raises ScriptFailed also where R is not installed."""
        ...

    def train_python(self, script: str, features: Table, label: Table) -> bytes:
        """Train the learner that the script defines; what it has become, for `predict_python` alone."""
        ...

    def predict_python(self, script: str, state: bytes, features: Table) -> pl.DataFrame:
        """What a trained learner of the script says of some rows."""
        ...


class Context:
    """Injected into a module that has a keyword `context: Context`.

    This one keeps what it is told, which is what a notebook or a test needs; the engine passes its own.
    """

    def __init__(self, working_folder: Path | None = None, sandbox: Sandbox | None = None) -> None:
        self.logged: list[str] = []
        self.metrics: dict[str, float | int | None] = {}
        self.tables: dict[str, list[dict[str, JsonValue]]] = {}
        self._working_folder = working_folder
        self._sandbox = sandbox

    @property
    def working_folder(self) -> Path:
        """A folder for temporary files, removed after the step."""
        if self._working_folder is None:
            self._working_folder = Path(tempfile.mkdtemp(prefix="designer-"))
        return self._working_folder

    @property
    def sandbox(self) -> Sandbox:
        """Runs scripts; there is none outside of a run."""
        if self._sandbox is None:
            raise RuntimeError("scripts run only inside a run: this context has no sandbox")
        return self._sandbox

    def log(self, text: str) -> None:
        """Add a line to the log of the step."""
        self.logged.append(text)

    def progress(self, fraction: float) -> None:
        """Say how much is done, from 0 to 1."""

    def metric(self, name: str, value: float | None) -> None:
        """Record a number that people compare between runs."""
        self.metrics[name] = value

    def table(self, name: str, rows: Sequence[Mapping[str, JsonValue]]) -> None:
        """Record a small table shown with the metrics."""
        self.tables[name] = [dict(row) for row in rows]

    def secret(self, name: str) -> str:
        """What a secret of the workspace is, such as an address with a password; raises SecretNotFound.

        Never log it or let it into a result. Here, it is the environment variable of that name.
        """
        value = os.environ.get(name)
        if value is None:
            raise SecretNotFound(f"There is no secret `{name}`", hint="Set the environment variable of that name.")
        return value

    @property
    def private_networks(self) -> Sequence[str]:
        """Networks beside the open internet that may be connected to, as in `10.0.0.0/8`; here, none."""
        return ()

    def data_path(self, upload_id: str) -> Path:
        """Find an uploaded file on disk; here, the id is the path."""
        return Path(upload_id)

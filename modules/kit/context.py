"""What a running module may ask of its surroundings; most modules need none of it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from modules.kit.tables import Table


class Sandbox(Protocol):
    """Runs a user's script in a process of its own."""

    def run_python(self, script: str, inputs: Sequence[Table | None]) -> list[Table]:
        """Call the script's ``azureml_main`` and return the tables that it gave."""
        ...


class Context:
    """Logging, progress and metrics; by default they are collected and go nowhere."""

    def __init__(
        self,
        *,
        working_folder: Path | None = None,
        sandbox: Sandbox | None = None,
        uploads: Mapping[str, Path] | None = None,
    ) -> None:
        self.working_folder = working_folder or Path()
        self._sandbox = sandbox
        self._uploads = uploads or {}
        self.metrics: dict[str, float | None] = {}

    def log(self, text: str) -> None:
        """Add a line to the log of the node."""
        print(text, flush=True)

    def progress(self, fraction: float) -> None:
        """Say how much is done, 0 to 1."""

    def metric(self, name: str, value: float | None) -> None:
        """Record a number that belongs to the run."""
        self.metrics[name] = value

    def data_path(self, upload: str) -> Path | None:
        """Where an uploaded file lies, or None where there is no such upload."""
        return self._uploads.get(upload)

    @property
    def sandbox(self) -> Sandbox:
        if self._sandbox is None:
            raise RuntimeError("No sandbox is at hand: scripts run only inside a step")
        return self._sandbox


JsonTable = list[dict[str, Any]]

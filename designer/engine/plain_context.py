"""What an exported program gives to its steps in place of the engine's context. Its source goes into the program.

The exporter knows this file by its name only: what runs scripts is above it.
"""

import contextlib
import inspect
import json
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import types
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import polars as pl
import pyarrow as pa

from designer.engine import r_tables
from designer.graph.export.plain import HERE
from modules.kit import Table
from modules.kit.errors import FileNotReadable, ScriptFailed

R_RUNNER = HERE / "r_runner.R"
"""Reads the tables of an R script, calls its function and writes what it gives."""


class Sandbox:
    """Runs scripts, in this very process."""

    def run_python(
        self, script: str, inputs: Sequence[Table | None], *, bundle: Path | None = None
    ) -> list[pl.DataFrame]:
        """Run the script from its first line, call its function with the tables and return those that it gives.

        A zip archive as `bundle` is unpacked into `Script Bundle`, below the folder that the script runs in.
        """
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            if bundle is not None:
                sys.path.insert(0, str(unpacked(bundle, Path(folder))))
            return call_script(loaded_script(script, "azureml_main").azureml_main, *inputs)

    def run_r(
        self, script: str, inputs: Sequence[Table | None], *, bundle: Path | None = None, seed: int | None = None
    ) -> list[pl.DataFrame]:
        """The same for an R script, in a process of R."""
        if shutil.which("Rscript") is None:
            raise ScriptFailed("R is not installed", hint="Install R, so that `Rscript` can be called.")
        with tempfile.TemporaryDirectory() as name:
            folder, work = Path(name), Path(name) / "work"
            work.mkdir()
            if bundle is not None:
                unpacked(bundle, work)
            (folder / "script.R").write_text(script, "utf-8")
            lines = ["" if seed is None else str(seed)]
            for index, table in enumerate(inputs):
                lines.append("" if table is None else f"input{index}")
                if table is not None:
                    r_tables.write(table, folder, f"input{index}")
            (folder / "request.txt").write_text("".join(f"{line}\n" for line in lines), "utf-8")
            subprocess.run(["Rscript", "--vanilla", R_RUNNER, folder], cwd=work, check=True)  # noqa: S603, S607  our own command
            result = json.loads((folder / "result.json").read_text("utf-8"))
            if "error" in result:
                raise ScriptFailed(f"The script failed: {result['error']['message']}", parameter="script")
            return [r_tables.read(folder, table) if table else pl.DataFrame() for table in result["tables"]]

    def train_python(self, script: str, features: Table, label: Table) -> bytes:
        """Train the learner that the script defines; what it has become, for `predict_python` alone."""
        learner = learner_class(script)()
        values = pandas_frame(label)
        learner.train(pandas_frame(features), values[values.columns[0]])
        return pickle.dumps(learner)

    def predict_python(self, script: str, state: bytes, features: Table) -> pl.DataFrame:
        """What a trained learner of the script says of some rows."""
        learner_class(script)
        return polars_frame(pickle.loads(state).predict(pandas_frame(features)))  # noqa: S301  made by this program


def loaded_script(text: str, *names: str) -> types.ModuleType:
    """A script that has run from its first line and has defined one of the names."""
    script = types.ModuleType("script")
    sys.modules["script"] = script
    exec(text, script.__dict__)  # noqa: S102  the script is a part of the pipeline
    if not any(hasattr(script, name) for name in names):
        raise ScriptFailed(f"The script does not define `{names[0]}`", parameter="script")
    return script


def learner_class(text: str) -> Any:
    """The class of the learner that a script defines."""
    names = ("AzureMLModel", "PythonModel")
    script = loaded_script(text, *names)
    return next(getattr(script, name) for name in names if hasattr(script, name))


def unpacked(archive: Path, folder: Path) -> Path:
    """Unpack a bundle of files below the folder that a script runs in."""
    target = folder / "Script Bundle"
    zipfile.ZipFile(archive).extractall(target)
    return target


class Context:
    """What a step tells beside its results."""

    def __init__(self) -> None:
        self.metrics: dict[str, float | int | None] = {}
        self.tables: dict[str, list[dict[str, Any]]] = {}

    @cached_property
    def working_folder(self) -> Path:
        """A folder for temporary files."""
        return Path(tempfile.mkdtemp())

    @property
    def sandbox(self) -> Sandbox:
        """Runs scripts."""
        return Sandbox()

    def log(self, text: str) -> None:
        """Print a line."""
        print(text)  # noqa: T201  a program on a terminal

    def progress(self, fraction: float) -> None:
        """Say how much is done, from 0 to 1; nobody waits for it here."""

    def metric(self, name: str, value: float | None) -> None:
        """Keep a figure, to be printed at the end."""
        self.metrics[name] = value

    def table(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep a small table of figures, to be printed at the end."""
        self.tables[name] = [dict(row) for row in rows]

    def secret(self, name: str) -> str:
        """What is secret: the environment variable of that name."""
        if name not in os.environ:
            raise SystemExit(f"Set the environment variable {name} to the secret of that name")
        return os.environ[name]

    @property
    def private_networks(self) -> Sequence[str]:
        """Networks that may be connected to: from a machine of one's own, every one."""
        return ("0.0.0.0/0", "::/0")

    def data_path(self, name: str) -> Path:
        """Find a file that lies beside this program."""
        path = HERE / name
        if not path.exists():
            raise FileNotReadable(f"`{path}` is not there", parameter="path")
        return path


def call_script(function: Callable[..., Any], *tables: Table | None) -> list[pl.DataFrame]:
    """Call a script's function with tables as pandas frames; the frames that it returns, without their index."""
    frames = [None if table is None else pandas_frame(table) for table in tables]
    kinds = [parameter.kind for parameter in inspect.signature(function).parameters.values()]
    if inspect.Parameter.VAR_POSITIONAL not in kinds:
        frames = frames[: sum(kind in (kind.POSITIONAL_ONLY, kind.POSITIONAL_OR_KEYWORD) for kind in kinds)]
    returned = function(*frames)
    found = list(returned) if isinstance(returned, tuple | list) else [returned]
    while found and found[-1] is None:
        found.pop()
    return [polars_frame(frame) for frame in found]


class ScriptResults(NamedTuple):
    """The tables that a script gives: one or two."""

    result_dataset: pl.DataFrame
    result_dataset2: pl.DataFrame


def script_results(function: Callable[..., Any], *tables: Table | None) -> ScriptResults:
    """Call a script's function with tables; where it gives one, the second is empty."""
    first, second, *_ = [*call_script(function, *tables), pl.DataFrame(), pl.DataFrame()]
    return ScriptResults(first, second)


def pandas_frame(table: Table) -> pd.DataFrame:
    """A table as scripts read it."""
    arrow = table.frame.collect().to_arrow(compat_level=pl.CompatLevel.oldest())
    frame: pd.DataFrame = arrow.to_pandas(date_as_object=False)
    return frame


def polars_frame(frame: Any) -> pl.DataFrame:
    """A table that a script returned: its columns without its index."""
    if not isinstance(frame, pd.DataFrame):
        if not hasattr(frame, "to_pandas"):
            raise ScriptFailed(
                f"The script returned {type(frame).__name__}; a pandas DataFrame is expected", parameter="script"
            )
        frame = frame.to_pandas()
    arrays = [pa.array(frame.iloc[:, index], from_pandas=True) for index in range(len(frame.columns))]
    return pl.DataFrame(pl.from_arrow(pa.table(arrays, names=list(frame.columns))))

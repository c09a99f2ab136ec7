"""What an exported program has in place of the engine. Its source goes into the program as it stands here."""

import contextlib
import inspect
import json
import pickle
import sys
import tempfile
import types
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import polars as pl
import pyarrow as pa

from modules.kit import Table
from modules.kit.errors import FileNotReadable, ScriptFailed

BATCH_ROWS = 1 << 17

HERE = Path(__file__).parent
"""The folder of this program: its data files lie beside it."""


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
                unpacked = Path(folder) / "Script Bundle"
                zipfile.ZipFile(bundle).extractall(unpacked)
                sys.path.insert(0, str(unpacked))
            return call_script(loaded_script(script, "azureml_main").azureml_main, *inputs)

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

    def data_path(self, name: str) -> Path:
        """Find a file that lies beside this program."""
        path = HERE / name
        if not path.exists():
            raise FileNotReadable(f"`{path}` is not there", parameter="path")
        return path


def read_dataset(path: Path, roles: Mapping[str, str] | None = None, categorical: Sequence[str] = ()) -> Table:
    """Read a data file that lies beside this program."""
    return Table(in_batches(pl.read_ipc(path)), roles or {}, frozenset(categorical))


def computed(result: Any, like: Table | None = None) -> Any:
    """Compute the rows of a step's results once, so that the steps after it do not do so again.

    A bare frame becomes a table, in which columns keep the roles that they have in `like`.
    """
    if isinstance(result, tuple):
        return type(result)(*(computed(part, like) for part in result))
    if isinstance(result, pl.LazyFrame | pl.DataFrame):
        result = like.with_frame(result.lazy()) if like is not None else Table(result.lazy())
    if isinstance(result, Table):
        return replace(result, frame=in_batches(result.frame.collect(engine="streaming")))
    return result


def in_batches(frame: pl.DataFrame) -> pl.LazyFrame:
    """The rows in batches of a fixed size: sums of floats depend in their last digits on how rows lie in memory."""
    whole = frame.rechunk()
    batches = [whole.slice(start, BATCH_ROWS) for start in range(0, max(frame.height, 1), BATCH_ROWS)]
    return pl.concat(batches).lazy()


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


def print_results(contexts: Mapping[str, Context], ends: Mapping[str, Any]) -> None:
    """Print the figures that steps told, and what the pipeline ends in: of tables the first rows."""
    for step, context in contexts.items():
        for name, value in context.metrics.items():
            print(f"{step}: {name} = {value}")  # noqa: T201
        for name, rows in context.tables.items():
            print(f"{step}: {name}\n{pl.DataFrame(rows)}")  # noqa: T201
    for output, value in outputs_of(ends).items():
        shown = value.frame.head().collect() if isinstance(value, Table) else type(value).__name__
        print(f"{output}\n{shown}")  # noqa: T201


def outputs_of(results: Mapping[str, Any]) -> dict[str, Any]:
    """The single outputs of steps, named `step` or `step.output`."""
    found: dict[str, Any] = {}
    for step, result in results.items():
        if hasattr(result, "_asdict"):
            found |= {f"{step}.{name}": part for name, part in result._asdict().items()}
        else:
            found[step] = result
    return found


def write_tables(results: Mapping[str, Any], folder: Path) -> None:
    """Write each table to a CSV file that is named after its step and output; nested values as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    for output, table in outputs_of(results).items():
        if isinstance(table, Table):
            frame = table.frame.collect()
            nested = [name for name, dtype in frame.schema.items() if dtype.is_nested()]
            texts = [
                pl.Series(name, [json.dumps(value, default=str) for value in frame[name].to_list()]) for name in nested
            ]
            frame.with_columns(texts).write_csv(folder / f"{output}.csv")

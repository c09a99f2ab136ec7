"""Runs a user's script. The sandbox starts this file in a process of its own; it imports nothing of ours.

``python -I script_runner.py FOLDER``: the folder holds ``request.json``, ``script.py``, the input
tables as Arrow files and perhaps a bundle and a trained learner; result tables or the learner and
``result.json`` are written beside them. The pickle of a learner is made and read here, where the
script could do all that the pickle can, and nowhere else.
"""

import contextlib
import inspect
import json
import linecache
import os
import pickle
import resource
import sys
import traceback
import types
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

SHOWN_NAME = "<script>"
FUNCTION = "azureml_main"
LEARNERS = ("AzureMLModel", "PythonModel")
BUNDLE_FOLDER = "Script Bundle"
LARGEST_BUNDLE_BYTES = 2 << 30
MOST_BUNDLE_FILES = 20_000


class Refused(Exception):
    """What the script did cannot be used; the message says why, the kind which error it is."""

    def __init__(self, message: str, kind: str = "refused") -> None:
        super().__init__(message)
        self.kind = kind


def main() -> None:
    folder = Path(sys.argv[1])
    request = json.loads((folder / "request.json").read_text("utf-8"))
    set_limits(request["limits"])
    own_process = os.getpid()
    try:
        if (folder / "bundle.zip").exists():
            unpack(folder / "bundle.zip", Path.cwd() / BUNDLE_FOLDER)
        if request["task"] == "r":
            become_r(folder, request)
        script = load_script((folder / "script.py").read_text("utf-8"))
        result: dict[str, Any] = perform(script, folder, request)
    except BaseException as error:
        result = {"error": described(error)}
    if os.getpid() != own_process:  # a copy that the script made of its process by a fork
        os._exit(0)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):  # the script may have closed or replaced it
            stream.flush()
    (folder / "result.tmp").write_text(json.dumps(result), "utf-8")
    (folder / "result.tmp").rename(folder / "result.json")


def set_limits(limits: dict[str, int]) -> None:
    """Lower the limits of this process and of what it starts; only the owner of the machine could raise them."""
    for name, value in limits.items():
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (bound, bound))


def unpack(archive: Path, folder: Path) -> None:
    """Unpack the bundle; its modules can be imported, and paths of its files begin with the folder's name."""
    try:
        with zipfile.ZipFile(archive) as file:
            members = file.infolist()
            size = sum(member.file_size for member in members)
            if size > LARGEST_BUNDLE_BYTES or len(members) > MOST_BUNDLE_FILES:
                raise Refused(
                    f"The script bundle unpacks to {size >> 20:,} MB in {len(members):,} files; "
                    f"{LARGEST_BUNDLE_BYTES >> 20:,} MB in {MOST_BUNDLE_FILES:,} files are allowed",
                    "archive",
                )
            file.extractall(folder)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise Refused(f"The script bundle cannot be unpacked: {error}", "archive") from None
    sys.path.insert(0, str(folder))


def become_r(folder: Path, request: dict[str, Any]) -> None:
    """Turn this process, bounded as it is, into R; it reads plain lines, since base R reads no JSON."""
    seed = request["seed"]
    lines = ["" if seed is None else str(seed), *(name or "" for name in request["inputs"])]
    (folder / "request.txt").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os.execvp("Rscript", ["Rscript", "--vanilla", request["r_runner"], str(folder)])  # noqa: S606, S607  found by PATH


def load_script(text: str) -> types.ModuleType:
    """Run the script from its first line; a learner that was pickled finds its class by the module's name."""
    linecache.cache[SHOWN_NAME] = (len(text), None, text.splitlines(keepends=True), SHOWN_NAME)
    script = types.ModuleType("script")
    script.__file__ = SHOWN_NAME
    sys.modules["script"] = script
    exec(compile(text, SHOWN_NAME, "exec"), script.__dict__)  # noqa: S102  this process exists to do so
    return script


def perform(script: types.ModuleType, folder: Path, request: dict[str, Any]) -> dict[str, Any]:
    """Do with the script what is asked for."""
    frames: list[Any] = [None if name is None else read_table(folder / name) for name in request["inputs"]]
    match request["task"]:
        case "call":
            return {"tables": save_tables(call(script, frames), folder, request["outputs_at_most"], FUNCTION)}
        case "train":
            learner = learner_class(script)()
            features, label = frames
            learner.train(features, label[label.columns[0]])
            save_learner(learner, folder / "state.bin")
            return {}
        case "predict":
            learner_class(script)
            learner = pickle.loads((folder / "state.bin").read_bytes())  # noqa: S301  made by this script, see above
            return {"tables": save_tables(learner.predict(frames[0]), folder, 1, "predict")}
    raise ValueError(request["task"])


def call(script: types.ModuleType, frames: list[Any]) -> Any:
    """Call the script's function with as many tables as it takes."""
    function = getattr(script, FUNCTION, None)
    if not callable(function):
        raise Refused(f"The script defines no function `{FUNCTION}`")
    return function(*frames[: accepted_count(function, len(frames))])


def learner_class(script: types.ModuleType) -> Any:
    """The class of the learner that the script defines."""
    for name in LEARNERS:
        found = getattr(script, name, None)
        if isinstance(found, type):
            return found
    raise Refused(f"The script defines no class `{LEARNERS[0]}`")


def save_learner(learner: Any, path: Path) -> None:
    """Write the learner so that it can be read again when its script has run."""
    try:
        content = pickle.dumps(learner, protocol=5)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise Refused(
            f"What `train` has left in the learner cannot be kept: {error}; functions without a name and open files "
            "are the usual cause"
        ) from None
    path.write_bytes(content)


def accepted_count(function: Callable[..., Any], available: int) -> int:
    """How many tables the function takes."""
    try:
        kinds = [parameter.kind for parameter in inspect.signature(function).parameters.values()]
    except (TypeError, ValueError):
        return available
    if inspect.Parameter.VAR_POSITIONAL in kinds:
        return available
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return min(available, sum(kind in positional for kind in kinds))


def read_table(path: Path) -> Any:
    """An input as a pandas frame."""
    import pyarrow as pa

    with pa.memory_map(str(path)) as file:
        return pa.ipc.open_file(file).read_all().to_pandas(date_as_object=False)


def save_tables(returned: Any, folder: Path, at_most: int, function: str) -> list[str]:
    """Write what the function returned; raises Refused where that is not tables."""
    import pandas as pd
    import pyarrow as pa

    frames = list(returned) if isinstance(returned, tuple | list) else [returned]
    while frames and frames[-1] is None:
        frames.pop()
    if len(frames) > at_most:
        raise Refused(f"`{function}` returned {len(frames)} values; at most {at_most} tables are expected")
    names = []
    for index, frame in enumerate(frames):
        place = "" if len(frames) == 1 else f" as value {index + 1}"
        if type(frame).__module__.startswith("polars"):
            frame = frame.to_pandas() if hasattr(frame, "to_pandas") else frame.collect().to_pandas()
        if not isinstance(frame, pd.DataFrame):
            kind = type(frame).__name__
            advice = "; `.to_frame()` makes a table of it" if isinstance(frame, pd.Series) else ""
            raise Refused(
                f"`{function}` returned {kind}{place}; a pandas DataFrame or a tuple of them is expected{advice}"
            )
        table = arrow_table(frame, function)
        names.append(f"result{index}.arrow")
        with pa.OSFile(str(folder / names[-1]), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
    return names


def arrow_table(frame: Any, function: str) -> Any:
    """The columns of a pandas frame; the index is left out."""
    import pyarrow as pa

    names = list(frame.columns)
    if odd := [name for name in names if not isinstance(name, str)]:
        raise Refused(f"`{function}` returned a table with the column name {odd[0]!r}, which is no text", "names")
    doubled = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if doubled:
        raise Refused(f"`{function}` returned a table in which the column name `{doubled[0]}` stands twice")
    arrays = []
    for index, name in enumerate(names):
        try:
            arrays.append(pa.array(frame.iloc[:, index], from_pandas=True))
        except (pa.ArrowException, TypeError, ValueError) as error:
            said = str(error).splitlines()[0]
            raise Refused(
                f"Column `{name}` of what `{function}` returned holds values of types that cannot be kept together "
                f"({said}); `.astype(str)` makes text of them"
            ) from None
    return pa.table(arrays, names=names)


def described(error: BaseException) -> dict[str, Any]:
    """The error in words, with the lines of the script that led to it."""
    if isinstance(error, Refused):
        return {"kind": error.kind, "message": str(error), "line": None, "traceback": None}
    if isinstance(error, SystemExit):
        said, kind = f"sys.exit({'' if error.code is None else repr(error.code)}) was called", "exit"
    else:
        said, kind = "".join(traceback.format_exception_only(error)[-1:]).strip(), "error"
    if isinstance(error, MemoryError):
        kind = "memory"
        said += f"; it had reached {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10:,} MB"
    shown = traceback.TracebackException.from_exception(error)
    in_script = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == SHOWN_NAME]
    line = error.lineno if isinstance(error, SyntaxError) and error.filename == SHOWN_NAME else None
    trim(shown)
    return {
        "kind": kind,
        "message": said,
        "line": line or (in_script[-1] if in_script else None),
        "traceback": "".join(shown.format()),
    }


def trim(shown: traceback.TracebackException) -> None:
    """Leave out the frames of this file, and the places of libraries on this machine."""
    kept = [frame for frame in shown.stack if frame.filename != __file__]
    for frame in kept:
        frame.filename = frame.filename.rpartition("site-packages/")[2]
    shown.stack[:] = kept
    for other in (shown.__cause__, shown.__context__):
        if other is not None:
            trim(other)


if __name__ == "__main__":
    main()

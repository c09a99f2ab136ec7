"""Runs a user's script. The sandbox starts this file in a process of its own; it imports nothing of ours.

``python -I script_runner.py FOLDER``: the folder holds ``request.json``, ``script.py`` and the input
tables as Arrow files; result tables and ``result.json`` are written beside them.
"""

import contextlib
import inspect
import json
import linecache
import os
import resource
import sys
import traceback
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

SHOWN_NAME = "<script>"
FUNCTION = "azureml_main"


class Refused(Exception):
    """What the script did cannot be used; the message says why."""


def main() -> None:
    folder = Path(sys.argv[1])
    request = json.loads((folder / "request.json").read_text("utf-8"))
    set_limits(request["limits"])
    own_process = os.getpid()
    try:
        tables = run_script((folder / "script.py").read_text("utf-8"), folder, request["inputs"])
        result: dict[str, Any] = {"tables": save_tables(tables, folder, request["outputs_at_most"])}
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


def run_script(text: str, folder: Path, names: list[str | None]) -> Any:
    """Run the script from its first line and call its function with the input tables."""
    linecache.cache[SHOWN_NAME] = (len(text), None, text.splitlines(keepends=True), SHOWN_NAME)
    script = types.ModuleType("script")
    script.__file__ = SHOWN_NAME
    sys.modules["script"] = script
    exec(compile(text, SHOWN_NAME, "exec"), script.__dict__)  # noqa: S102  this process exists to do so
    function = getattr(script, FUNCTION, None)
    if not callable(function):
        raise Refused(f"The script defines no function `{FUNCTION}`")
    frames = [None if name is None else read_table(folder / name) for name in names]
    return function(*frames[: accepted_count(function, len(frames))])


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


def save_tables(returned: Any, folder: Path, at_most: int) -> list[str]:
    """Write what the function returned; raises Refused where that is not tables."""
    import pandas as pd
    import pyarrow as pa

    frames = list(returned) if isinstance(returned, tuple | list) else [returned]
    while frames and frames[-1] is None:
        frames.pop()
    if len(frames) > at_most:
        raise Refused(f"`{FUNCTION}` returned {len(frames)} values; at most {at_most} tables are expected")
    names = []
    for index, frame in enumerate(frames):
        place = "" if len(frames) == 1 else f" as value {index + 1}"
        if type(frame).__module__.startswith("polars"):
            frame = frame.to_pandas() if hasattr(frame, "to_pandas") else frame.collect().to_pandas()
        if not isinstance(frame, pd.DataFrame):
            kind = type(frame).__name__
            advice = "; `.to_frame()` makes a table of it" if isinstance(frame, pd.Series) else ""
            raise Refused(
                f"`{FUNCTION}` returned {kind}{place}; a pandas DataFrame or a tuple of them is expected{advice}"
            )
        table = arrow_table(frame)
        names.append(f"result{index}.arrow")
        with pa.OSFile(str(folder / names[-1]), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
    return names


def arrow_table(frame: Any) -> Any:
    """The columns of a pandas frame under their names as text; the index is left out."""
    import pyarrow as pa

    names = [" ".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in frame.columns]
    doubled = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if doubled:
        raise Refused(f"`{FUNCTION}` returned a table in which the column name `{doubled[0]}` stands twice")
    arrays = []
    for index, name in enumerate(names):
        try:
            arrays.append(pa.array(frame.iloc[:, index], from_pandas=True))
        except (pa.ArrowException, TypeError, ValueError) as error:
            said = str(error).splitlines()[0]
            raise Refused(
                f"Column `{name}` of what `{FUNCTION}` returned holds values of types that cannot be kept together "
                f"({said}); `.astype(str)` makes text of them"
            ) from None
    return pa.table(arrays, names=names)


def described(error: BaseException) -> dict[str, Any]:
    """The error in words, with the lines of the script that led to it."""
    if isinstance(error, Refused):
        return {"kind": "refused", "message": str(error), "line": None, "traceback": None}
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

"""Modules for tests of step processes: one that does nothing, and some that misbehave."""

import ctypes
import errno
import os
import signal
import sys
import time
import warnings
from pathlib import Path
from typing import Annotated

import numpy as np
import polars as pl

from modules.kit import Context, DataPath, Param, Port, Script, Table, module

Output = Annotated[pl.LazyFrame, Port("output", help="A table")]


@module()
def pass_on(dataset: Table) -> Annotated[Table, Port("output", help="The same table")]:
    """Give the table back."""
    return dataset


@module()
def sleep_long() -> Output:
    """Sleep for a minute."""
    time.sleep(60)
    return pl.LazyFrame()


@module()
def sleep_talking() -> Output:
    """Say something all the time for a minute."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        print("still here")
    return pl.LazyFrame()


@module()
def leave() -> Output:
    """End the process."""
    os._exit(3)


@module()
def crash() -> Output:
    """Read where nothing is."""
    ctypes.string_at(0)
    return pl.LazyFrame()


@module()
def be_killed() -> Output:
    """Meet the killer of the kernel."""
    time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGKILL)
    return pl.LazyFrame()


@module()
def meet_a_full_disk() -> Output:
    """Write where there is no space."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@module()
def meet_a_full_disk_in_native_code() -> Output:
    """The same, as Polars says it."""
    raise pl.exceptions.ComputeError("No space left on device (os error 28)")


@module()
def stumble() -> Output:
    """Raise something without a code."""
    raise KeyError("prize")


@module()
def take_much_at_once() -> Output:
    """Ask for 50 GB."""
    return pl.LazyFrame({"a": np.ones(50 * 2**27)})


@module()
def take_more_and_more() -> Output:
    """Keep what was taken."""
    kept = []
    while True:
        kept.append(bytes(range(256)) * 40_000)


@module()
def talk(*, context: Context) -> Output:
    """Use every way to say something."""
    print("printed")
    print("to the error stream", file=sys.stderr)
    context.log("logged")
    context.progress(0.5)
    context.metric("rows", np.float64(3))
    context.metric("unknown", float("nan"))
    context.table("sizes", [{"cluster": 0, "size": 4}])
    warnings.warn("take care", UserWarning, stacklevel=1)
    os.write(1, b"native\n")
    return pl.LazyFrame({"a": [1]})


@module()
def read_upload(*, path: Annotated[DataPath, Param("A file")], context: Context) -> Output:
    """Read lines of an upload."""
    found: Path = context.data_path(path)
    return pl.LazyFrame({"name": [found.name], "text": [found.read_text()]})


@module()
def run_script(
    dataset: Table | None = None,
    *,
    script: Annotated[Script, Param("Code", language="python")] = "",
    context: Context,
) -> Output:
    """Run a script."""
    return context.sandbox.run_python(script, [dataset])[0].lazy()

"""Run one step in this process: load what flows in, call the module, save what comes out."""

import errno
import importlib
import inspect
import os
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from designer.engine.family import own_memory_bytes
from designer.engine.retries import Ending
from designer.engine.step import Done, Failed, Failure, StepRequest, StoredOutput
from designer.store.artifacts import Store
from modules.kit import Context, Module, ModuleError, ModuleSpec, Parameter, Table, TableSchema
from modules.kit.declaration import FACTS, Facts
from modules.kit.ports import json_of
from modules.kit.selection import resolve, resolve_one

ROOT = Path(__file__).parents[2]
ENGINE = Path(__file__).parent
MEGABYTE = 1 << 20
LONGEST_MESSAGE = 1000
LONGEST_TRACEBACK = 20_000
DISK_FULL = "1028"  # 1000 for what has no code of its own, and the number of "no space left on device"
FULL_DISK = (errno.ENOSPC, errno.EDQUOT)
NO_SPACE = os.strerror(errno.ENOSPC)
RUN_AGAIN = "Run the pipeline again: what is missing is computed anew."


def execute(request: StepRequest, store: Store, context: Context) -> Done | Failed:
    """The outcome of a step; whatever a module raises becomes a failure with a code."""
    started = time.perf_counter()
    try:
        module = _module(request.step.entry or "")
        with store.passing_on():
            arguments = _arguments(module.spec, request, store)
            result = _call(module, arguments, context)
            outputs = _saved(module.spec, result, arguments, store)
        facts = _facts(module, outputs, store, context)
        return Done(
            outputs=outputs,
            metrics={name: json_of(value) for name, value in context.metrics.items()},
            tables={name: json_of(rows) for name, rows in (context.tables | facts).items()},
            seconds=time.perf_counter() - started,
        )
    except MissingInput as error:
        failure = Failure(code="1000", message=str(error), module=request.step.module, port=error.port, hint=RUN_AGAIN)
        return Failed(failure=failure, seconds=time.perf_counter() - started, missing=(error.digest,))
    except (Exception, pl.exceptions.PanicException) as error:
        failure = failure_of(error, request.step.module)
        ending: Ending = "trouble" if failure.code == DISK_FULL else "failed"
        return Failed(failure=failure, seconds=time.perf_counter() - started, ending=ending)


class MissingInput(Exception):
    """What flows into a port is no longer in the store."""

    def __init__(self, port: str, digest: str) -> None:
        super().__init__(f"What flows into `{port}` is no longer in the store")
        self.port, self.digest = port, digest


def failure_of(error: BaseException, module: str | None) -> Failure:
    """An exception of a module as data; one without a code is 1000 and keeps its traceback."""
    if isinstance(error, ModuleError):
        return Failure(
            code=error.code,
            message=error.message,
            module=module,
            parameter=error.parameter,
            port=error.port,
            column=error.column,
            hint=error.hint,
            traceback=error.traceback,
            values=error.values,
        )
    said = str(error).strip().partition("\n\n")[0][:LONGEST_MESSAGE]
    if is_full_disk(error):
        return Failure(
            code=DISK_FULL,
            message=f"The disk of the worker is full: {said}",
            module=module,
            hint="Free some space. The step is tried again by itself for a few minutes.",
            traceback=traceback_of(error),
        )
    if isinstance(error, MemoryError):
        held = own_memory_bytes(os.getpid()) // MEGABYTE
        return Failure(
            code="0138",
            message=f"The step held {held:,} MB of memory and asked for more than it may use"
            + (f": {said}" if said else ""),
            module=module,
            hint="Give it fewer rows or columns, or raise the memory limit.",
            traceback=traceback_of(error),
        )
    return Failure(code="1000", message=f"{type(error).__name__}: {said}", module=module, traceback=traceback_of(error))


def is_full_disk(error: BaseException) -> bool:
    """Tell whether a disk was full; native libraries say so in words only."""
    return (isinstance(error, OSError) and error.errno in FULL_DISK) or NO_SPACE in str(error)


def traceback_of(error: BaseException) -> str:
    """The traceback from the module on, without the engine's frames and the places of this machine."""
    shown = traceback.TracebackException.from_exception(error)
    _trim(shown)
    return "".join(shown.format())[-LONGEST_TRACEBACK:]


def _trim(shown: traceback.TracebackException) -> None:
    kept = [frame for frame in shown.stack if ENGINE not in Path(frame.filename).parents]
    for frame in kept:
        frame.filename = frame.filename.rpartition("site-packages/")[2].removeprefix(f"{ROOT}/")
    shown.stack[:] = kept
    for other in (shown.__cause__, shown.__context__):
        if other is not None:
            _trim(other)


def _module(entry: str) -> Module[..., Any]:
    name, _, attribute = entry.partition(":")
    found = getattr(importlib.import_module(name), attribute)
    if not isinstance(found, Module):
        raise TypeError(f"{entry} is not a module")
    return found


def _arguments(spec: ModuleSpec, request: StepRequest, store: Store) -> dict[str, Any]:
    """Values of the input ports, and parameters with column selections as names."""
    flowing: dict[str, Any] = {}
    for port in spec.inputs:
        values = [_loaded(store, port.name, digest) for digest in request.inputs.get(port.name, ())]
        flowing[port.name] = values if port.multiple else (values[0] if values else None)
    params = dict(request.step.params)
    for parameter in spec.parameters:
        value = params.get(parameter.name)
        if parameter.kind not in ("column", "columns") or value is None or not parameter.is_active(params):
            continue
        table = flowing.get(parameter.port or "")
        if isinstance(table, Table):
            params[parameter.name] = _chosen(parameter, value, TableSchema.of(table))
    return flowing | params


def _loaded(store: Store, port: str, digest: str) -> Any:
    try:
        return store.load(digest)
    except (KeyError, FileNotFoundError):
        raise MissingInput(port, digest) from None


def _call(module: Module[..., Any], arguments: Mapping[str, Any], context: Context) -> Any:
    given = dict(arguments)
    for port in module.spec.inputs:
        value = given[port.name]
        given[port.name] = [_formed(v, port.form) for v in value] if port.multiple else _formed(value, port.form)
    if "context" in module.function.__annotations__:
        given["context"] = context
    flowing = [given.pop(port.name) for port in module.spec.inputs]
    return module.function(*flowing, **given)


def _chosen(parameter: Parameter, value: Any, schema: TableSchema) -> Any:
    """The name, or the names, that a selection means."""
    port = parameter.port or ""
    if parameter.kind == "column":
        return resolve_one(value, schema, parameter=parameter.name, port=port)
    return resolve(value, schema, parameter=parameter.name, port=port, optional=parameter.optional)


def _facts(
    module: Module[..., Any], outputs: Mapping[str, StoredOutput], store: Store, context: Context
) -> dict[str, Facts]:
    """What is worth knowing of the stored outputs, as a small table; a result counts also where this fails."""
    if module.facts_function is None:
        return {}
    try:
        names = inspect.signature(module.facts_function).parameters
        found = module.facts_function(**{name: store.load_table(outputs[name].digest) for name in names})
    except (Exception, pl.exceptions.PanicException) as error:
        context.log(f"The result was not looked at for advice: {type(error).__name__}: {error}")
        return {}
    return {FACTS: found} if found else {}


def _formed(value: Any, form: str) -> Any:
    if not isinstance(value, Table):
        return value
    match form:
        case "lazy":
            return value.frame
        case "eager":
            return value.frame.collect()
        case _:
            return value


def _saved(spec: ModuleSpec, result: Any, arguments: Mapping[str, Any], store: Store) -> dict[str, StoredOutput]:
    """Save each output; plain frames take the roles of columns that survive by name."""
    several = result if len(spec.outputs) > 1 else (result,)
    first = next((arguments[p.name] for p in spec.inputs if isinstance(arguments[p.name], Table)), None)
    saved: dict[str, StoredOutput] = {}
    for port, value in zip(spec.outputs, several, strict=True):
        if hasattr(value, "lazy") and not isinstance(value, Table):
            frame = value.lazy()
            value = first.with_frame(frame) if first is not None else Table(frame)
        artifact = store.save(value, port.type)
        saved[port.name] = StoredOutput(digest=artifact.digest, type=port.type, meta=dict(artifact.meta))
    return saved

"""Run one step in this process: load what flows in, call the module, save what comes out."""

import importlib
import time
import traceback
from collections.abc import Mapping
from typing import Any

from designer.engine.step import Done, Failed, Failure, StepRequest, StoredOutput
from designer.store.artifacts import Store
from modules.kit import Context, Module, ModuleError, ModuleSpec, Table, TableSchema
from modules.kit.selection import resolve, resolve_one


def execute(request: StepRequest, store: Store, context: Context) -> Done | Failed:
    """The outcome of a step; whatever a module raises becomes a failure with a code."""
    started = time.perf_counter()
    try:
        module = _module(request.step.entry or "")
        arguments = _arguments(module.spec, request, store)
        result = _call(module, arguments, context)
        outputs = _saved(module.spec, result, arguments, store)
    except ModuleError as error:
        failure = Failure(
            code=error.code,
            message=error.message,
            module=request.step.module,
            parameter=error.parameter,
            port=error.port,
            column=error.column,
            hint=error.hint,
            traceback=error.traceback,
        )
        return Failed(failure=failure, seconds=time.perf_counter() - started)
    except MemoryError:
        return Failed(
            failure=Failure(code="0138", message="The step ran out of memory", module=request.step.module),
            seconds=time.perf_counter() - started,
        )
    except Exception as error:
        failure = Failure(
            code="1000",
            message=f"{type(error).__name__}: {error}",
            module=request.step.module,
            traceback=traceback.format_exc(),
        )
        return Failed(failure=failure, seconds=time.perf_counter() - started)
    return Done(outputs=outputs, metrics=dict(context.metrics), seconds=time.perf_counter() - started)


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
        values = [store.load(digest) for digest in request.inputs.get(port.name, ())]
        flowing[port.name] = values if port.multiple else (values[0] if values else None)
    params = dict(request.step.params)
    for parameter in spec.parameters:
        value = params.get(parameter.name)
        if parameter.kind not in ("column", "columns") or value is None or not parameter.is_active(params):
            continue
        table = flowing.get(parameter.port or "")
        if isinstance(table, Table):
            one = resolve_one if parameter.kind == "column" else resolve
            params[parameter.name] = one(  # type: ignore[assignment]
                value, TableSchema.of(table), parameter=parameter.name, port=parameter.port or ""
            )
    return flowing | params


def _call(module: Module[..., Any], arguments: Mapping[str, Any], context: Context) -> Any:
    given = dict(arguments)
    for port in module.spec.inputs:
        value = given[port.name]
        given[port.name] = [_formed(v, port.form) for v in value] if port.multiple else _formed(value, port.form)
    if "context" in module.function.__annotations__:
        given["context"] = context
    flowing = [given.pop(port.name) for port in module.spec.inputs]
    return module.function(*flowing, **given)


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

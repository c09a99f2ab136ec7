"""The coded errors that a module can raise, found in its source."""

import ast
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from modules.kit import Definition
from modules.kit.errors import ERRORS, ModuleError

KIT = "modules.kit"
SELECTION = "modules.kit.selection"
ENGINE = "designer.engine"
BY_NAME = {cls.__name__: cls for cls in ERRORS.values()}
OF_THE_CONTEXT = {
    "sandbox": ("ScriptFailed", "OutOfMemory", "TookTooLong"),
    "secret": ("SecretNotFound",),
    "data_path": ("FileNotReadable",),
}
"""What the engine raises for a module that uses these attributes of its context."""


@dataclass(frozen=True)
class Source:
    """The top level of a file: what each name is defined by, or where it is imported from."""

    module: str
    definitions: dict[str, tuple[ast.AST, ...]]
    imports: dict[str, tuple[str, str | None]]


def failures_of(definition: Definition) -> list[type[ModuleError]]:
    """The errors that the function can come to, by code; what the schema function alone raises is not among them."""
    return list(places_of_failures(definition))


def places_of_failures(definition: Definition) -> dict[type[ModuleError], list[str]]:
    """The same, each with the files that raise it; the engine stands for what it raises in the module's name."""
    module, _, name = definition.entry.partition(":")
    found: dict[type[ModuleError], set[str]] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(module, name), *_resolved(definition)]
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        for base, used in _used_by(*place):
            if base == "context":
                for error in OF_THE_CONTEXT[used]:
                    found.setdefault(BY_NAME[error], set()).add(ENGINE)
            elif base in (KIT, f"{KIT}.errors"):
                if used in BY_NAME:
                    found.setdefault(BY_NAME[used], set()).add(place[0])
            elif not base.startswith(KIT) or base == SELECTION:
                waiting.append((base, used))
    return {cls: sorted(found[cls]) for cls in sorted(found, key=lambda cls: cls.code)}


def _resolved(definition: Definition) -> Iterator[tuple[str, str]]:
    """How the engine turns selections of columns into names, where a module takes any."""
    kinds = {parameter.kind for parameter in definition.spec.parameters}
    if "columns" in kinds:
        yield SELECTION, "resolve"
    if "column" in kinds:
        yield SELECTION, "resolve_one"


def _used_by(module: str, name: str) -> Iterator[tuple[str, str]]:
    """What a top-level definition refers to, as names of modules and of what they define."""
    source = _source_of(module)
    if source is None:
        return
    if name in source.imports:
        base, imported = source.imports[name]
        yield base, imported or ""
    for tree in source.definitions.get(name, ()):
        for node in _body_of(tree):
            if isinstance(node, ast.Attribute) and node.attr in OF_THE_CONTEXT:
                yield "context", node.attr
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                yield from _member(source, node.value.id, node.attr)
            elif isinstance(node, ast.Name):
                yield from _named(source, node.id)


def _body_of(tree: ast.AST) -> Iterator[ast.AST]:
    """What runs when a function is called, or a class is used; decorators and annotations are declarations."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for field, value in ast.iter_fields(node):
            if field not in ("decorator_list", "annotation", "returns"):
                waiting += [
                    item for item in (value if isinstance(value, list) else [value]) if isinstance(item, ast.AST)
                ]


def _named(source: Source, name: str) -> Iterator[tuple[str, str]]:
    if name in source.definitions:
        yield source.module, name
    elif name in source.imports:
        base, imported = source.imports[name]
        if imported is not None:
            yield base, imported


def _member(source: Source, owner: str, name: str) -> Iterator[tuple[str, str]]:
    """`metrics.two_class` where `metrics` is a file of ours that was imported whole."""
    if owner in source.imports:
        base, imported = source.imports[owner]
        whole = f"{base}.{imported}" if imported else base
        if _source_of(whole) is not None:
            yield whole, name


@cache
def _source_of(module: str) -> Source | None:
    path = _path_of(module)
    if path is None or not module.startswith("modules."):
        return None
    definitions: dict[str, tuple[ast.AST, ...]] = {}
    imports: dict[str, tuple[str, str | None]] = {}
    tree = ast.parse(path.read_bytes())
    for node in [*tree.body, *(n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom))]:
        match node:
            case ast.FunctionDef() | ast.ClassDef() | ast.AsyncFunctionDef():
                if not _declares_a_schema(node):
                    definitions[node.name] = (*definitions.get(node.name, ()), node)
            case ast.Assign(targets=targets):
                for target in targets:
                    if isinstance(target, ast.Name):
                        definitions[target.id] = (node.value,)
            case ast.AnnAssign(target=ast.Name(id=assigned), value=ast.expr() as value):
                definitions[assigned] = (value,)
            case ast.ImportFrom(module=str(base), level=0, names=names):
                imports |= {alias.asname or alias.name: (base, alias.name) for alias in names}
            case ast.Import(names=names):
                imports |= {alias.asname or alias.name: (alias.name, None) for alias in names}
            case _:
                pass
    return Source(module, definitions, imports)


def _declares_a_schema(node: ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(item, ast.Attribute) and item.attr == "schema" for item in node.decorator_list)


def _path_of(module: str) -> Path | None:
    try:
        found = importlib.util.find_spec(module)
    except (ImportError, ValueError):
        return None
    if found is None or found.origin is None or not found.origin.endswith(".py"):
        return None
    return Path(found.origin)

"""A digest of the source that a module's result depends on."""

import ast
import hashlib
import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from modules.kit.syntax import parse

KIT_PACKAGE = "modules"


@cache
def fingerprint_of(module_name: str) -> str:
    """Hash the source of a module and of all it imports from its own package and from ours.

    Public libraries are not in it; their versions belong to the environment of a run.
    """
    packages = frozenset({KIT_PACKAGE, module_name.partition(".")[0]})
    seen: dict[str, bytes] = {}
    waiting = [module_name]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        path = _source_path(name)
        if path is None:
            continue
        seen[name] = path.read_bytes()
        waiting.extend(imported for imported in _imports(name) if imported.partition(".")[0] in packages)
    digest = hashlib.sha256()
    for name in sorted(seen):
        digest.update(f"{name} {len(seen[name])}\n".encode() + seen[name])
    return digest.hexdigest()


@cache
def _source_path(module_name: str) -> Path | None:
    try:
        found = importlib.util.find_spec(module_name)
    except (ImportError, ValueError):
        return None
    if found is None or found.origin is None or not found.origin.endswith(".py"):
        return None
    return Path(found.origin)


@cache
def _imports(module_name: str) -> tuple[str, ...]:
    path = _source_path(module_name)
    if path is None:
        return ()
    is_package = path.name == "__init__.py"
    package = module_name if is_package else module_name.rpartition(".")[0]
    return tuple(dict.fromkeys(_imported_names(parse(path.read_bytes()), package)))


def _imported_names(tree: ast.Module, package: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")
                base = ".".join([*parents[: len(parents) - node.level + 1], *([base] if base else [])])
            yield base
            if base.partition(".")[0] in (KIT_PACKAGE, package.partition(".")[0]):
                yield from (f"{base}.{alias.name}" for alias in node.names)

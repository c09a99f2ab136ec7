"""Finds all modules, built in and installed."""

import hashlib
import importlib
import importlib.util
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

import modules
from modules.kit import Module, ModuleSpec

NOT_CATEGORIES = frozenset({"kit", "ml"})
ENTRY_POINTS = "designer.modules"


@dataclass(frozen=True)
class Catalog:
    """All modules by id and version; without a version the newest is meant."""

    by_key: dict[tuple[str, int], Module] = field(default_factory=dict)

    def get(self, module_id: str, version: int | None = None) -> Module | None:
        versions = [v for name, v in self.by_key if name == module_id]
        if not versions:
            return None
        return self.by_key.get((module_id, version if version is not None else max(versions)))

    @property
    def ids(self) -> list[str]:
        return sorted({name for name, _ in self.by_key})

    def newest(self) -> Iterator[Module]:
        """The newest version of each module, by category and title."""
        found = [m for m in (self.get(module_id) for module_id in self.ids) if m is not None]
        return iter(sorted(found, key=lambda m: (m.spec.category, m.spec.title)))

    def specs(self) -> list[ModuleSpec]:
        return [item.spec for item in self.newest()]

    def fingerprint(self, item: Module) -> str:
        """A digest of the module's source and of all of ours that it imports."""
        return source_fingerprint(item.function.__module__)


def catalog_of(*items: Module) -> Catalog:
    """A catalog of the given modules, for tests and notebooks."""
    return Catalog({(item.spec.id, item.spec.version): item for item in items})


@cache
def load() -> Catalog:
    """Import every category and installed package once and collect their modules."""
    found = [item for name in _module_names() for item in _declared_in(name)]
    for point in entry_points(group=ENTRY_POINTS):
        found.extend(_declared_in(point.value))
    return catalog_of(*found)


def _module_names() -> Iterator[str]:
    for category in pkgutil.iter_modules(modules.__path__):
        if category.ispkg and category.name not in NOT_CATEGORIES:
            package = importlib.import_module(f"modules.{category.name}")
            for item in pkgutil.iter_modules(package.__path__):
                yield f"modules.{category.name}.{item.name}"


def _declared_in(name: str) -> Iterator[Module]:
    python_module = importlib.import_module(name)
    for value in vars(python_module).values():
        if isinstance(value, Module) and value.function.__module__ == name:
            yield value


@cache
def source_fingerprint(name: str) -> str:
    """SHA-256 over the source of a Python module and of those of the library that it uses.

    The kit is left out: it declares, and changes no result.
    """
    digest = hashlib.sha256()
    for used in sorted(_closure(name, set())):
        digest.update(used.encode() + b"\0" + _source(used).encode() + b"\0")
    return digest.hexdigest()


def _closure(name: str, seen: set[str]) -> set[str]:
    if name not in seen:
        seen.add(name)
        for used in re.findall(
            r"^\s*from (modules\.(?!kit)[\w.]+) import", _source(name), re.MULTILINE
        ):
            _closure(used, seen)
    return seen


@cache
def _source(name: str) -> str:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).read_text("utf-8") if spec and spec.origin else ""

"""Find all modules: those of this package and those of installed ones."""

import importlib
import importlib.metadata
import logging
import pkgutil
from collections.abc import Iterator
from functools import cache
from types import ModuleType

import modules
from modules.kit import Catalog, Definition, Module

ENTRY_POINT_GROUP = "designer.modules"
NOT_CATEGORIES = frozenset({"kit", "ml", "catalog"})

log = logging.getLogger(__name__)


@cache
def load() -> Catalog:
    """Import every module once and list it.

    A package that another party installed and that does not load is logged and left out; our own must load.
    """
    return Catalog([*_built_in(), *_installed()])


def _built_in() -> Iterator[Definition]:
    for category in pkgutil.iter_modules(modules.__path__):
        if category.name not in NOT_CATEGORIES and category.ispkg:
            yield from definitions_in(importlib.import_module(f"modules.{category.name}"))


def _installed() -> Iterator[Definition]:
    for entry_point in importlib.metadata.entry_points(group=ENTRY_POINT_GROUP):
        try:
            yield from list(definitions_in(entry_point.load()))
        except Exception:
            log.exception("the modules of %s do not load and are left out", entry_point.value)


def definitions_in(package: ModuleType) -> Iterator[Definition]:
    """List the modules that a package, or a single file, defines."""
    yield from _defined_by(package)
    if hasattr(package, "__path__"):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield from _defined_by(importlib.import_module(found.name))


def _defined_by(source: ModuleType) -> Iterator[Definition]:
    for value in vars(source).values():
        if isinstance(value, Module) and value.function.__module__ == source.__name__:
            yield Definition.of(value)

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
ORDER = (
    "data_input_and_output",
    "data_transformation",
    "statistical_functions",
    "feature_selection",
    "regression",
    "classification",
    "clustering",
    "anomaly_detection",
    "recommendation",
    "text_analytics",
    "model_training",
    "model_scoring_and_evaluation",
    "python_language",
    "r_language",
    "web_service",
)
"""Categories in the order in which a pipeline is usually made; others follow by name."""

NOT_CATEGORIES = frozenset({"kit", "ml", "catalog"})

log = logging.getLogger(__name__)


@cache
def load() -> Catalog:
    """Import every module once and list it.

    A package that another party installed and that does not load is logged and left out; our own must load.
    """
    return Catalog([*_built_in(), *_installed()])


def _built_in() -> Iterator[Definition]:
    found = {package.name for package in pkgutil.iter_modules(modules.__path__) if package.ispkg} - NOT_CATEGORIES
    for category in [*ORDER, *sorted(found - set(ORDER))]:
        yield from definitions_in(importlib.import_module(f"modules.{category}"))


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

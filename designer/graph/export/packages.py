"""The public packages that a program needs, in the versions that are installed here."""

import ast
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, version

from modules.kit.syntax import parse

NEEDED_BY_METHOD = {
    "to_pandas": ("pandas", "pyarrow"),
    "from_pandas": ("pandas", "pyarrow"),
    "to_arrow": ("pyarrow",),
    "from_arrow": ("pyarrow",),
    "read_excel": ("fastexcel",),
    "write_excel": ("xlsxwriter",),
}
"""Packages that another one imports only when one of its functions is called."""
NEEDED_BY_PACKAGE = {"psycopg": ("psycopg_binary",)}
"""Packages that another one finds by itself, and would look for on the machine otherwise."""


def requirements_of(code: str) -> list[str]:
    """`name==version` for each package that the code imports, sorted by name."""
    found = {name for package in imported_packages(code) for name in _distributions(package)}
    return sorted(f"{name}=={version(name)}" for name in found if _is_installed(name))


def imported_packages(code: str) -> set[str]:
    """The top packages outside the standard library that the code imports or needs."""
    tree = parse(code)
    names = {name.partition(".")[0] for node in ast.walk(tree) for name in _imports(node)}
    needed = {other for name in names for other in NEEDED_BY_PACKAGE.get(name, ())}
    return {name for name in names | needed if name not in sys.stdlib_module_names}


def _imports(node: ast.AST) -> Iterable[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module]
        case ast.Attribute(attr=name):
            return NEEDED_BY_METHOD.get(name, ())
    return ()


def _distributions(package: str) -> Iterator[str]:
    known = _by_package()
    yield from known.get(package, [package] if _is_installed(package) else [])


@cache
def _by_package() -> dict[str, list[str]]:
    return {package: sorted(set(names))[:1] for package, names in packages_distributions().items()}


@cache
def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True

"""A file of the library as pieces of text, and what each name in it stands for."""

import ast
import builtins
import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from designer.errors import NotExportable
from designer.graph.export.scopes import Function, Use, bound_names, imports_from, uses_of
from modules.kit.syntax import parse

BUILT_IN = frozenset(dir(builtins)) | {"__file__", "__name__", "__doc__"}


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name that a file defines."""

    file: str
    name: str


@dataclass(frozen=True, slots=True)
class Imported:
    """Something of a public library: a package, or a name in it."""

    package: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Namespace:
    """A file of ours as a whole, as `metrics` after `from modules.ml import metrics`."""

    file: str


Meaning = Symbol | Imported | Namespace


@dataclass(frozen=True, eq=False)
class Piece:
    """A statement of a file with the comments above it; places are counted in bytes."""

    file: "SourceFile"
    index: int
    statement: ast.stmt
    binds: frozenset[str]
    start: int
    end: int

    @cached_property
    def uses(self) -> list[Use]:
        """The names of the file that the statement uses, its own among them."""
        return uses_of(self.statement, self.file.packages)


class SourceFile:
    """The text of a file, its statements and its imports."""

    def __init__(self, name: str, text: bytes, *, is_package: bool = False, packages: frozenset[str]) -> None:
        self.name = name
        self.text = text
        self.packages = packages
        self._package = name if is_package else name.rpartition(".")[0]
        self.tree = parse(text)
        self._lines = [0, *(place + 1 for place, byte in enumerate(text) if byte == ord("\n"))]
        self.imports: dict[str, Meaning] = {}
        self.stars: list[str] = []
        self.pieces: list[Piece] = []
        self.dotted: set[str] = set()
        for statement in self.tree.body:
            self._sort(statement)
        for inner in self.inner_imports(self.tree):
            self._sort(inner)

    def inner_imports(self, node: ast.AST) -> Iterator[ast.stmt]:
        """Imports from our own packages that stand inside functions."""
        for function in ast.walk(node):
            if isinstance(function, Function):
                found = (item for item in ast.walk(function) if isinstance(item, ast.Import | ast.ImportFrom))
                yield from (item for item in found if imports_from(item, self.packages))

    @property
    def title(self) -> str:
        """The first line of the file's docstring, without its full stop."""
        return (ast.get_docstring(self.tree) or self.name).partition("\n")[0].rstrip(".")

    def place(self, line: int, column: int) -> int:
        """Where a line and a column of the syntax tree stand in the text."""
        return self._lines[line - 1] + column

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where a node begins and ends."""
        assert isinstance(node, ast.expr | ast.stmt | ast.arg)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.place(node.lineno, node.col_offset), self.place(node.end_lineno, node.end_col_offset)

    def with_comments(self, node: ast.stmt) -> tuple[int, int]:
        """Where a statement begins, with its decorators and the comments right above, and where its line ends."""
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
        while first > 1 and self._line(first - 1).lstrip().startswith(b"#"):
            first -= 1
        assert node.end_lineno is not None
        return self._lines[first - 1], self._line_end(node.end_lineno)

    def _line(self, number: int) -> bytes:
        return self.text[self._lines[number - 1] : self._line_end(number)]

    def _line_end(self, number: int) -> int:
        return self._lines[number] - 1 if number < len(self._lines) else len(self.text)

    def _sort(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Import(names=names):
                for alias in names:
                    self._import(alias)
            case ast.ImportFrom():
                self._import_from(statement)
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                for inner in statement.body:
                    self._sort(inner)
            case _ if not _is_docstring(statement, first=statement is self.tree.body[0]):
                start, end = self.with_comments(statement)
                binds = frozenset(bound_names([statement], self.packages))
                self.pieces.append(Piece(self, len(self.pieces), statement, binds, start, end))

    def _bind(self, name: str, meaning: Meaning) -> None:
        """Note what a name stands for; it cannot stand for one thing in one function and for another in the next."""
        if self.imports.setdefault(name, meaning) != meaning:
            raise NotExportable(f"`{name}` of {self.name} is imported from two places")

    def _import(self, alias: ast.alias) -> None:
        if alias.asname:
            self._bind(alias.asname, self._named(alias.name))
        else:
            top = alias.name.partition(".")[0]
            self._bind(top, self._named(top))
            if alias.name != top and top not in self.packages:
                self.dotted.add(alias.name)

    def _import_from(self, statement: ast.ImportFrom) -> None:
        package = self._absolute(statement)
        for alias in statement.names:
            if alias.name == "*":
                self.stars.append(package)
            elif package.partition(".")[0] not in self.packages:
                self._bind(alias.asname or alias.name, Imported(package, alias.name))
            else:
                self._bind(alias.asname or alias.name, Symbol(package, alias.name))

    def _absolute(self, statement: ast.ImportFrom) -> str:
        if not statement.level:
            return statement.module or ""
        parents = self._package.split(".")
        kept = parents[: len(parents) - statement.level + 1]
        return ".".join([*kept, *([statement.module] if statement.module else [])])

    def _named(self, name: str) -> Meaning:
        return Namespace(name) if name.partition(".")[0] in self.packages else Imported(name)

    @cached_property
    def by_name(self) -> Mapping[str, list[Piece]]:
        """The pieces that define each name: more than one where it is defined anew or changed at once."""
        found: dict[str, list[Piece]] = {}
        for piece in self.pieces:
            for name in piece.binds:
                found.setdefault(name, []).append(piece)
        for piece in self.pieces:
            for name in changed_by(piece.statement):
                if name in found and piece not in found[name] and not self._declares_module(found[name]):
                    found[name].append(piece)
        for name, pieces in found.items():
            found[name] = [*pieces, *self._explanations(pieces)]
        return found

    def _explanations(self, pieces: list[Piece]) -> Iterator[Piece]:
        """Texts below constants that say what they are."""
        for piece in pieces:
            following = self.pieces[piece.index + 1 : piece.index + 2]
            if isinstance(piece.statement, ast.Assign | ast.AnnAssign):
                yield from (other for other in following if _is_docstring(other.statement, first=True))

    @staticmethod
    def _declares_module(pieces: list[Piece]) -> bool:
        return any(is_module(piece.statement) for piece in pieces)


def is_module(statement: ast.stmt) -> bool:
    """Tell whether a statement is a function under `@module(...)`."""
    return isinstance(statement, Function) and any(is_declaration(item) for item in statement.decorator_list)


def is_declaration(decorator: ast.expr) -> bool:
    """Tell whether a decorator is `@module(...)`."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")) == "module"


def _is_docstring(statement: ast.stmt, *, first: bool) -> bool:
    return first and isinstance(statement, ast.Expr) and isinstance(getattr(statement.value, "value", None), str)


def changed_by(statement: ast.stmt) -> Iterator[str]:
    """Names that a statement changes without binding them: `table["a"] = 1`, `names.append(2)`, `@kind.register`."""
    targets: list[ast.expr] = []
    match statement:
        case ast.Assign(targets=found):
            targets = [target for target in found if not isinstance(target, ast.Name)]
        case ast.AugAssign(target=target):
            targets = [target]
        case ast.Expr(value=ast.Call(func=function)):
            targets = [function]
        case ast.FunctionDef(decorator_list=decorators) | ast.ClassDef(decorator_list=decorators):
            called = [item.func if isinstance(item, ast.Call) else item for item in decorators]
            targets = [item for item in called if isinstance(item, ast.Attribute)]
    for changed in targets:
        inner = changed
        while isinstance(inner, ast.Attribute | ast.Subscript):
            inner = inner.value
        if isinstance(inner, ast.Name):
            yield inner.id


class Library:
    """Reads files by their names; `packages` are those whose source is taken over, `texts` files beside them."""

    def __init__(self, packages: frozenset[str], texts: Mapping[str, str] | None = None) -> None:
        self.packages = packages
        self._given = {name: SourceFile(name, text.encode(), packages=packages) for name, text in (texts or {}).items()}

    def file(self, name: str) -> SourceFile:
        """The file of a name; raises NotExportable where its source is not there."""
        found = self._given.get(name) or _read(name, self.packages)
        if found is None:
            raise NotExportable(f"The source of `{name}` is not there")
        return found

    def beside(self, name: str, other: str) -> str:
        """The text of another file in the folder of one."""
        found = importlib.util.find_spec(name)
        assert found is not None
        assert found.origin is not None
        return Path(found.origin).with_name(other).read_text("utf-8")

    def has(self, name: str) -> bool:
        """Tell whether there is such a file."""
        return name in self._given or _read(name, self.packages) is not None

    def meaning(self, file: str, name: str) -> Meaning | None:
        """What a name of a file stands for, through all imports; None for what Python itself has."""
        source = self.file(file)
        if name in source.by_name:
            return Symbol(file, name)
        found = source.imports.get(name)
        if isinstance(found, Symbol):
            return self._followed(found)
        if found is not None:
            return found
        for star in source.stars:
            if name in _exported(self.file(star)):
                return self.meaning(star, name)
        if name in BUILT_IN:
            return None
        if self.has(f"{file}.{name}"):
            return Namespace(f"{file}.{name}")
        raise NotExportable(f"`{name}` in {file} is not defined there")

    def _followed(self, symbol: Symbol) -> Meaning | None:
        source = self.file(symbol.file)
        is_there = symbol.name in source.by_name or symbol.name in source.imports
        if not is_there and self.has(f"{symbol.file}.{symbol.name}"):
            return Namespace(f"{symbol.file}.{symbol.name}")
        return self.meaning(symbol.file, symbol.name)


def _exported(source: SourceFile) -> frozenset[str]:
    """What `import *` takes from a file."""
    for piece in source.by_name.get("__all__", []):
        if isinstance(piece.statement, ast.Assign):
            return frozenset(ast.literal_eval(piece.statement.value))
    return frozenset(name for name in (*source.by_name, *source.imports) if not name.startswith("_"))


@cache
def _read(name: str, packages: frozenset[str]) -> SourceFile | None:
    try:
        found = importlib.util.find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return None
    if found is None or found.origin is None or not found.origin.endswith(".py"):
        return None
    path = Path(found.origin)
    return SourceFile(name, path.read_bytes(), is_package=path.name == "__init__.py", packages=packages)

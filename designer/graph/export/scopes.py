"""Which names in a statement of a file are those of the file itself, by Python's rules of scope."""

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import chain

from modules.kit.syntax import parse

Function = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True, eq=False)
class Use:
    """A place where a statement names something of its file.

    `holders` are the attributes around the name, innermost first: of `a.b.c` those that end in `.b` and in `.c`.
    `quoted` marks a name inside a text, as in the annotation `"Table"`. `beside` are the names of the functions
    around it, which would hide others.
    """

    name: str
    node: ast.expr
    holders: tuple[ast.Attribute, ...]
    beside: frozenset[str]
    quoted: bool = False


@dataclass
class Scope:
    """What a function, class or comprehension binds."""

    bound: set[str] = field(default_factory=set)
    declared_global: set[str] = field(default_factory=set)
    is_class: bool = False
    parent: "Scope | None" = None

    def holds(self, name: str) -> bool:
        """Tell whether the name is bound here or around, and not in the file itself."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.declared_global:
                return False
            if name in scope.bound and (not scope.is_class or scope is self):
                return True
            scope = scope.parent
        return False

    def all_bound(self) -> frozenset[str]:
        """The names bound here and around."""
        around = self.parent.all_bound() if self.parent else frozenset()
        return around | self.bound


def bound_names(statements: list[ast.stmt], packages: Collection[str]) -> set[str]:
    """The names that statements bind in their own scope, not those bound in functions and classes inside.

    What is imported from one of the packages does not count: its source is taken over, and the import with it goes.
    """
    found: set[str] = set()
    for node in _own_nodes(statements):
        match node:
            case ast.Import() | ast.ImportFrom() if imports_from(node, packages):
                pass
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found |= {(alias.asname or alias.name).partition(".")[0] for alias in names}
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found.add(name)
            case ast.MatchMapping(rest=str(name)):
                found.add(name)
    return found


def imports_from(statement: ast.stmt, packages: Collection[str]) -> bool:
    """Tell whether a statement imports from one of the packages."""
    match statement:
        case ast.ImportFrom(module=module, level=level):
            return level > 0 or (module or "").partition(".")[0] in packages
        case ast.Import(names=names):
            return any(alias.name.partition(".")[0] in packages for alias in names)
    return False


def _own_nodes(statements: list[ast.stmt]) -> Iterator[ast.AST]:
    """Nodes without those inside of functions, classes and comprehensions, but for what `:=` binds in the latter."""
    waiting: list[ast.AST] = list(statements)
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, INNER):
            continue
        if isinstance(node, COMPREHENSIONS):
            yield from (inner.target for inner in ast.walk(node) if isinstance(inner, ast.NamedExpr))
            continue
        waiting.extend(ast.iter_child_nodes(node))


def uses_of(statement: ast.stmt, packages: Collection[str]) -> list[Use]:
    """The uses of names of the file in one of its own statements, in order of the text."""
    found: list[Use] = []
    _Walk(found, packages).visit(statement)
    return sorted(found, key=lambda use: (use.node.lineno, use.node.col_offset))


class _Walk(ast.NodeVisitor):
    """Visits nodes with the scope that each stands in."""

    def __init__(self, found: list[Use], packages: Collection[str]) -> None:
        self._found = found
        self._packages = packages
        self._scope: Scope | None = None
        self._holders: tuple[ast.Attribute, ...] = ()
        self._quotes = False

    def visit(self, node: ast.AST) -> None:
        """Visit a node; only attributes pass on what they hold."""
        holders, self._holders = self._holders, ()
        if isinstance(node, ast.Attribute):
            self._holders = (node, *holders)
        elif isinstance(node, ast.Name):
            self._holders = holders
        super().visit(node)
        self._holders = ()

    def visit_Name(self, node: ast.Name) -> None:
        self._note(node.id, node)

    def _note(self, name: str, node: ast.expr, *, quoted: bool = False) -> None:
        if self._scope is None or not self._scope.holds(name):
            beside = self._scope.all_bound() if self._scope else frozenset()
            self._found.append(Use(name, node, self._holders, beside, quoted))

    def visit_FunctionDef(self, node: Function) -> None:
        self._all(node.decorator_list)
        self._arguments(node.args)
        self._annotation(node.returns)
        self._body(node.args, node.body)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815  the name that the visitor looks for

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._arguments(node.args)
        self._body(node.args, [ast.Expr(node.body)])

    def _arguments(self, arguments: ast.arguments) -> None:
        self._all([default for default in (*arguments.defaults, *arguments.kw_defaults) if default is not None])
        for argument in _each(arguments):
            self._annotation(argument.annotation)

    def _body(self, arguments: ast.arguments, body: list[ast.stmt]) -> None:
        outside = {name for node in _own_nodes(body) if isinstance(node, ast.Nonlocal) for name in node.names}
        scope = Scope({argument.arg for argument in _each(arguments)} | (bound_names(body, self._packages) - outside))
        self._inside(scope, body)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._all([*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)])
        self._inside(Scope(bound_names(node.body, self._packages), is_class=True), node.body)

    def _inside(self, scope: Scope, body: list[ast.stmt]) -> None:
        scope.declared_global = {
            name for node in _own_nodes(body) if isinstance(node, ast.Global) for name in node.names
        }
        scope.bound -= scope.declared_global
        scope.parent, self._scope = self._scope, scope
        self._all(body)
        self._scope = scope.parent

    def _comprehension(self, node: Comprehension) -> None:
        first, *others = node.generators
        self.visit(first.iter)
        bound = {
            inner.id
            for generator in node.generators
            for inner in ast.walk(generator.target)
            if isinstance(inner, ast.Name)
        }
        self._scope = Scope(bound, parent=self._scope)
        results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        inner_parts = chain.from_iterable([other.target, other.iter, *other.ifs] for other in others)
        self._all([first.target, *first.ifs, *inner_parts, *results])
        self._scope = self._scope.parent

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self._comprehension(node)

    def visit_SetComp(self, node: ast.SetComp) -> None:
        self._comprehension(node)

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._comprehension(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self._comprehension(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._annotation(node.annotation)
        self._all([part for part in (node.target, node.value) if part is not None])

    def visit_Call(self, node: ast.Call) -> None:
        """Also `cast("Type", value)`, whose first argument is an annotation."""
        if isinstance(node.func, ast.Name) and node.func.id == "cast" and node.args:
            self.visit(node.func)
            self._annotation(node.args[0])
            self._all([*node.args[1:], *(keyword.value for keyword in node.keywords)])
            return
        self.generic_visit(node)

    def _annotation(self, node: ast.expr | None) -> None:
        if node is not None:
            self._quotes = True
            self.visit(node)
            self._quotes = False

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """The values of a `Literal` are texts, not types; nor is what follows the type in `Annotated`."""
        quotes = self._quotes
        self.visit(node.value)
        last = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        for index, part in enumerate(parts):
            self._quotes = quotes and last != "Literal" and not (last == "Annotated" and index > 0)
            self.visit(part)
        self._quotes = quotes

    def visit_Constant(self, node: ast.Constant) -> None:
        if self._quotes and isinstance(node.value, str):
            for inner in ast.walk(parse(node.value)):
                if isinstance(inner, ast.Name):
                    self._note(inner.id, _shifted(inner, node), quoted=True)

    def _all(self, nodes: "list[ast.stmt] | list[ast.expr] | list[ast.expr | ast.stmt]") -> None:
        quotes, self._quotes = self._quotes, False
        for node in nodes:
            self.visit(node)
        self._quotes = quotes


def _each(arguments: ast.arguments) -> Iterator[ast.arg]:
    yield from (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    yield from (argument for argument in (arguments.vararg, arguments.kwarg) if argument is not None)


def _shifted(inner: ast.Name, text: ast.Constant) -> ast.Name:
    """A name inside a quoted annotation at its place in the file: behind one quotation mark."""
    start = text.col_offset + 1 + inner.col_offset
    return ast.Name(
        id=inner.id,
        ctx=inner.ctx,
        lineno=text.lineno,
        end_lineno=text.lineno,
        col_offset=start,
        end_col_offset=start + len(inner.id.encode()),
    )

"""Decide in a statement what is known beforehand, and leave out what can then never run.

Known are parameters that all calls of a function give one and the same constant, fields of dataclasses that hold one in
all instances, constants of the program, and the classes that it makes instances of. From these follow comparisons,
`isinstance`, `and`, `or`, `not`, the branches of `if`, `match` and `while`, and what a table of constants holds. What
stands behind a `return` or `raise` goes, and so do assignments to variables that nothing reads.
"""

import ast
import operator
from collections.abc import Callable, Collection, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, TypeVar

from designer.graph.export.code import Code, is_mark

COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda value, values: value in values,
    ast.NotIn: lambda value, values: value not in values,
}
ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)
HARMLESS = frozenset({"collect_schema", "names", "items", "get", "set", "len", "frozenset", "dict", "list"})
"""Calls of these have no effect beside their value."""
Block = list[ast.stmt]
New = TypeVar("New")


@dataclass(frozen=True)
class Known:
    """A value that is the same in every run."""

    value: Any

    def is_same(self, other: "Known | None") -> bool:
        """Tell whether another value is equal and of the same type."""
        return other is not None and type(self.value) is type(other.value) and bool(self.value == other.value)


@dataclass(frozen=True)
class Facts:
    """What is known of a program.

    `fixed` are values of parameters and `dropped` the parameters that can go, by function; `order` are the parameters
    that a call may give by place. `returns` are the values of functions that do nothing but give a constant. `kinds`
    are the classes, each with those that inherit from it and have instances; `fields` their constant fields.
    """

    fixed: Mapping[str, Mapping[str, Known]] = field(default_factory=dict)
    dropped: Mapping[str, Collection[str]] = field(default_factory=dict)
    order: Mapping[str, list[str]] = field(default_factory=dict)
    constants: Mapping[str, ast.expr] = field(default_factory=dict)
    returns: Mapping[str, Known] = field(default_factory=dict)
    kinds: Mapping[str, frozenset[str]] = field(default_factory=dict)
    fields: Mapping[str, Mapping[str, Known]] = field(default_factory=dict)


class Folding(ast.NodeTransformer):
    """Changes one statement."""

    def __init__(self, code: Code, facts: Facts) -> None:
        self._code = code
        self._facts = facts
        self._is_changed = False
        self._bound = bound_in(code.nodes)
        self._fields = {id(item) for node in code.nodes if isinstance(node, ast.ClassDef) for item in node.body}
        loaded = (node for node in code.nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store))
        changed = (node.target for node in code.nodes if isinstance(node, ast.AugAssign))
        self._fixed = facts.fixed.get(code.name, {})
        self._read = {node.id for node in loaded} | {str(getattr(target, "id", "")) for target in changed}
        self._read |= {
            name for node in code.nodes if isinstance(node, ast.Nonlocal | ast.Global) for name in node.names
        }
        self._types = self._types_of(code.statement)

    def folded(self) -> Code:
        """The statement after all changes."""
        self.visit(self._code.statement)
        return self._code.changed() if self._is_changed else self._code

    def _types_of(self, statement: ast.stmt) -> dict[str, frozenset[str]]:
        """The classes whose instances each parameter of a function can hold, where all are the program's own."""
        given = [node for node in self._code.nodes if isinstance(node, ast.arg)]
        kinds = {node.arg: self._kinds(node.annotation) for node in given if self._bound.count(node.arg) == 1}
        is_function = isinstance(statement, ast.FunctionDef)
        return {name: found for name, found in kinds.items() if is_function and found is not None}

    def _kinds(self, node: ast.expr | None) -> frozenset[str] | None:
        """The classes that have instances among `A | B`; None where one is not the program's own."""
        match node:
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                one, other = self._kinds(left), self._kinds(right)
                return None if one is None or other is None else one | other
            case ast.Name(id=name) if id(node) in self._code.uses:
                return self._facts.kinds.get(name)
        return None

    def known(self, node: ast.AST | None, *, is_global: bool = False) -> Known | None:
        """The value of an expression whose parts have been visited, where it is always the same."""
        match node:
            case ast.Constant(value=value):
                return Known(value)
            case ast.Name(id=name) if is_global or id(node) in self._code.uses:
                return self.known(self._facts.constants.get(name), is_global=True)
            case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
                return self._known_items(elements, is_global=is_global)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                opposite = self.known(operand)
                return opposite and Known(not opposite.value)
            case ast.Compare(left=left, ops=[sign], comparators=[right]) if type(sign) in COMPARISONS:
                one, other = self.known(left), self.known(right)
                return Known(COMPARISONS[type(sign)](one.value, other.value)) if one and other else None
            case ast.Call(func=ast.Name(id="isinstance"), args=[asked, kinds]):
                wanted = self._kinds(kinds)
                held = self._types.get(asked.id) if isinstance(asked, ast.Name) else None
                if wanted == frozenset() or (held and wanted and held <= wanted):
                    return Known(bool(wanted))
            case ast.Call(func=ast.Name(id=name)) if id(node.func) in self._code.uses and name in self._facts.returns:
                return self._facts.returns[name] if all(map(is_harmless, ast.iter_child_nodes(node))) else None
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if self._types.get(name):
                found = [self._facts.fields.get(kind, {}).get(attribute) for kind in self._types[name]]
                return found[0] if all(value == found[0] for value in found) else None
        return None

    def _known_items(self, elements: list[ast.expr], *, is_global: bool) -> Known | None:
        found: list[Any] = []
        for element in elements:
            is_starred = isinstance(element, ast.Starred)
            item = self.known(element.value if isinstance(element, ast.Starred) else element, is_global=is_global)
            if item is None:
                return None
            found += item.value if is_starred else [item.value]
        return Known(found)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for name, value in ast.iter_fields(node):
            if isinstance(value, list) and all(isinstance(item, ast.stmt) for item in value) and value:
                setattr(node, name, self._tidied(value) or ([] if name == "orelse" else [ast.Pass()]))
            elif name == "body" and value == [] and not isinstance(node, ast.Module):
                setattr(node, name, [ast.Pass()])
        return node

    def _new(self, node: New) -> New:
        self._is_changed = True
        return node

    def _valued(self, node: ast.expr) -> ast.expr:
        self.generic_visit(node)
        known = self.known(node)
        return node if known is None else self._new(ast.Constant(known.value))

    visit_Compare = visit_UnaryOp = _valued  # noqa: N815  the names that the visitor looks for

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return self._valued(node) if isinstance(node.ctx, ast.Load) else node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        is_read = isinstance(node.ctx, ast.Load) and node.id in self._fixed
        return self._new(ast.Constant(self._fixed[node.id].value)) if is_read else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        new = self._valued(node)
        name = getattr(node.func, "id", "")
        if new is node and id(node.func) in self._code.uses and (gone := self._facts.dropped.get(name)):
            places, keywords = len(node.args), len(node.keywords)
            order = self._facts.order[name]
            node.args = [item for place, item in enumerate(node.args) if order[place] not in gone]
            node.keywords = [item for item in node.keywords if item.arg not in gone]
            self._is_changed |= (places, keywords) != (len(node.args), len(node.keywords))
        return new

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        gone = self._facts.dropped.get(node.name) if node is self._code.statement else None
        if gone:
            arguments = self._new(node.args)
            first = len(arguments.args) - len(arguments.defaults)
            defaults = [
                item for place, item in enumerate(arguments.defaults, first) if arguments.args[place].arg not in gone
            ]
            pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
            kept = [(item, default) for item, default in pairs if item.arg not in gone]
            arguments.args, arguments.defaults = [item for item in arguments.args if item.arg not in gone], defaults
            arguments.kwonlyargs, arguments.kw_defaults = [item for item, _ in kept], [default for _, default in kept]
        return self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """Of `A | B` what has instances."""
        self.generic_visit(node)
        if isinstance(node.op, ast.BitOr):
            for side, other in ((node.left, node.right), (node.right, node.left)):
                if self._kinds(side) == frozenset() and self._kinds(other) != frozenset():
                    return self._new(other)
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        self.generic_visit(node)
        ends, kept = isinstance(node.op, ast.Or), []
        for value in node.values:
            known = self.known(value)
            if known is None or bool(known.value) is ends or value is node.values[-1]:
                kept.append(value)
            if known is not None and bool(known.value) is ends:
                break
        return node if len(kept) == len(node.values) else self._new(ast.BoolOp(node.op, kept) if kept[1:] else kept[0])

    def _test(self, node: ast.expr) -> ast.expr:
        """A condition, of which only the truth counts: without `and True` or `or False`."""
        if not isinstance(node, ast.BoolOp):
            return node
        ends = isinstance(node.op, ast.Or)
        known = [self.known(value) for value in node.values]
        if any(found is not None and bool(found.value) is ends for found in known):
            return self._new(ast.Constant(ends))
        kept = [value for value, found in zip(node.values, known, strict=True) if found is None]
        if len(kept) == len(known):
            return node
        return self._new(ast.BoolOp(node.op, kept) if kept[1:] else [*kept, ast.Constant(not ends)][0])

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        self.generic_visit(node)
        tests = [(test, self.known(test)) for test in map(self._test, node.ifs)]
        node.ifs = [test for test, known in tests if known is None or not known.value]
        self._is_changed |= len(node.ifs) < len(tests)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        self.generic_visit(node)
        node.test = self._test(node.test)
        known = self.known(node.test)
        return node if known is None else self._new(node.body if known.value else node.orelse)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """`TABLE["a"]` is what the table holds, where that is a name or a constant."""
        self.generic_visit(node)
        table = self._facts.constants.get(getattr(node.value, "id", ""), node.value)
        if isinstance(table, ast.Dict) and isinstance(node.slice, ast.Constant) and is_harmless(table):
            for key, value in zip(table.keys, table.values, strict=True):
                if isinstance(value, ast.Name | ast.Constant) and getattr(key, "value", None) == node.slice.value:
                    return self._new(deepcopy(value))
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        """A text with constants as parts of it."""
        self.generic_visit(node)
        node.values = [part for value in node.values for part in _parts(value)]
        return node

    def visit_If(self, node: ast.If) -> ast.AST | Block:
        self.generic_visit(node)
        node.test = self._test(node.test)
        known = self.known(node.test)
        return node if known is None else self._new(node.body if known.value else node.orelse)

    def visit_While(self, node: ast.While) -> ast.AST | Block:
        self.generic_visit(node)
        known = self.known(node.test)
        return self._new(node.orelse) if known is not None and not known.value else node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        self.generic_visit(node)
        if node.name and node.name not in self._read:
            node.name = self._new(None)
        return node

    def visit_Match(self, node: ast.Match) -> ast.AST | Block:
        self.generic_visit(node)
        known = self.known(node.subject)
        for case in node.cases if known is not None else ():
            values = _patterns(case.pattern)
            if values is None or case.guard is not None:
                return node
            if not values or known.value in values:  # type: ignore[union-attr]  # not None in this loop
                return self._new(case.body)
        return node if known is None else self._new([])

    def _tidied(self, block: Block) -> Block:
        """Statements in a row: none behind an end, none that do nothing, and comments only above a statement."""
        kept: Block = []
        marks: Block = []
        for statement in block:
            if is_mark(statement):
                marks.append(statement)
            elif self._is_idle(statement):
                self._is_changed |= not isinstance(statement, ast.Pass)
                marks = []
            else:
                kept += [*marks, self._without_name(statement)]
                marks = []
            if kept and isinstance(kept[-1], ENDS):
                self._is_changed |= statement is not block[-1]
                break
        return kept

    def _is_idle(self, statement: ast.stmt) -> bool:
        match statement:
            case ast.Pass() | ast.If(body=[ast.Pass()], orelse=[]):
                return isinstance(statement, ast.Pass) or is_harmless(statement)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                return self._read.isdisjoint(bound_in(names))
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=value)
            ):
                return self._is_unread(statement, name) and (value is None or is_harmless(value))
        return False

    def _without_name(self, statement: ast.stmt) -> ast.stmt:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if self._is_unread(statement, name):
                return self._new(ast.Expr(value))
        return statement

    def _is_unread(self, statement: ast.stmt, name: str) -> bool:
        return id(statement) not in self._fields and name not in self._read


def bound_in(nodes: Iterable[ast.AST]) -> list[str]:
    """The names that code binds, each as often as it does so; a name that is declared global or so counts twice."""
    found: list[str] = []
    for node in nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                found.append(name)
            case ast.Nonlocal(names=names) | ast.Global(names=names):
                found += [*names, *names]
            case ast.alias(asname=asname, name=name):
                found.append(asname or name.partition(".")[0])
            case ast.MatchMapping(rest=str(name)):
                found.append(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.append(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found.append(name)
    return found


def is_harmless(node: ast.AST) -> bool:
    """Tell whether code does nothing beside giving its value."""
    inner = list(ast.walk(node))
    calls = [item.func for item in inner if isinstance(item, ast.Call)]
    names = {getattr(called, "attr", getattr(called, "id", "")) for called in calls}
    return names <= HARMLESS and not any(isinstance(item, ast.Await | ast.Yield | ast.NamedExpr) for item in inner)


def _parts(value: ast.expr) -> list[ast.expr]:
    match value:
        case ast.FormattedValue(
            value=ast.Constant(value=str() | bool() | None as inner), conversion=-1, format_spec=None
        ):
            return [ast.Constant(str(inner))]
        case ast.FormattedValue(value=ast.Constant(value=inner), conversion=114, format_spec=None):
            return [ast.Constant(repr(inner))]
        case ast.FormattedValue(value=ast.JoinedStr(values=values), conversion=-1, format_spec=None):
            return values
    return [value]


def _patterns(pattern: ast.pattern) -> list[Any] | None:
    """The constants that a pattern takes; empty for every value, None for other patterns."""
    match pattern:
        case ast.MatchValue(value=ast.Constant(value=value)) | ast.MatchSingleton(value=value):
            return [value]
        case ast.MatchAs(pattern=None, name=None):
            return []
        case ast.MatchOr(patterns=patterns):
            found = [_patterns(inner) for inner in patterns]
            return None if None in found or [] in found else [value for inner in found for value in inner or ()]
    return None

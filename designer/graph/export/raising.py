"""Errors of a program: one class, raised with the message that the library's class makes of its fields."""

import ast
from collections.abc import Mapping
from copy import deepcopy

from designer.errors import NotExportable
from designer.graph.export.code import Code
from designer.graph.export.folding import bound_in


class Raising(ast.NodeTransformer):
    """Changes one statement; `classes` are those of errors, of which those in `caught` keep their names."""

    def __init__(self, code: Code, base: str, classes: Mapping[str, ast.ClassDef], caught: frozenset[str]) -> None:
        self._code = code
        self._base = base
        self._classes = classes
        self._caught = caught

    def raised(self) -> Code:
        """The statement after all changes."""
        if self._code.name in self._classes:
            self._code.statement.body = self._code.statement.body[:1]  # type: ignore[attr-defined]  # a class
        elif self._code.used.isdisjoint(self._classes):
            return self._code
        self.visit(self._code.statement)
        return self._code.changed()

    def visit_Name(self, node: ast.Name) -> ast.expr:
        is_error = node.id in self._classes and id(node) in self._code.uses and node.id not in self._caught
        return ast.Name(self._base, node.ctx) if is_error else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        error = self._classes.get(getattr(node.func, "id", "")) if id(node.func) in self._code.uses else None
        self.generic_visit(node)
        if error is not None:
            node.args, node.keywords = [_message(error, node, frozenset(bound_in(self._code.nodes)))], []
        return node


def _message(error: ast.ClassDef, node: ast.Call, around: frozenset[str]) -> ast.expr:
    """The sentence that a class makes of what it is given, in a function that binds the names `around`."""
    made = next((item for item in error.body if isinstance(item, ast.FunctionDef) and item.name == "__init__"), None)
    order = [argument.arg for argument in made.args.args[1:]] if made is not None else ["message"]
    given = dict(zip(order, node.args, strict=False)) | {str(item.arg): item.value for item in node.keywords}
    match made.body[:1] if made is not None else []:
        case [ast.Expr(value=ast.Call(args=[ast.expr() as sentence]))]:
            pass
        case []:
            sentence = ast.Name("message", ast.Load())
        case _:
            raise NotExportable(f"The message of {error.name} is not made by a single call")
    for argument, default in zip(made.args.kwonlyargs, made.args.kw_defaults, strict=True) if made is not None else ():
        if default is not None:
            given.setdefault(argument.arg, default)
    names = {item.id for item in ast.walk(sentence) if isinstance(item, ast.Name)} - set(given)
    if hidden := names & around:
        raise NotExportable(f"`{hidden.pop()}` is hidden where the message of {error.name} needs it")
    return _simple(_Filling(given).visit(deepcopy(sentence)))


class _Filling(ast.NodeTransformer):
    """Puts expressions in the place of names."""

    def __init__(self, values: Mapping[str, ast.expr]) -> None:
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._values.get(node.id, node)


def _simple(node: ast.expr) -> ast.expr:
    """A sentence as one text."""
    parts = _parts(node)
    if len(parts) == 1 and isinstance(parts[0], ast.FormattedValue) and parts[0].conversion == -1:
        return parts[0].value
    return ast.JoinedStr(parts)


def _parts(node: ast.expr) -> list[ast.expr]:
    """A text as constants and values."""
    match node:
        case ast.Constant(value=value):
            return [ast.Constant(str(value))]
        case ast.JoinedStr(values=values):
            return [part for value in values for part in _parts(value)]
        case ast.FormattedValue(value=ast.Constant(value=value), conversion=114):
            return [ast.Constant(repr(value))]
        case ast.FormattedValue(value=ast.BoolOp(op=ast.Or(), values=[first, other])):
            is_first = bool(first.value) if isinstance(first, ast.Constant) else isinstance(other, ast.Constant)
            return _parts(ast.FormattedValue(first if is_first else other, -1))
        case ast.FormattedValue(value=ast.Constant() | ast.JoinedStr() as value, conversion=-1, format_spec=None):
            return _parts(value)
        case ast.FormattedValue():
            return [node]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [*_parts(left), *_parts(right)]
        case ast.IfExp(test=ast.Constant(value=value), body=body, orelse=orelse):
            return _parts(body if value else orelse)
    return [ast.FormattedValue(node, -1)]

"""A statement of a program as a tree that can be changed; one that is not changed keeps its text."""

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from functools import cached_property

from designer.graph.export.literals import TEXT_WIDTH
from designer.graph.export.scopes import Use, bound_names, uses_of
from designer.graph.export.sources import SourceFile, changed_by
from modules.kit.syntax import parse

NOWHERE: frozenset[str] = frozenset()
MARK = re.compile(r"""^( *)((["'])#.*\3)$""", re.MULTILINE)
"""A comment while its tree is changed: a statement that is a text."""


class Code:
    """A statement at the top of a program with the comments above it, and the text below it that explains it."""

    def __init__(self, text: str, section: int = -1, *, is_own: bool = False) -> None:
        self.text = text
        self.section = section
        self.is_own = is_own
        self.tree = _parsed(text)
        self.statement = next(item for item in self.tree.body if not is_mark(item))
        self.name = str(getattr(self.statement, "name", ""))

    @cached_property
    def names(self) -> set[str]:
        """The names that the statement binds or, where it binds none, changes."""
        return bound_names([self.statement], NOWHERE) or set(changed_by(self.statement))

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """The statement and all nodes in it."""
        return list(ast.walk(self.statement))

    @cached_property
    def _uses(self) -> list[Use]:
        return uses_of(self.statement, NOWHERE)

    @cached_property
    def used(self) -> frozenset[str]:
        """All names of the program in the statement, also those in quoted annotations."""
        return frozenset(use.name for use in self._uses)

    @cached_property
    def uses(self) -> dict[int, str]:
        """The same names by the identities of their nodes, without those in quoted annotations."""
        return {id(use.node): use.name for use in self._uses if not use.quoted}

    @cached_property
    def calls(self) -> dict[int, ast.Call]:
        """The calls by the identities of what they call."""
        return {id(node.func): node for node in self.nodes if isinstance(node, ast.Call)}

    @cached_property
    def types(self) -> frozenset[int]:
        """The identities of nodes that only name types: in annotations, and in what `isinstance` asks."""
        found: list[ast.AST | None] = []
        for node in self.nodes:
            match node:
                case ast.FunctionDef(returns=kind) | ast.arg(annotation=kind) | ast.AnnAssign(annotation=kind):
                    found.append(kind)
                case ast.Call(func=ast.Name(id="isinstance"), args=[_, kind]):
                    found.append(kind)
        return frozenset(id(inner) for node in found if node is not None for inner in ast.walk(node))

    def changed(self) -> "Code":
        """The statement after its tree has been changed."""
        tree = ast.fix_missing_locations(_Wrapping().visit(self.tree))
        return Code(MARK.sub(lambda found: found[1] + ast.literal_eval(found[2]), ast.unparse(tree)), self.section)


def codes_of(text: str, section: int, *, is_own: bool) -> Iterator[Code]:
    """The statements of a section of a program; a text that explains a constant stays with it."""
    encoded = text.encode()
    spans: list[tuple[int, int]] = []
    for piece in SourceFile("", encoded, packages=NOWHERE).pieces:
        is_text = isinstance(piece.statement, ast.Expr) and isinstance(piece.statement.value, ast.Constant)
        spans.append((spans.pop()[0] if spans and is_text else piece.start, piece.end))
    return (Code(encoded[start:end].decode(), section, is_own=is_own) for start, end in spans)


def is_mark(statement: ast.stmt) -> bool:
    """Tell whether a statement stands for a comment."""
    value = getattr(statement, "value", None)
    return isinstance(statement, ast.Expr) and str(getattr(value, "value", "")).startswith("#")


def _parsed(text: str) -> ast.Module:
    """The tree of a text, with statements in place of comments that stand between statements."""
    lines, depth = text.splitlines(), 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline) if "#" in text else ():
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(token.string, 0)
        row, column = token.start
        if token.type == tokenize.COMMENT and not depth and not lines[row - 1][:column].strip():
            lines[row - 1] = lines[row - 1][:column] + repr(token.string)
    try:
        return parse("\n".join(lines))
    except SyntaxError:  # such as a comment right above `else`
        return parse(text)


class _Wrapping(ast.NodeTransformer):
    """Cuts texts that are too long for a line into sums of shorter ones."""

    def visit_Expr(self, node: ast.Expr) -> ast.Expr:
        if isinstance(node.value, ast.Constant):
            return node
        return self.generic_visit(node)  # type: ignore[return-value]  # the same node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return self.visit_JoinedStr(ast.JoinedStr([node])) if isinstance(node.value, str) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        rows: list[list[ast.expr]] = [[]]
        width = 0
        for word in _words(node.values):
            size = len(ast.unparse(ast.JoinedStr([word]))) - 3
            if width + size > TEXT_WIDTH and rows[-1]:
                rows.append([])
                width = 0
            rows[-1].append(word)
            width += size
        found = [_joined(row) for row in rows]
        for row in found[1:]:
            found[0] = ast.BinOp(found[0], ast.Add(), row)
        return found[0]


def _words(parts: Iterable[ast.expr]) -> Iterator[ast.expr]:
    for part in parts:
        if isinstance(part, ast.Constant):
            yield from (ast.Constant(word) for word in re.findall(r"\S*\s*", str(part.value)) if word)
        else:
            yield part


def _joined(words: list[ast.expr]) -> ast.expr:
    if all(isinstance(word, ast.Constant) for word in words):
        return ast.Constant("".join(word.value for word in words))  # type: ignore[attr-defined]  # all are constants
    return ast.JoinedStr(words)

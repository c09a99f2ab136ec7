"""The text of gathered parts, with the names that the program gives."""

import ast
import io
import re
import tokenize
from collections.abc import Collection, Iterator

from designer.graph.export.gathering import Part
from designer.graph.export.naming import Names
from designer.graph.export.sources import Imported, Symbol

FOR_CHECKERS = re.compile(
    r"#\s*(?:fmt: ?o(?:n|ff)|(?:noqa|type: ?ignore)"
    r"(?:\s*:\s*[A-Z]+[0-9]+(?:\s*,\s*[A-Z]+[0-9]+)*|\[[^\]]*\](?:\s*#.*)?)?)\s*"
)
"""Notes to the tools of this project, which mean nothing elsewhere; words of a reason may follow."""


def text_of(part: Part, names: Names) -> str:
    """A part as it stands in the program."""
    piece = part.piece
    edits = [(start, end, b"") for start, end in (*part.cuts, *(member.span for member in part.held_back))]
    edits += [(place, place, filling.encode()) for place, filling in part.fillings.items()]
    for (start, end), reference in part.references.items():
        new = reference.meaning if isinstance(reference.meaning, str) else names.by_meaning[reference.meaning]
        if part.text[start:end] != new.encode():
            edits.append((start, end, new.encode()))
    edits += _definition(part, names)
    text = part.text[piece.start : piece.end]
    for start, end, replacement in sorted(edits, reverse=True):
        if piece.start <= start and end <= piece.end + 1:
            text = text[: start - piece.start] + replacement + text[end - piece.start :]
    return without_notes(text.decode())


def _definition(part: Part, names: Names) -> Iterator[tuple[int, int, bytes]]:
    """The new name of a function or class, which stands after `def` and is no reference."""
    statement = part.piece.statement
    if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    symbol = Symbol(part.piece.file.name, statement.name)
    new = names.by_meaning.get(symbol, statement.name)
    if new != statement.name:
        start = part.piece.file.place(statement.lineno, statement.col_offset)
        found = re.compile(rb"(?:def|class)\s+(" + statement.name.encode() + rb")\b").search(part.text, start)
        assert found is not None
        yield found.start(1), found.end(1), new.encode()


def without_notes(code: str) -> str:
    """Code without `# noqa` and `# type: ignore`."""
    if not FOR_CHECKERS.search(code):
        return code
    lines = code.splitlines(keepends=True)
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            said = FOR_CHECKERS.sub("", token.string).strip().lstrip("#").strip()
            if FOR_CHECKERS.search(token.string):
                rest = f"# {said}" if said else ""
                lines[row - 1] = (lines[row - 1][:column] + rest).rstrip() + "\n"
    return "".join(lines)


def imports_of(names: Names, dotted: set[str], used: Collection[str] | None = None) -> str:
    """The import statements of all that a program names or, of these, of those that it still uses."""
    lines = {f"import {name}" for name in dotted if used is None or name.partition(".")[0] in used}
    for meaning, name in names.by_meaning.items():
        if isinstance(meaning, Imported) and (used is None or name in used):
            lines.add(_import(meaning, name))
    return "\n".join(sorted(lines))


def _import(meaning: Imported, name: str) -> str:
    if meaning.name is None:
        return f"import {meaning.package}" if meaning.package == name else f"import {meaning.package} as {name}"
    renamed = "" if meaning.name == name else f" as {name}"
    return f"from {meaning.package} import {meaning.name}{renamed}"

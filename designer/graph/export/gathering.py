"""Follow names from file to file: all that a few functions need of the library, and nothing more."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from designer.errors import NotExportable
from designer.graph.export.scopes import Function, Use
from designer.graph.export.sources import (
    Imported,
    Library,
    Meaning,
    Namespace,
    Piece,
    Symbol,
    is_declaration,
)

Span = tuple[int, int]

LAYERS = ("modules.kit.", "designer.", "modules.ml.")
ANNOTATED = Imported("typing", "Annotated")


@dataclass(frozen=True, slots=True)
class Reference:
    """A place in a piece that names something: a meaning that gets a name later, or a text that stands there."""

    span: Span
    meaning: Symbol | Imported | str
    spelled: str
    beside: frozenset[str]


@dataclass(frozen=True)
class Member:
    """A method of a class, which comes along only where something asks for its name."""

    name: str
    span: Span


@dataclass
class Part:
    """A piece that comes along: what is left out of its text, and what its names stand for."""

    piece: Piece
    cuts: list[Span]
    fillings: dict[int, str] = field(default_factory=dict)
    held_back: list[Member] = field(default_factory=list)
    references: dict[Span, Reference] = field(default_factory=dict)

    @cached_property
    def text(self) -> bytes:
        """The text of the whole file, which places refer to."""
        return self.piece.file.text

    def is_cut(self, span: Span) -> bool:
        """Tell whether a place is left out."""
        inside = [*self.cuts, *(member.span for member in self.held_back)]
        return any(start <= span[0] and span[1] <= end for start, end in inside)


class Gathering:
    """The parts that a program needs, found by following names.

    `stand_ins` replaces names of the library by others. Methods of classes in the files of `thin` come along only
    where their name is asked for. `left_out` are classes that nothing needs to inherit from.
    """

    def __init__(
        self,
        library: Library,
        *,
        stand_ins: Mapping[Meaning, Meaning],
        thin: tuple[str, ...],
        left_out: frozenset[Symbol],
    ) -> None:
        self.library = library
        self._stand_ins = stand_ins
        self._thin = thin
        self._left_out = left_out
        self.parts: dict[tuple[str, int], Part] = {}
        self.dotted: set[str] = set()
        self._asked_for: set[str] = set()

    def meaning(self, file: str, name: str) -> Meaning | None:
        """What a name of a file stands for in the program."""
        found = self.library.meaning(file, name)
        return self._stand_ins.get(found, found) if found is not None else None

    def add(self, symbols: Iterable[Symbol], *, asked_for: Iterable[str] = ()) -> None:
        """Take symbols and all that they need; `asked_for` are names of methods that the program itself calls."""
        self._asked_for |= set(asked_for)
        waiting: list[Symbol] | None = list(symbols)
        while waiting is not None:
            self._take(waiting)
            waiting = self._let_in()

    def _take(self, waiting: list[Symbol]) -> None:
        """Take the pieces of symbols and of those that they need."""
        while waiting:
            for piece in self._pieces(waiting.pop()):
                key = (piece.file.name, piece.index)
                if key not in self.parts:
                    self.parts[key] = self._part(piece)
                    waiting += self._follow(self.parts[key])

    @property
    def references(self) -> Iterator[Reference]:
        """All references of all parts."""
        for part in self.parts.values():
            yield from part.references.values()

    def ordered(self) -> list[Part]:
        """The parts in an order in which Python can read them: files after those that they import."""
        rank = {name: (_layer(name), place) for place, name in enumerate(self._files())}
        return [self.parts[key] for key in sorted(self.parts, key=lambda key: (rank[key[0]], key[1]))]

    def _files(self) -> list[str]:
        used = {key[0] for key in self.parts}
        needs: dict[str, set[str]] = {name: set() for name in used}
        for part in self.parts.values():
            mine = part.piece.file.name
            needs[mine] |= {
                found.meaning.file for found in part.references.values() if isinstance(found.meaning, Symbol)
            } - {mine}
        placed: dict[str, None] = {}

        def place(name: str, on_the_way: frozenset[str]) -> None:
            if name not in placed and name not in on_the_way:
                for other in sorted(needs[name]):
                    place(other, on_the_way | {name})
                placed[name] = None

        for name in sorted(used):
            place(name, frozenset())
        return list(placed)

    def _pieces(self, symbol: Symbol) -> list[Piece]:
        return self.library.file(symbol.file).by_name[symbol.name]

    def _part(self, piece: Piece) -> Part:
        part = Part(piece, list(self._cuts(piece)))
        source = piece.file
        for statement in source.inner_imports(piece.statement):
            span = source.span(statement)
            part.cuts.append(span)
            part.fillings[span[0]] = "pass"
        if isinstance(piece.statement, ast.ClassDef):
            part.held_back = list(self._members(piece, piece.statement))
            part.cuts += self._bases(piece, piece.statement)
            if not (ast.get_docstring(piece.statement) or _is_kept(piece.statement, part.held_back)):
                part.fillings[piece.end] = "\n    pass"
        return part

    def _cuts(self, piece: Piece) -> Iterator[Span]:
        source = piece.file
        for decorator in getattr(piece.statement, "decorator_list", []):
            if is_declaration(decorator):
                start, end = source.span(decorator)
                yield start - 1, end + 1  # from @ to the end of the line
        for node in ast.walk(piece.statement):
            if isinstance(node, ast.Subscript) and self._is_declared(piece, node):
                bare = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
                (start, end), (kept_from, kept_to) = source.span(node), source.span(bare)
                yield start, kept_from
                yield kept_to, end

    def _is_declared(self, piece: Piece, node: ast.Subscript) -> bool:
        """Tell whether this is `Annotated[type, metadata]` with metadata of ours."""
        if not isinstance(node.slice, ast.Tuple):
            return False
        if not any(use.node is node.value and self._meaning(piece, use) == ANNOTATED for use in piece.uses):
            return False
        start, end = piece.file.span(node)
        first = piece.file.span(node.slice.elts[0])[1]
        inside = [use for use in piece.uses if first < piece.file.span(use.node)[0] < end and start < first]
        return any(isinstance(self._meaning(piece, use), Symbol | Namespace) for use in inside)

    def _members(self, piece: Piece, statement: ast.ClassDef) -> Iterator[Member]:
        is_thin = piece.file.name.startswith(self._thin)
        for node in statement.body:
            if not isinstance(node, Function) or (node.name.startswith("__") and node.name.endswith("__")):
                continue
            if is_thin or self._returns_a_declaration(piece, node):
                yield Member(node.name, piece.file.with_comments(node))

    def _returns_a_declaration(self, piece: Piece, function: Function) -> bool:
        """Tell whether a method makes a part of a form, which only the product shows."""
        if function.returns is None:
            return False
        start, end = piece.file.span(function.returns)
        inside = [use for use in piece.uses if start <= piece.file.span(use.node)[0] < end]
        found = [self._meaning(piece, use) for use in inside]
        return any(isinstance(item, Symbol) and item.file.startswith("modules.kit.params") for item in found)

    def _bases(self, piece: Piece, statement: ast.ClassDef) -> Iterator[Span]:
        kept = [base for base in statement.bases if self._base(piece, base) not in self._left_out]
        if len(kept) == len(statement.bases):
            return
        if kept or statement.keywords:
            raise NotExportable(f"Class {statement.name} of {piece.file.name} inherits from more than a type of port")
        start = piece.file.span(statement.bases[0])[0]
        end = piece.file.span(statement.bases[-1])[1]
        yield start - 1, end + 1

    def _base(self, piece: Piece, base: ast.expr) -> Meaning | None:
        return next((self._meaning(piece, use) for use in piece.uses if use.node is base), None)

    def _meaning(self, piece: Piece, use: Use) -> Meaning | None:
        return self.meaning(piece.file.name, use.name)

    def _follow(self, part: Part) -> list[Symbol]:
        """Note what the names of a part stand for; the symbols among that."""
        source = part.piece.file
        found: list[Symbol] = []
        for use in part.piece.uses:
            reference = self._reference(part, use)
            if reference is None or part.is_cut(reference.span) or reference.span in part.references:
                continue
            part.references[reference.span] = reference
            if isinstance(reference.meaning, Symbol):
                found.append(reference.meaning)
            elif isinstance(reference.meaning, Imported):
                top = reference.meaning.package.partition(".")[0]
                self.dotted |= {name for name in source.dotted if name.partition(".")[0] == top}
        for node in ast.walk(part.piece.statement):
            if isinstance(node, ast.Attribute) and not part.is_cut(source.span(node)):
                self._asked_for.add(node.attr)
        return found

    def _let_in(self) -> list[Symbol] | None:
        """Let in the methods whose names have been asked for since: the symbols that they need; None without any."""
        found: list[Symbol] | None = None
        for part in self.parts.values():
            wanted = [member for member in part.held_back if member.name in self._asked_for]
            if wanted:
                part.held_back = [member for member in part.held_back if member not in wanted]
                part.fillings.pop(part.piece.end, None)
                found = [*(found or []), *self._follow(part)]
        return found

    def _reference(self, part: Part, use: Use) -> Reference | None:
        source = part.piece.file
        start, end = source.span(use.node)
        if source.text[start:end] != use.name.encode():
            raise NotExportable(f"`{use.name}` of {source.name} stands in a text that cannot be read")
        if part.is_cut((start, end)):
            return None
        meaning = self._meaning(part.piece, use)
        spelled = use.name
        for holder in use.holders:
            if not isinstance(meaning, Namespace):
                break
            meaning = self.meaning(meaning.file, holder.attr)
            end = source.span(holder)[1]
            spelled = ""
        if meaning is None:
            return None
        if isinstance(meaning, Namespace):
            raise NotExportable(f"`{use.name}` of {source.name} is used as a whole file")
        if isinstance(meaning, Symbol) and (text := self._plain_type(meaning)) is not None:
            return Reference((start, end), text, spelled, use.beside)
        return Reference((start, end), meaning, spelled, use.beside)

    def _plain_type(self, symbol: Symbol) -> str | None:
        """The text of a declared type that consists of Python's own, as `list[str]` for `Columns`."""
        piece = self._pieces(symbol)[0]
        statement = piece.statement
        if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Subscript):
            return None
        if not self._is_declared(piece, statement.value) or not isinstance(statement.value.slice, ast.Tuple):
            return None
        bare = statement.value.slice.elts[0]
        start, end = piece.file.span(bare)
        text = piece.file.text[start:end].decode()
        inside = [use for use in piece.uses if start <= piece.file.span(use.node)[0] < end]
        for use in reversed(inside):
            meaning = self._meaning(piece, use)
            if meaning is None:
                continue
            plain = self._plain_type(meaning) if isinstance(meaning, Symbol) else None
            if plain is None:
                return None
            place = len(piece.file.text[start : piece.file.span(use.node)[0]].decode())
            text = text[:place] + plain + text[place + len(use.name) :]
        return text


def _layer(file: str) -> int:
    """Lower files never need higher ones: what modules are declared with, what they share, the modules."""
    return next((place for place, layer in enumerate(LAYERS) if f"{file}.".startswith(layer)), len(LAYERS))


def _is_kept(statement: ast.ClassDef, held_back: list[Member]) -> bool:
    """Tell whether something is left of a class without the methods held back."""
    names = {member.name for member in held_back}
    return any(not (isinstance(node, Function) and node.name in names) for node in statement.body)

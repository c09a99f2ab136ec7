"""Names for all that a program defines and imports: each its own, and none hidden by another."""

import builtins
import keyword
import re
from collections import Counter
from collections.abc import Collection, Iterable
from itertools import chain, count

from designer.graph.export.gathering import Reference
from designer.graph.export.sources import Imported, Symbol

SCRIPTS = "<script>."
"""Files of scripts are named so; their names are all told apart by their nodes, as many scripts use the same."""
HARD_TO_READ = frozenset({"l", "O", "I"})
"""Names that are easily taken for digits; linters refuse them."""


def is_free(name: str, taken: Iterable[str]) -> bool:
    """Tell whether a new thing may have this name."""
    return (
        name.isidentifier()
        and not keyword.iskeyword(name)
        and not hasattr(builtins, name)
        and name not in HARD_TO_READ
        and name not in taken
    )


def identifier_of(text: str) -> str:
    """A text as a Python name: `train-model 2` becomes `train_model_2`."""
    found = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_")
    return found if found[:1].isalpha() else f"n{found}"


def free_name(wanted: str, taken: Iterable[str], suffix: str = "") -> str:
    """The name; where it is taken, with the suffix or a number behind it."""
    known = frozenset(taken)
    numbered = (f"{wanted}{suffix}_{number}" for number in count(2))
    return next(name for name in chain((wanted, f"{wanted}{suffix}"), numbered) if is_free(name, known))


class Names:
    """The names of a program's symbols and imports: those that come first keep theirs, none takes a reserved one."""

    def __init__(
        self, references: Iterable[Reference], first: Iterable[Symbol | Imported], reserved: Collection[str]
    ) -> None:
        self.by_meaning: dict[Symbol | Imported, str] = {}
        self._taken = set(reserved)
        uses: dict[Symbol | Imported, list[Reference]] = {meaning: [] for meaning in first}
        for reference in references:
            if isinstance(reference.meaning, Symbol | Imported):
                uses.setdefault(reference.meaning, []).append(reference)
        # Symbols first: a function is known by its name, an import can be renamed where it is made.
        for meaning in sorted(uses, key=lambda meaning: isinstance(meaning, Imported)):
            self.by_meaning[meaning] = self._chosen(meaning, uses[meaning])

    @property
    def taken(self) -> frozenset[str]:
        """All names that are given."""
        return frozenset(self._taken)

    def _chosen(self, meaning: Symbol | Imported, uses: list[Reference]) -> str:
        for name in _candidates(meaning, uses):
            hidden = any(name in use.beside for use in uses if use.spelled != name)
            if name not in self._taken and not hidden:
                self._taken.add(name)
                return name
        raise AssertionError("there is always a further number")


def _candidates(meaning: Symbol | Imported, uses: list[Reference]) -> Iterable[str]:
    if isinstance(meaning, Imported):
        spelled = Counter(use.spelled for use in uses if use.spelled)
        own = meaning.name or meaning.package.partition(".")[0]
        usual = spelled.most_common(1)[0][0] if spelled else own
        yield usual
        base = f"{meaning.package.replace('.', '_')}_{own}" if meaning.name else f"{own}_package"
    else:
        if not meaning.file.startswith(SCRIPTS):
            yield meaning.name
        base = _told_apart(meaning)
    yield base
    for number in range(2, len(uses) + 10_000):
        yield f"{base}_{number}"


def _told_apart(symbol: Symbol) -> str:
    """A name that also says where it is from: `_drawn` of `rows` becomes `_rows_drawn`."""
    stem = identifier_of(symbol.file.rpartition(".")[2])
    name = symbol.name.lstrip("_")
    mark = "_" if symbol.name.startswith("_") else ""
    if name.isupper():
        return f"{mark}{stem.upper()}_{name}"
    if name[:1].isupper():
        return f"{mark}{''.join(word.capitalize() for word in stem.split('_'))}{name}"
    return f"{mark}{stem}_{name}"

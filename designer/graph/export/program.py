"""A pipeline as a program: parameters, the library's own source, and the steps in order."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from designer.graph.document import Document
from designer.graph.export.calls import Calls, Constant, StepCode, names_of, resolver_of
from designer.graph.export.code import Code, codes_of
from designer.graph.export.gathering import Gathering
from designer.graph.export.naming import SCRIPTS, Names, free_name, identifier_of
from designer.graph.export.packages import requirements_of
from designer.graph.export.rendering import imports_of, text_of
from designer.graph.export.scripts import function_of, is_script, names_in, scripts_of
from designer.graph.export.shortening import Shortening
from designer.graph.export.source import DataFile, Source
from designer.graph.export.sources import Library, Symbol
from designer.graph.export.symbols import (
    CONTEXT,
    LEFT_OUT,
    OWN_FUNCTIONS,
    OWN_PACKAGES,
    PATH,
    R_RUNNER,
    R_RUNNER_FILE,
    STAND_INS,
    TABLE_SCHEMA,
    THIN,
    plain_symbol,
)
from designer.graph.plan import Step

CALLED = ("of", "frame", "names", "metrics", "tables")
"""Methods that the steps call, or may."""
LONGEST_VARIABLE = 32
"""A line of code holds a node's id and its variable."""
RESERVED = frozenset({"main", "output", "parser", "contexts", "ArgumentParser"})


@dataclass(frozen=True, slots=True)
class Section:
    """What comes from one file of the library."""

    title: str
    text: str
    is_module: bool
    is_script: bool = False


@dataclass(frozen=True)
class Program:
    """A pipeline in parts, from which a script or a notebook is put together.

    `contexts` are the nodes that tell figures, `tables` those that give tables, and `ends` those that feed no other.
    """

    document: Document
    requirements: tuple[str, ...]
    imports: str
    parameters: tuple[Constant, ...]
    sections: tuple[Section, ...]
    steps: tuple[StepCode, ...]
    contexts: tuple[str, ...]
    tables: tuple[str, ...]
    ends: tuple[str, ...]
    files: tuple[DataFile, ...]
    names: Names

    def own(self, name: str) -> str:
        """The name in the program of what it has in place of the engine."""
        return self.names.by_meaning[plain_symbol(name)]


def program_of(source: Source) -> Program:
    """Put a program together; raises NotExportable."""
    entries = {step.node: _entry(step) for step in source.plan.steps if step.entry}
    packages = OWN_PACKAGES | {entry.file.partition(".")[0] for entry in entries.values()}
    texts = scripts_of(source)
    gathering = Gathering(Library(packages, texts), stand_ins=STAND_INS, thin=THIN, left_out=LEFT_OUT)
    scripts = (Symbol(file, name) for file, text in texts.items() for name in names_in(text))
    first = list(dict.fromkeys([*entries.values(), *_own_symbols(source), *scripts]))
    gathering.add(first, asked_for=CALLED)
    variables = _variables(source, entries.values())
    names = Names(gathering.references, [*first, PATH], {*RESERVED, *variables.values()})
    writer = Calls(source, names, entries, variables)
    steps = tuple(writer.step(step) for step in source.plan.steps)
    sections = tuple(gathered_sections(gathering, names))
    shortening = Shortening(
        (
            code
            for place, section in enumerate(sections)
            for code in codes_of(section.text, place, is_own=section.is_script)
        ),
        (step.code for step in steps),
        writer.frame(),
    )
    shortening.run()
    used = {*shortening.used, names.by_meaning[PATH]}
    sections = tuple(_shortened(sections, shortening.codes))
    steps = tuple(
        replace(step, code=code.text, constants=tuple(item for item in step.constants if item.name in used))
        for step, code in zip(steps, shortening.steps, strict=True)
    )
    imports = imports_of(names, gathering.dotted, used)
    code = "\n".join([*(section.text for section in sections), *(step.code for step in steps)])
    code = f"{imports}\n{code}"
    return Program(
        document=source.graph.document,
        requirements=tuple(requirements_of(code)),
        imports=imports,
        parameters=tuple(constant for constant in writer.shared.values() if constant.name in used),
        sections=sections,
        steps=steps,
        contexts=tuple(step.node for step in steps if "contexts[" in step.code),
        tables=tuple(writer.tables()),
        ends=tuple(writer.ends()),
        files=(*source.files.values(), *_files_of_library(names)),
        names=names,
    )


def _entry(step: Step) -> Symbol:
    """The function of a step."""
    if is_script(step):
        return function_of(step)
    file, _, name = (step.entry or "").partition(":")
    return Symbol(file, name)


def _variables(source: Source, entries: Iterable[Symbol]) -> dict[str, str]:
    """The variable of each node: named after it, but not as the functions that the steps call."""
    taken = {*RESERVED, *(entry.name for entry in entries), *OWN_FUNCTIONS}
    found: dict[str, str] = {}
    for step in source.plan.steps:
        found[step.node] = free_name(identifier_of(step.node)[:LONGEST_VARIABLE], taken, "_result")
        taken.add(found[step.node])
    return found


def _own_symbols(source: Source) -> Iterator[Symbol]:
    """What the steps themselves call, beside the modules."""
    steps = source.plan.steps
    if any(is_script(step) for step in steps):
        yield plain_symbol("script_results")
    left_out = {"HERE"} if not source.files else set()
    left_out |= {"read_dataset"} if not any(step.dataset for step in steps) else set()
    yield from (plain_symbol(name) for name in OWN_FUNCTIONS if name not in left_out)
    kinds = {
        parameter.kind
        for step in steps
        for parameter in source.selections(step)
        if names_of(source, step, parameter) is None
    }
    if kinds:
        yield TABLE_SCHEMA
        yield from (resolver_of(kind) for kind in sorted(kinds))


def gathered_sections(gathering: Gathering, names: Names) -> Iterator[Section]:
    """The text of all that has been gathered, file by file, in an order in which Python can read it."""
    for file, parts in groupby(gathering.ordered(), key=lambda part: part.piece.file):
        text = "".join(_apart(part.piece.statement, text_of(part, names)) for part in parts).strip("\n")
        is_script = file.name.startswith(SCRIPTS)
        title = f"The script of {file.name.removeprefix(SCRIPTS)}" if is_script else file.title
        yield Section(title, text, is_script=is_script, is_module=not file.name.startswith((*THIN, "modules.ml.")))


def _shortened(sections: Iterable[Section], codes: Iterable[Code]) -> Iterator[Section]:
    """The sections with the statements that are left of each."""
    found: dict[int, str] = {}
    for code in codes:
        found[code.section] = found.get(code.section, "") + _apart(code.statement, code.text)
    for place, section in enumerate(sections):
        if place in found:
            yield replace(section, text=found[place].strip("\n"))


def _files_of_library(names: Names) -> Iterator[DataFile]:
    """Files that the gathered source reads."""
    if R_RUNNER in names.by_meaning:
        yield DataFile(R_RUNNER_FILE, text=Library(OWN_PACKAGES).beside(CONTEXT, R_RUNNER_FILE))


def _apart(statement: ast.stmt, text: str) -> str:
    """Constants close together, functions and classes apart."""
    is_large = isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    return f"\n\n{text}\n\n" if is_large else f"{text}\n"

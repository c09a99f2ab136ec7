"""A pipeline as a program: parameters, the library's own source, and the steps in order."""

import ast
import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from designer.graph.document import Document
from designer.graph.export import plain
from designer.graph.export.code import Code, codes_of
from designer.graph.export.gathering import Gathering
from designer.graph.export.literals import literal_of
from designer.graph.export.naming import SCRIPTS, Names, free_name, identifier_of
from designer.graph.export.packages import requirements_of
from designer.graph.export.rendering import imports_of, text_of
from designer.graph.export.scripts import INPUTS, function_of, is_script, names_in, scripts_of
from designer.graph.export.shortening import Frame, Shortening
from designer.graph.export.source import DataFile, Source, dataset_key
from designer.graph.export.sources import Imported, Library, Meaning, Symbol
from designer.graph.plan import Step, Wire
from modules.kit import InputPort, ModuleError, Parameter
from modules.kit.ports import json_of
from modules.kit.selection import resolve, resolve_one

PLAIN = plain.__name__
CONTEXT = "designer.engine.plain_context"
"""What steps are given beside their inputs; known by its name, as it belongs to the engine."""
R_RUNNER = Symbol(CONTEXT, "R_RUNNER")
R_RUNNER_FILE = "r_runner.R"
KIT = "modules.kit"
OWN_PACKAGES = frozenset({"modules", "designer"})

STAND_INS: Mapping[Meaning, Meaning] = {
    Symbol(f"{KIT}.context", "Context"): Symbol(CONTEXT, "Context"),
    Symbol(f"{KIT}.context", "Sandbox"): Symbol(CONTEXT, "Sandbox"),
    Imported("pydantic", "JsonValue"): Imported("typing", "Any"),
}
ERROR = Symbol(f"{KIT}.errors", "ModuleError")
LEFT_OUT = frozenset({Symbol(f"{KIT}.ports", "PortType")})
THIN = (f"{KIT}.", PLAIN, CONTEXT)
OF_CONTEXT = frozenset({"Context", "script_results"})
TABLE_SCHEMA = Symbol(f"{KIT}.schema", "TableSchema")
PATH = Imported("pathlib", "Path")
CALLED = ("of", "frame", "names", "metrics", "tables")
"""Methods that the steps call, or may."""
LONGEST_VARIABLE = 32
"""A line of code holds a node's id and its variable."""
CHOOSING = ("choice", "boolean")
FEW_COLUMNS = 8
"""So many columns are always written one by one; more, where it is shorter, as all but some."""
OWN_FUNCTIONS = ("HERE", "Context", "read_dataset", "computed", "print_results", "write_tables")
RESERVED = frozenset({"main", "output", "parser", "contexts", "ArgumentParser"})


@dataclass(frozen=True, slots=True)
class Constant:
    """A named value that a person may change."""

    name: str
    value: str

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"


@dataclass(frozen=True, slots=True)
class Section:
    """What comes from one file of the library."""

    title: str
    text: str
    is_module: bool
    is_script: bool = False


@dataclass(frozen=True, slots=True)
class StepCode:
    """A node as code: the parameters that it alone uses, and the call."""

    node: str
    variable: str
    comment: str
    constants: tuple[Constant, ...]
    code: str


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


def plain_symbol(name: str) -> Symbol:
    """What a program has in place of the engine, by its name there."""
    return Symbol(CONTEXT if name in OF_CONTEXT else PLAIN, name)


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
    writer = _Writer(source, names, entries, variables)
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
        if _names(source, step, parameter) is None
    }
    if kinds:
        yield TABLE_SCHEMA
        yield from (_resolver(kind) for kind in sorted(kinds))


def _resolver(kind: str) -> Symbol:
    return Symbol(f"{KIT}.selection", "resolve_one" if kind == "column" else "resolve")


def _names(source: Source, step: Step, parameter: Parameter) -> Any:
    """The names that a selection takes, where the columns are known before the run; else None."""
    port = source.table_of(step, parameter) or ""
    schema = source.columns_at(step, port)
    if schema is None:
        return None
    selection, place = step.params[parameter.name], {"parameter": parameter.name, "port": port}
    try:
        if parameter.kind == "column":
            return resolve_one(selection, schema, **place)
        return resolve(selection, schema, **place, optional=parameter.optional)
    except ModuleError:  # the program raises it too
        return None


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


class _Writer:
    """Writes the calls of the steps."""

    def __init__(
        self, source: Source, names: Names, entries: Mapping[str, Symbol], variables: Mapping[str, str]
    ) -> None:
        self._source = source
        self._names = names
        self._entries = entries
        self._variables = variables
        self._taken = set(names.taken)
        self.shared: dict[str, Constant] = {}
        self._chosen: dict[str, ast.expr] = {}

    def step(self, step: Step) -> StepCode:
        """A step as code."""
        constants: list[Constant] = []
        code = self._dataset(step, constants) if step.dataset is not None else self._call(step, constants)
        variable = self._variables[step.node]
        comment = self._source.graph.document.nodes[step.node].comment
        return StepCode(step.node, variable, comment, tuple(constants), f"{variable} = {code}")

    def frame(self) -> Frame:
        """What is around the statements of the library."""
        names = self._names.by_meaning
        needed = {names[symbol] for symbol in map(plain_symbol, OWN_FUNCTIONS) if symbol in names}
        return Frame(needed, self._choices(), self._chosen, names.get(ERROR))

    def _choices(self) -> dict[str, set[str]]:
        """The parameters of each module's function that need not stay: those that choose what it does, or are unset."""
        found: dict[str, set[str]] = {}
        for step in self._source.plan.steps:
            if step.dataset is None and not is_script(step):
                kept = {item.name for item in self._source.spec(step).parameters} - self._choosing(step)
                name = self._names.by_meaning[self._entries[step.node]]
                wired = {port for port, wires in step.inputs.items() if wires}
                free = set(self._source.signature(step).parameters) - kept - wired
                found[name] = found.get(name, free) & free
        return found

    def tables(self) -> Iterator[str]:
        """The nodes of modules that give tables."""
        for step in self._source.plan.steps:
            if step.dataset is None and any(output.type == "Table" for output in step.outputs):
                yield step.node

    def ends(self) -> Iterator[str]:
        """The nodes that feed no other."""
        steps = self._source.plan.steps
        feeding = {wire.node for step in steps for wires in step.inputs.values() for wire in wires}
        return (step.node for step in steps if step.node not in feeding)

    def _new(self, wanted: str) -> str:
        name = free_name(wanted, self._taken)
        self._taken.add(name)
        return name

    def _own(self, name: str) -> str:
        return self._names.by_meaning[plain_symbol(name)]

    def _constant(self, step: Step, parameter: str, value: Any, constants: list[Constant]) -> str:
        """The name under which a value stands at the top; a pipeline parameter stands there once for all."""
        reference = self._source.reference(step, parameter) if step.dataset is None else None
        if reference is None:
            constant = Constant(self._new(f"{self._variables[step.node]}_{parameter}".upper()), literal_of(value))
            constants.append(constant)
            if step.dataset is None and parameter in self._choosing(step):
                self._chosen[constant.name] = ast.Constant(value)
            return constant.name
        if reference not in self.shared:
            self.shared[reference] = Constant(self._new(identifier_of(reference).upper()), literal_of(value))
        return self.shared[reference].name

    def _choosing(self, step: Step) -> set[str]:
        """The parameters that choose what a step does, or are not set."""
        parameters = self._source.spec(step).parameters
        return {item.name for item in parameters if item.kind in CHOOSING or step.params[item.name] is None}

    def _dataset(self, step: Step, constants: list[Constant]) -> str:
        entry = self._source.graph.nodes[step.node].dataset
        path = self._constant(step, "file", self._source.files[dataset_key(step)].path, constants)
        arguments = [f"{self._own('HERE')} / {path}"]
        if entry is not None and entry.schema.roles:
            arguments.append(f"roles={literal_of(entry.schema.roles)}")
        if entry is not None and entry.schema.categorical:
            arguments.append(f"categorical={literal_of(sorted(entry.schema.categorical))}")
        return f"{self._own('read_dataset')}({', '.join(arguments)})"

    def _call(self, step: Step, constants: list[Constant]) -> str:
        if is_script(step):
            return self._script(step)
        signature = self._source.signature(step)
        arguments = [*self._inputs(step), *self._parameters(step, signature, constants)]
        arguments += [f"{name}={literal_of(value)}" for name, value in self._source.foreseen(step).items()]
        if self._source.has_context(step):
            arguments.append(f"context=contexts[{literal_of(step.node)}]")
        call = f"{self._names.by_meaning[self._entries[step.node]]}({', '.join(arguments)})"
        outputs = self._source.spec(step).outputs
        if not any(output.type == "Table" for output in outputs):
            return call
        like = self._first_table(step) if any(output.form in ("lazy", "eager") for output in outputs) else None
        return f"{self._own('computed')}({call}{f', like={like}' if like else ''})"

    def _script(self, step: Step) -> str:
        tables = [[self._value(wire) for wire in step.inputs.get(name, ())] for name in INPUTS]
        while tables and not tables[-1]:
            tables.pop()
        arguments = [
            self._names.by_meaning[self._entries[step.node]],
            *(found[0] if found else "None" for found in tables),
        ]
        like = self._first_table(step)
        call = f"{self._own('script_results')}({', '.join(arguments)})"
        return f"{self._own('computed')}({call}{f', like={like}' if like else ''})"

    def _inputs(self, step: Step) -> Iterator[str]:
        """Arguments of the ports; those after the last wire are left to their defaults."""
        ports = self._source.spec(step).inputs
        signature = self._source.signature(step)
        is_skipped = False
        for port in ports:
            wires = step.inputs.get(port.name, ())
            values = [self._formed(wire, port) for wire in wires]
            if not values and signature.parameters[port.name].default is None:
                is_skipped = True
                continue
            text = f"[{', '.join(values)}]" if port.multiple else (values[0] if values else "None")
            yield f"{port.name}={text}" if is_skipped else text

    def _formed(self, wire: Wire, port: InputPort) -> str:
        value = self._value(wire)
        is_table = self._source.output_type(wire.node, wire.port) == "Table"
        if is_table and port.form in ("lazy", "eager"):
            return f"{value}.frame" if port.form == "lazy" else f"{value}.frame.collect()"
        return value

    def _value(self, wire: Wire) -> str:
        step = self._source.plan.step(wire.node)
        variable = self._variables[wire.node]
        return variable if len(step.outputs) == 1 else f"{variable}.{wire.port}"

    def _first_table(self, step: Step) -> str | None:
        """What the engine takes the roles of columns from."""
        for port in self._source.spec(step).inputs:
            for wire in step.inputs.get(port.name, ())[:1]:
                if not port.multiple and self._source.output_type(wire.node, wire.port) == "Table":
                    return self._value(wire)
        return None

    def _parameters(self, step: Step, signature: inspect.Signature, constants: list[Constant]) -> Iterator[str]:
        """Arguments whose value is not the function's own default, and the seeds, which people look for."""
        chosen = {parameter.name: parameter for parameter in self._source.selections(step)}
        seeds = {
            parameter.name
            for parameter in self._source.spec(step).parameters
            if parameter.kind == "seed" and step.params[parameter.name] is not None and parameter.is_active(step.params)
        }
        for name in step.params:
            default = signature.parameters[name].default
            value = self._source.value_of(step, name)
            if name in chosen:
                yield f"{name}={self._columns(step, chosen[name], constants)}"
            elif name in seeds or default is inspect.Parameter.empty or not _is_same(json_of(default), value):
                text = "None" if value is None else self._constant(step, name, value, constants)
                yield f"{name}={text}"

    def _left_out(self, step: Step, parameter: Parameter, names: Any) -> list[str] | None:
        """The columns that a selection leaves out, where it is shorter to name these."""
        known = self._source.columns_at(step, self._source.table_of(step, parameter) or "")
        there = known.names if known is not None else []
        is_own = self._source.reference(step, parameter.name) is None
        chosen = frozenset(names)
        left_out = [name for name in there if name not in chosen]
        is_short = len(names) >= FEW_COLUMNS and len(left_out) * 2 <= len(names)
        return left_out if is_own and is_short and names == [name for name in there if name in chosen] else None

    def _columns(self, step: Step, parameter: Parameter, constants: list[Constant]) -> str:
        names = _names(self._source, step, parameter)
        port = self._source.table_of(step, parameter) or ""
        [wire] = step.inputs[port]
        if names is not None:
            left_out = self._left_out(step, parameter, names)
            if left_out is None:
                return self._constant(step, parameter.name, names, constants)
            if not left_out:
                return f"{self._value(wire)}.names"
            constant = self._constant(step, f"{parameter.name}_left_out", left_out, constants)
            return f"[name for name in {self._value(wire)}.names if name not in {constant}]"
        selection = self._constant(step, parameter.name, step.params[parameter.name], constants)
        schema = f"{self._names.by_meaning[TABLE_SCHEMA]}.of({self._value(wire)})"
        place = f"parameter={literal_of(parameter.name)}, port={literal_of(port)}"
        place += ", optional=True" if parameter.kind == "columns" and parameter.optional else ""
        return f"{self._names.by_meaning[_resolver(parameter.kind)]}({selection}, {schema}, {place})"


def _is_same(default: Any, value: Any) -> bool:
    return default == value and type(default) is type(value)

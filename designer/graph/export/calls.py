"""The steps of a program: calls of functions, and constants for what they are set to."""

import ast
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from designer.graph.export.literals import literal_of
from designer.graph.export.naming import Names, free_name, identifier_of
from designer.graph.export.scripts import INPUTS, is_script
from designer.graph.export.shortening import Frame
from designer.graph.export.source import Source, dataset_key
from designer.graph.export.sources import Symbol
from designer.graph.export.symbols import ERROR, KIT, OWN_FUNCTIONS, TABLE_SCHEMA, plain_symbol
from designer.graph.plan import Step, Wire
from modules.kit import InputPort, ModuleError, Parameter
from modules.kit.ports import json_of
from modules.kit.selection import resolve, resolve_one

CHOOSING = ("choice", "boolean")
FEW_COLUMNS = 8
"""So many columns are always written one by one; more, where it is shorter, as all but some."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A named value that a person may change."""

    name: str
    value: str

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"


@dataclass(frozen=True, slots=True)
class StepCode:
    """A node as code: the parameters that it alone uses, and the call."""

    node: str
    variable: str
    comment: str
    constants: tuple[Constant, ...]
    code: str


def resolver_of(kind: str) -> Symbol:
    return Symbol(f"{KIT}.selection", "resolve_one" if kind == "column" else "resolve")


def names_of(source: Source, step: Step, parameter: Parameter) -> Any:
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


class Calls:
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
        names = names_of(self._source, step, parameter)
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
        return f"{self._names.by_meaning[resolver_of(parameter.kind)]}({selection}, {schema}, {place})"


def _is_same(default: Any, value: Any) -> bool:
    return default == value and type(default) is type(value)

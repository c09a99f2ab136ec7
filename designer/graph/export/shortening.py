"""Leave out of a program what this pipeline never does.

Three things are repeated until nothing changes. A parameter that all calls of a function give the same constant becomes
that constant, and what then is decided is left out (`folding`). A parameter that nothing reads goes. And what no step
reaches goes: functions, classes, constants, methods. Errors become one class (`raising`), and helpers keep the first
paragraph of their docstrings. What is left computes as it does in the library.
"""

import ast
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import chain

from designer.graph.export.code import Code
from designer.graph.export.folding import Facts, Folding, Known, bound_in, is_harmless
from designer.graph.export.raising import Raising

LONGEST_CHOICE = 60


@dataclass(frozen=True)
class Called:
    """A function: its parameters in order, those that it does not change with their defaults, and all its calls.

    A dataclass is one whose parameters are its fields.
    """

    order: list[str]
    defaults: Mapping[str, ast.expr | None]
    read: Collection[str]
    body: list[ast.stmt]
    calls: list[ast.Call] = field(default_factory=list)

    def given(self) -> dict[str, list[ast.expr | None]]:
        """What each call gives for a parameter; the default where it gives nothing."""
        given = [
            dict(zip(self.order, call.args, strict=False)) | {str(item.arg): item.value for item in call.keywords}
            for call in self.calls
        ]
        return {name: [found.get(name, default) for found in given] for name, default in self.defaults.items()}

    def returned(self) -> Known | None:
        """The constant that is all that the function gives and does."""
        match self.body:
            case [*before, ast.Return(value=ast.Constant(value=value))]:
                is_told = all(isinstance(getattr(item, "value", None), ast.Constant) for item in before)
                return Known(value) if is_told else None
        return None


@dataclass(frozen=True)
class Frame:
    """What is around the statements: names that are needed anyway, and the class of all errors.

    `choices` are the parameters of modules' own functions that the program need not offer any longer, by function;
    `values` are constants at its top for such parameters.
    """

    needed: Collection[str]
    choices: Mapping[str, Collection[str]]
    values: Mapping[str, ast.expr]
    error: str | None


class Shortening:
    """The statements of a program, which become fewer and shorter."""

    def __init__(self, codes: Iterable[Code], steps: Iterable[str], frame: Frame) -> None:
        self.codes = list(codes)
        self.steps = list(map(Code, steps))
        self._frame = frame

    @property
    def _all(self) -> Iterator[Code]:
        return chain(self.codes, self.steps)

    @property
    def used(self) -> set[str]:
        """All names of the program, and of packages, that are used."""
        return {name for code in self._all for name in code.used}

    def run(self) -> None:
        """Leave out what can be left out."""
        self._repeat(self._facts)
        self._change(self._raising())
        # What errors told beside their message is no longer read.
        self._repeat(self._facts)
        self._change(self._told_shortly)

    def _repeat(self, facts: Callable[[], Facts]) -> None:
        before: list[Code] = []
        while before != [*self._all]:
            before = [*self._all]
            self._reach()
            found = facts()
            self._change(lambda code: Folding(code, found).folded())  # noqa: B023  called at once

    def _change(self, change: Callable[[Code], Code]) -> None:
        self.codes = [code if code.is_own else change(code) for code in self.codes]
        self.steps = [change(code) for code in self.steps]
        self._reach()

    def _reach(self) -> None:
        """Keep what the steps need, and of classes the methods that something asks for by name."""
        by_name: dict[str, list[Code]] = {}
        for code in self.codes:
            for name in code.names:
                by_name.setdefault(name, []).append(code)
        found = {id(code) for code in self.codes if code.is_own}
        own = (name for code in self._all if code.is_own or code.section < 0 for name in code.used)
        waiting = deque([*self._frame.needed, *own])
        while waiting:
            for code in by_name.pop(waiting.popleft(), ()):
                found.add(id(code))
                waiting.extend(code.used)
        self.codes = [code for code in self.codes if id(code) in found]
        asked = {node.attr for code in self._all for node in code.nodes if isinstance(node, ast.Attribute)}
        self.codes = [_with_methods(code, asked) for code in self.codes]

    def _called(self) -> dict[str, Called]:
        """The functions and dataclasses of which all calls can be seen."""
        classes = (code.statement for code in self.codes if isinstance(code.statement, ast.ClassDef))
        plain = {statement.name for statement in classes if not statement.decorator_list}
        own = (code for code in self.codes if not code.is_own)
        found = {code.name: called for code in own if (called := _called(code.statement, plain)) is not None}
        for code in self._all:
            for place, name in code.uses.items():
                call = code.calls.get(place)
                if name not in found or (place in code.types and call is None):
                    continue
                if call is None or _is_open(call):
                    del found[name]
                else:
                    found[name].calls.append(call)
        return {name: called for name, called in found.items() if called.calls and name not in self._frame.needed}

    def _facts(self) -> Facts:
        found: dict[str, dict[str, Known]] = {}
        called = self._called()
        for name, item in called.items():
            free = self._frame.choices.get(name, item.defaults)
            for parameter, given in item.given().items():
                first, *others = map(self._value, given)
                if first is not None and parameter in free and all(map(first.is_same, others)):
                    found.setdefault(name, {})[parameter] = first
        classes = {code.name: code for code in self.codes if isinstance(code.statement, ast.ClassDef)}
        changed = set(self._changed_fields())
        facts = Facts(
            fixed={name: values for name, values in found.items() if name not in classes},
            constants=self._constants(),
            returns={name: value for name, item in called.items() if (value := item.returned()) is not None},
            kinds=self._kinds(classes),
            fields={
                name: {field: value for field, value in found[name].items() if field not in changed}
                for name in classes.keys() & found.keys()
            },
        )
        gone = {name: set(values) for name, values in facts.fixed.items()}
        for name, item in called.items():
            ports = item.order if name in self._frame.choices else []
            for parameter, given in item.given().items():
                is_read = parameter in item.read or parameter in ports or name in classes
                if not is_read and all(value is None or is_harmless(value) for value in given):
                    gone.setdefault(name, set()).add(parameter)
        return replace(facts, dropped=gone, order={name: item.order for name, item in called.items()})

    def _changed_fields(self) -> Iterator[str]:
        """The names of attributes that something sets, or `replace` does."""
        for code in self._all:
            for node in code.nodes:
                match node:
                    case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del()):
                        yield name
                    case ast.Call(func=ast.Name(id="replace"), keywords=keywords):
                        yield from (str(keyword.arg) for keyword in keywords)

    def _value(self, node: ast.expr | None) -> Known | None:
        """What an argument chooses; numbers choose nothing, and long texts are content."""
        if isinstance(node, ast.Name):
            node = self._frame.values.get(node.id)
        match node:
            case ast.Constant(value=None | bool() as value):
                return Known(value)
            case ast.Constant(value=str(value)) if value.isprintable() and len(value) < LONGEST_CHOICE:
                return Known(value)
        return None

    def _constants(self) -> dict[str, ast.expr]:
        """The values of names that are given one once, and of which nothing changes a part."""
        found: dict[str, list[ast.expr | None]] = {}
        for node in (node for code in self.codes for node in code.nodes):
            match node:
                case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
                    found[name] = [None]
                case ast.Global(names=names):
                    found |= {name: [None] for name in names}
        for code in self.codes:
            match code.statement:
                case ast.Assign(targets=[ast.Name()], value=value) | ast.AnnAssign(value=value):
                    pass
                case _:
                    value = None
            for name in code.names:
                found.setdefault(name, []).append(value)
        return {name: values[0] for name, values in found.items() if len(values) == 1 and values[0] is not None}

    def _kinds(self, classes: Mapping[str, Code]) -> dict[str, frozenset[str]]:
        """Of each class those that inherit from it, itself among them, of which the program can have instances."""
        bases = {name: getattr(code.statement, "bases", []) for name, code in classes.items()}
        asked = {id(base) for found in bases.values() for base in found}
        made = set(self._frame.needed)
        for code in self._all:
            made |= {name for at, name in code.uses.items() if name != code.name and at not in code.types | asked}
        found: dict[str, set[str]] = {name: set() for name in classes}
        for name in made & set(classes):
            waiting = [name]
            while waiting:
                found[waiting[-1]].add(name)
                waiting += [base.id for base in bases[waiting.pop()] if getattr(base, "id", "") in classes]
        return {name: frozenset(kinds) for name, kinds in found.items()}

    def _raising(self) -> Callable[[Code], Code]:
        base = self._frame.error or ""
        classes = {
            code.name: deepcopy(code.statement)
            for code in self.codes
            if isinstance(code.statement, ast.ClassDef)
            and base in {code.name, *(getattr(item, "id", "") for item in code.statement.bases)}
        }
        handlers = (node.type for code in self.codes for node in code.nodes if isinstance(node, ast.ExceptHandler))
        caught = {getattr(node, "id", "") for kind in handlers if kind for node in ast.walk(kind)}
        return lambda code: Raising(code, base, classes, frozenset(caught)).raised()

    def _told_shortly(self, code: Code) -> Code:
        """The statement with the first paragraphs of docstrings; the modules' own functions keep theirs."""
        is_changed = False
        for node in code.nodes if code.name not in self._frame.choices else ():
            if (
                isinstance(node, ast.FunctionDef | ast.ClassDef)
                and (told := ast.get_docstring(node))
                and "\n\n" in told
            ):
                node.body[0] = ast.Expr(ast.Constant(told.partition("\n\n")[0]))
                is_changed = True
        return code.changed() if is_changed else code


def _with_methods(code: Code, asked: Collection[str]) -> Code:
    """A class that inherits from nothing with the methods that something asks for."""
    statement = code.statement
    if not isinstance(statement, ast.ClassDef) or statement.bases or code.is_own:
        return code
    gone = [
        item
        for item in statement.body
        if isinstance(item, ast.FunctionDef) and not item.name.startswith("__") and item.name not in asked
    ]
    statement.body = [item for item in statement.body if item not in gone]
    return code.changed() if gone else code


def _is_open(call: ast.Call) -> bool:
    """Tell whether a call gives arguments that cannot be told apart."""
    return any(isinstance(item, ast.Starred) for item in call.args) or any(item.arg is None for item in call.keywords)


def _called(statement: ast.stmt, plain: Collection[str]) -> Called | None:
    """A function, or a dataclass that inherits from plain classes only; None where its calls cannot be followed."""
    match statement:
        case ast.FunctionDef(decorator_list=[], args=ast.arguments(posonlyargs=[], vararg=None, kwarg=None) as given):
            order = [argument.arg for argument in given.args]
            defaults: dict[str, ast.expr | None] = dict.fromkeys(order)
            defaults |= dict(zip(reversed(order), reversed(given.defaults), strict=False))
            defaults |= {item.arg: value for item, value in zip(given.kwonlyargs, given.kw_defaults, strict=True)}
            bound = bound_in(ast.walk(statement))
            kept = {name: value for name, value in defaults.items() if bound.count(name) == 1}
            read = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
            return Called(order, kept, read, statement.body)
        case ast.ClassDef(decorator_list=[_], bases=bases, body=body) if {getattr(b, "id", "") for b in bases} <= {
            *plain
        }:
            items = [item for item in body if isinstance(item, ast.AnnAssign)]
            fields = {str(getattr(item.target, "id", "")): item.value for item in items}
            return Called(list(fields), fields, set(), [])
    return None

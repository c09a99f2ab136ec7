"""The decorator that makes a typed function a module."""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, ParamSpec, TypeVar

from pydantic import JsonValue

from modules.kit.fingerprint import fingerprint_of
from modules.kit.names import offer
from modules.kit.signature import spec_of
from modules.kit.spec import ModuleSpec
from modules.kit.traits import Learns, Splits

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
SchemaFunction = TypeVar("SchemaFunction", bound=Callable[..., Any])
Facts = list[dict[str, JsonValue]]
FACTS = "facts"
"""The name under which a step hands its facts on, among the small tables that it reports."""
FactsFunction = TypeVar("FactsFunction", bound=Callable[..., Facts])


class Module(Generic[Arguments, Result]):
    """A function that is also a module: calling it calls the function."""

    def __init__(
        self,
        function: Callable[Arguments, Result],
        *,
        version: int,
        title: str | None,
        deterministic: bool,
        reads_outside: bool | Mapping[str, object] = False,
        learns: Learns | bool | None = None,
        splits: Splits | None = None,
    ) -> None:
        self.function = function
        self.schema_function: Callable[..., Any] | None = None
        self.facts_function: Callable[..., Facts] | None = None
        self.foresee_function: Callable[..., Mapping[str, JsonValue]] | None = None
        self._version = version
        self._title = title
        self._deterministic = deterministic
        self._reads_outside = reads_outside
        self._learns = learns
        self._splits = splits
        functools.update_wrapper(self, function)

    def __call__(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        return self.function(*args, **kwargs)

    def schema(self, function: SchemaFunction) -> SchemaFunction:
        """Declare what is known of the outputs before a run.

        The function names only the arguments it needs. A table input is a TableSchema, a learner or model a
        ModelSchema, either None where unknown; column parameters are names, the other parameters plain values. It
        returns one schema or None, or a tuple with one for each output.
        """
        self.schema_function = function
        return function

    def facts(self, function: FactsFunction) -> FactsFunction:
        """Declare what a run finds in the outputs that is worth a word of advice.

        The function names the outputs it needs, which it gets as they are stored, as tables. It returns rows of JSON.
        They never change a result: where the function fails, the log says so and there are none.
        """
        self.facts_function = function
        return function

    def foresee(self, function: SchemaFunction) -> SchemaFunction:
        """Declare what a program is told in the arguments that are marked `Foreseen`.

        The function takes the schemas of the tables that come in, all of them known, and returns values by the names of
        the arguments, None where it cannot tell. The module must do the same with these values as without.
        """
        self.foresee_function = function
        return function

    @cached_property
    def spec(self) -> ModuleSpec:
        """The declaration of the module; raises DeclarationError."""
        return spec_of(
            self.function,
            version=self._version,
            title=self._title,
            deterministic=self._deterministic,
            reads_outside=self._reads_outside,
            learns=self._learns,
            splits=self._splits,
        )

    @property
    def entry(self) -> str:
        """Where a step process finds the function: `package.file:name`."""
        return f"{self.function.__module__}:{self.function.__name__}"

    @property
    def fingerprint(self) -> str:
        """A digest of the source that the result depends on."""
        return fingerprint_of(self.function.__module__)


def module(
    *,
    deterministic: bool = True,
    reads_outside: bool | Mapping[str, object] = False,
    learns: Learns | bool | None = None,
    splits: Splits | None = None,
    version: int = 1,
    title: str | None = None,
) -> Callable[[Callable[Arguments, Result]], Module[Arguments, Result]]:
    """Declare a typed function as a module of the designer.

    `deterministic=False` says that equal inputs may give different outputs; `reads_outside` that the result depends on
    something that is neither input nor parameter, such as a web page: always, or where parameters have the values
    named. Results of both are never reused.

    `learns` says that something is taken from all rows of the table (True for values); what gives a transformation does
    so unless it says False. `splits` says that no row comes out at two outputs.
    """

    def declare(function: Callable[Arguments, Result]) -> Module[Arguments, Result]:
        return Module(
            function,
            version=version,
            title=title,
            deterministic=deterministic,
            reads_outside=reads_outside,
            learns=learns,
            splits=splits,
        )

    return declare


@dataclass(frozen=True)
class Definition:
    """A module as the catalogue gives it: its declaration and its functions."""

    spec: ModuleSpec
    function: Callable[..., Any]
    schema_function: Callable[..., Any] | None
    entry: str
    fingerprint: str
    foresee_function: Callable[..., Mapping[str, JsonValue]] | None = None

    @classmethod
    def of(cls, declared: "Module[..., Any]") -> "Definition":
        """Read a declared module; raises DeclarationError."""
        return cls(
            declared.spec,
            declared.function,
            declared.schema_function,
            declared.entry,
            declared.fingerprint,
            declared.foresee_function,
        )


class Catalog:
    """The modules that a document may use, each in one or more versions."""

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self._versions: dict[str, dict[int, Definition]] = {}
        for definition in definitions:
            versions = self._versions.setdefault(definition.spec.id, {})
            known = versions.get(definition.spec.version)
            if known is not None and known.entry != definition.entry:
                raise ValueError(
                    f"{known.entry} and {definition.entry} are both {definition.spec.id}@{definition.spec.version}"
                )
            versions[definition.spec.version] = definition

    def find(self, module_id: str, version: int | None = None) -> Definition | None:
        """Find a module in a version, or in its newest; None where there is none."""
        versions = self._versions.get(module_id)
        return versions.get(max(versions) if version is None else version) if versions else None

    def get(self, module_id: str, version: int | None = None) -> Definition:
        """Find a module; raises KeyError with the nearest name."""
        found = self.find(module_id, version)
        if found is None:
            raise KeyError(f"module `{module_id}` is not known{offer(module_id, self._versions)}")
        return found

    def versions(self, module_id: str) -> list[int]:
        """The versions of a module, oldest first; empty where it is unknown."""
        return sorted(self._versions.get(module_id, {}))

    @property
    def ids(self) -> list[str]:
        """The ids of all modules."""
        return sorted(self._versions)

    def specs(self) -> list[ModuleSpec]:
        """The newest declaration of each module: categories as they were found, and in each by title."""
        newest = [self.get(module_id).spec for module_id in self._versions]
        order = {category: place for place, category in enumerate(dict.fromkeys(spec.category for spec in newest))}
        return sorted(newest, key=lambda spec: (order[spec.category], spec.title))

    def __iter__(self) -> Iterator[Definition]:
        for module_id in self.ids:
            yield self.get(module_id)

    def __len__(self) -> int:
        return len(self._versions)

    def __contains__(self, module_id: object) -> bool:
        return module_id in self._versions

"""The declaration of a module as data: what the palette, the form, the checks and the API read."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from modules.kit.params import ParameterKind
from modules.kit.traits import Learnt

TableForm = Literal["lazy", "eager", "table", "value"]
Condition = dict[str, list[JsonValue]]
"""Parameters and the values that they must have, all at once."""


class Declared(BaseModel):
    """Frozen data that survives JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class InputPort(Declared):
    """Where a wire may end; `form` tells the engine how the function wants a table."""

    name: str
    title: str
    type: str
    help: str = ""
    required: bool = True
    multiple: bool = False
    form: TableForm = "value"


class OutputPort(Declared):
    """Where wires may start."""

    name: str
    title: str
    type: str
    help: str = ""
    form: TableForm = "value"


class Choice(Declared):
    """One of the values of a choice parameter."""

    value: str | int | bool | None
    title: str


class Parameter(Declared):
    """What a user sets; it counts where other parameters have the values in `when`, or in one of several such."""

    name: str
    title: str
    kind: ParameterKind
    help: str
    default: JsonValue = None
    required: bool = False
    nullable: bool = False
    optional: bool = False
    minimum: float | None = None
    exclusive_minimum: float | None = None
    maximum: float | None = None
    exclusive_maximum: float | None = None
    choices: tuple[Choice, ...] | None = None
    when: Condition | list[Condition] | None = None
    port: str | None = None
    language: Literal["python", "r", "sql", "text"] | None = None
    unique: bool = False

    def is_active(self, values: dict[str, JsonValue]) -> bool:
        """Tell whether this parameter counts, given the complete values of all."""
        return _holds_one_of(self.conditions, values)

    @property
    def conditions(self) -> list[Condition]:
        """The conditions of which one must hold for this to count; none where it always counts."""
        if not self.when:
            return []
        return self.when if isinstance(self.when, list) else [self.when]


def _holds(condition: Condition, values: dict[str, JsonValue]) -> bool:
    return all(values.get(other) in allowed for other, allowed in condition.items())


def _holds_one_of(conditions: list[Condition], values: dict[str, JsonValue]) -> bool:
    return not conditions or any(_holds(condition, values) for condition in conditions)


class Learning(Declared):
    """What a module takes from all rows of its table, and under which of several conditions; none means always."""

    what: Learnt
    when: list[Condition] = Field(default_factory=list)


class Division(Declared):
    """A module divides its rows among its outputs; `at_random` is when chance decides, None where it never does."""

    at_random: Condition | None = None


class ModuleSpec(Declared):
    """Everything the product knows about a module, derived from its function.

    `reads_outside` is the condition under which its result depends on more than inputs and parameters: empty for
    always, None for never. `learns` and `splits` are what `Learns` and `Splits` say; a module that gives a
    transformation learns values unless it says otherwise.
    """

    id: str
    version: int
    title: str
    category: str
    category_id: str
    summary: str
    description: str
    deterministic: bool
    reads_outside: Condition | None = None
    learns: Learning | None = None
    splits: Division | None = None
    inputs: tuple[InputPort, ...]
    outputs: tuple[OutputPort, ...]
    parameters: tuple[Parameter, ...]

    def does_read_outside(self, values: dict[str, JsonValue]) -> bool:
        """Tell whether the result depends on the outside world, given the complete values of all parameters."""
        return self.reads_outside is not None and _holds(self.reads_outside, values)

    def learnt(self, values: dict[str, JsonValue]) -> Learnt | None:
        """What it takes from all rows of its table, given the complete values of all parameters."""
        learns = self.learns
        return learns.what if learns is not None and _holds_one_of(learns.when, values) else None

    def does_split_at_random(self, values: dict[str, JsonValue]) -> bool:
        """Tell whether chance divides the rows, given the complete values of all parameters."""
        return self.splits is not None and self.splits.at_random is not None and _holds(self.splits.at_random, values)

    def input(self, name: str) -> InputPort | None:
        """Find an input by name."""
        return next((port for port in self.inputs if port.name == name), None)

    def output(self, name: str) -> OutputPort | None:
        """Find an output by name."""
        return next((port for port in self.outputs if port.name == name), None)

    def parameter(self, name: str) -> Parameter | None:
        """Find a parameter by name."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)

    def to_json(self) -> dict[str, JsonValue]:
        """Write the declaration as JSON."""
        return self.model_dump(mode="json")

    @classmethod
    def from_json(cls, data: JsonValue) -> Self:
        """Read what `to_json` wrote."""
        return cls.model_validate(data)

"""What a user can set on a module: the metadata and the kinds of parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal

from pydantic import JsonValue

ParameterKind = Literal[
    "integer",
    "number",
    "integers",
    "numbers",
    "text",
    "choice",
    "boolean",
    "column",
    "columns",
    "seed",
    "script",
    "path",
    "secret",
]

LARGEST_SEED: Final = 4_294_967_295

ALL_COLUMNS: Final[dict[str, JsonValue]] = {"base": "all"}
"""The selection that takes every column: `Param(initial=ALL_COLUMNS)`."""

NO_COLUMNS: Final[dict[str, JsonValue]] = {"base": "none", "rules": []}
"""The selection that takes none: `Param(initial=NO_COLUMNS, optional=True)` gives the function an empty list."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Marks a type as a kind of parameter that Python's own types do not tell."""

    name: ParameterKind


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Marks an argument that nobody sets: a run leaves its default, a program gives it what `Module.foresee` tells."""


Column = Annotated[str, Kind("column")]
"""One column: the function receives its name."""

Columns = Annotated[list[str], Kind("columns")]
"""Several columns: the function receives their names, in the order of the selection."""

Seed = Annotated[int, Kind("seed")]
"""A number that fixes what is drawn; `Seed | None` is drawn anew for each run when blank."""

Numbers = Annotated[str, Kind("numbers")]
"""A list of numbers, as in ``0.1; 0.25``: the function receives the text, the bounds count for each number."""

Integers = Annotated[str, Kind("integers")]
"""A list of whole numbers, as in ``1; 8; 32``: the function receives the text."""

Script = Annotated[str, Kind("script")]
"""A program text, edited in a code editor."""

DataPath = Annotated[str, Kind("path")]
"""The id of an uploaded file; `context.data_path(id)` gives its place on disk."""

Secret = Annotated[str, Kind("secret")]
"""The name of a secret of the workspace; `context.secret(name)` gives what it is."""


# Compared by identity: `Annotated[...] | None` hashes its metadata, and a mapping has no hash.
@dataclass(frozen=True, slots=True, eq=False)
class Param:
    """Describe one parameter to the person who sets it.

    `when` names parameters and the values (one, or a tuple of several) under which this one counts; of several such
    conditions in a tuple, one must hold. `initial` is the JSON value of a new node where the Python default cannot say
    it, as with column selections. `port` names the input whose columns are chosen from; without it, the first table.
    `titles` gives titles to single choices. `optional` lets a column selection be empty.
    `unique` says that nodes of one module have different values in a pipeline.
    """

    help: str
    title: str | None = None
    ge: float | None = field(default=None, kw_only=True)
    gt: float | None = field(default=None, kw_only=True)
    le: float | None = field(default=None, kw_only=True)
    lt: float | None = field(default=None, kw_only=True)
    when: Mapping[str, object] | tuple[Mapping[str, object], ...] | None = field(default=None, kw_only=True)
    initial: JsonValue = field(default=None, kw_only=True)
    port: str | None = field(default=None, kw_only=True)
    language: Literal["python", "r", "sql", "text"] | None = field(default=None, kw_only=True)
    titles: Mapping[str, str] | None = field(default=None, kw_only=True)
    optional: bool = field(default=False, kw_only=True)
    unique: bool = field(default=False, kw_only=True)

"""How a parameter and a port are annotated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

Kind = Literal[
    "integer", "number", "text", "choice", "boolean", "column", "columns", "seed", "script", "path"
]

ALL_COLUMNS: dict[str, Any] = {"base": "all"}


@dataclass(frozen=True)
class KindMark:
    """Names the editor and the check of a parameter where its Python type does not."""

    kind: Kind


# Identity, not equality: `Annotated[...] | None` hashes its metadata, and a mapping has no hash.
@dataclass(frozen=True, eq=False)
class Param:
    """What a person reads of a parameter, and its bounds.

    ``when`` shows the parameter only while another one has a value (or one of several).
    ``initial`` is the JSON default where a Python default would not do, as for column selections.
    ``port`` names the table whose columns are offered; none means the first table.
    """

    help: str
    title: str | None = None
    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    lt: float | None = None
    when: Mapping[str, Any] = field(default_factory=dict)
    initial: Any = None
    port: str | None = None
    language: str | None = None
    choice_titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Port:
    """Name and help of an input or an output."""

    name: str | None = None
    help: str = ""
    title: str | None = None


# The engine resolves a column selection against the real table before the call, so that a module
# receives plain names and its body can be pasted into a notebook.
Column = Annotated[str, KindMark("column")]
Columns = Annotated[list[str], KindMark("columns")]
Seed = Annotated[int, KindMark("seed"), Param("", ge=0, le=2**32 - 1)]
Script = Annotated[str, KindMark("script")]
DataPath = Annotated[str, KindMark("path")]

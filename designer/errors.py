"""What goes wrong outside modules.

DesignerError
├── InvalidDocument(problems)   everything wrong with a document, at once
├── NotExportable               what cannot be taken away in the form that was asked for
├── NotFound   NotAllowed   Conflict(current)   QuotaExceeded(used, limit)   Unavailable
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, JsonValue


class Problem(BaseModel):
    """One thing that is wrong with a document: where, what was found, what is expected.

    `values` are what the sentence is made of, by name, so that it can be said in other words: in another language, with
    titles in place of names. `how` among them tells sentences of one code apart.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    message: str
    node: str | None = None
    key: str | None = None
    found: Any = None
    expected: str | None = None
    line: int | None = None
    hint: str | None = None
    values: dict[str, JsonValue] = {}
    severity: Literal["error", "warning"] = "error"


class DesignerError(Exception):
    """The base of what this product raises on purpose."""


class InvalidDocument(DesignerError):
    """Everything that is wrong with a document."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(problem.message for problem in self.problems[:5]))


class NotExportable(DesignerError):
    """Something has no form that it could be taken away in; the message says what and why."""


class NotFound(DesignerError):
    """There is no such thing in this workspace."""


class NotAllowed(DesignerError):
    """The caller may not do this."""


class Conflict(DesignerError):
    """Somebody else has changed the thing; ``current`` is its digest now."""

    def __init__(self, message: str, *, current: str) -> None:
        super().__init__(message)
        self.current = current


class QuotaExceeded(DesignerError):
    """A limit of the workspace is reached."""

    def __init__(self, message: str, *, used: int, limit: int) -> None:
        super().__init__(message)
        self.used = used
        self.limit = limit


class Unavailable(DesignerError):
    """A part that is needed does not answer now."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is meant, most likely."""
    exact = {item.lower(): item for item in known}
    near = get_close_matches(name.lower(), exact, n=1, cutoff=0.6)
    return exact[near[0]] if near else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Give "; did you mean 'x'?" where a known name is near, else nothing."""
    near = nearest(name, known)
    return f"; did you mean '{near}'?" if near else ""

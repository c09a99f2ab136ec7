"""What goes to a step process and what comes back: small JSON messages."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from designer.engine.retries import Ending
from designer.graph.plan import Step


class Message(BaseModel):
    """Immutable data that survives JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class UploadedFile(Message):
    """A file that a person brought: its name there, and its bytes in the store."""

    name: str
    digest: str


class StepRequest(Message):
    """A step, the digests of the artifacts that flow into it by port, and the uploads that it names by id.

    `threads` bounds what numeric libraries use at a time; None leaves it to them.
    """

    step: Step
    inputs: dict[str, tuple[str, ...]] = {}
    files: dict[str, UploadedFile] = {}
    secrets: dict[str, str] = Field(default={}, repr=False)
    threads: int | None = None


class StoredOutput(Message):
    """An output that a step has saved."""

    digest: str
    type: str
    meta: dict[str, JsonValue]


class Failure(Message):
    """Why a step ended without a result; `values` are what the message is made of, where it is always the same."""

    code: str
    message: str
    module: str | None = None
    parameter: str | None = None
    port: str | None = None
    column: str | None = None
    hint: str | None = None
    traceback: str | None = None
    values: dict[str, JsonValue] = {}


class Done(Message):
    """A step's outputs by port, and the numbers and small tables that it reported."""

    kind: Literal["done"] = "done"
    outputs: dict[str, StoredOutput]
    metrics: dict[str, float | None] = {}
    tables: dict[str, list[dict[str, JsonValue]]] = {}
    seconds: float


class Failed(Message):
    """A step's failure; `missing` are artifacts that it needed and that are no longer in the store."""

    kind: Literal["failed"] = "failed"
    failure: Failure
    seconds: float
    ending: Ending = "failed"
    missing: tuple[str, ...] = ()


Outcome = Annotated[Done | Failed, Field(discriminator="kind")]

"""What goes to a step process and what comes back: small JSON messages."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from designer.graph.plan import Step


class Message(BaseModel):
    """Immutable data that survives JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class StepRequest(Message):
    """A step and the digests of the artifacts that flow into it, by port."""

    step: Step
    inputs: dict[str, tuple[str, ...]] = {}


class StoredOutput(Message):
    """An output that a step has saved."""

    digest: str
    type: str
    meta: dict[str, JsonValue]


class Failure(Message):
    """Why a step ended without a result."""

    code: str
    message: str
    module: str | None = None
    parameter: str | None = None
    port: str | None = None
    column: str | None = None
    hint: str | None = None
    traceback: str | None = None


class Done(Message):
    """A step's outputs by port, and the numbers that it reported."""

    kind: Literal["done"] = "done"
    outputs: dict[str, StoredOutput]
    metrics: dict[str, float | None] = {}
    seconds: float


class Failed(Message):
    """A step's failure."""

    kind: Literal["failed"] = "failed"
    failure: Failure
    seconds: float


Outcome = Annotated[Done | Failed, Field(discriminator="kind")]
Json = dict[str, Any]

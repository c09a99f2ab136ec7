"""The recorded facts of a run: what happened, past tense, numbered from 1 without a gap."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, JsonValue, TypeAdapter

from designer.engine.step import Failure, Message, StoredOutput

StepKind = Literal[
    "step_queued",
    "step_started",
    "step_reused",
    "step_completed",
    "step_failed",
    "step_skipped",
    "step_cancelled",
]
RunKind = Literal["run_started", "run_completed", "run_failed", "run_cancelled"]


class NoData(Message):
    """A fact that says all by its kind."""


class Queued(Message):
    """Waiting for a worker; `error` is why the attempt before it ended, `due_at` when it starts at the earliest."""

    attempt: int = 1
    error: Failure | None = None
    due_at: AwareDatetime | None = None


class Started(Message):
    """A worker has begun an attempt."""

    attempt: int = 1


class Outputs(Message):
    """A step has its outputs: computed, or taken from an earlier run."""

    outputs: dict[str, StoredOutput]
    metrics: dict[str, float | None] = Field(default_factory=dict)
    tables: dict[str, list[dict[str, JsonValue]]] = Field(default_factory=dict)
    seconds: float | None = None


class Error(Message):
    """A step has ended without a result; `seconds` is the time that its last attempt took."""

    error: Failure
    seconds: float | None = None


class Recorded(Message):
    """What all events have."""

    seq: Annotated[int, Field(ge=1)]
    at: AwareDatetime


class StepQueued(Recorded):
    """A step may run as soon as a worker is free."""

    kind: Literal["step_queued"] = "step_queued"
    node: str
    data: Queued = Queued()


class StepStarted(Recorded):
    """A worker runs a step."""

    kind: Literal["step_started"] = "step_started"
    node: str
    data: Started = Started()


class StepReused(Recorded):
    """An earlier result stands in for a step."""

    kind: Literal["step_reused"] = "step_reused"
    node: str
    data: Outputs


class StepCompleted(Recorded):
    """A step has a result."""

    kind: Literal["step_completed"] = "step_completed"
    node: str
    data: Outputs


class StepFailed(Recorded):
    """A step has no result and is not tried again."""

    kind: Literal["step_failed"] = "step_failed"
    node: str
    data: Error


class StepSkipped(Recorded):
    """A step cannot run: one above it has no result."""

    kind: Literal["step_skipped"] = "step_skipped"
    node: str
    data: NoData = NoData()


class StepCancelled(Recorded):
    """A person ended a step."""

    kind: Literal["step_cancelled"] = "step_cancelled"
    node: str
    data: NoData = NoData()


class RunChanged(Recorded):
    """A run as a whole has begun or ended."""

    kind: RunKind
    node: None = None
    data: NoData = NoData()


StepEvent = StepQueued | StepStarted | StepReused | StepCompleted | StepFailed | StepSkipped | StepCancelled
Event = Annotated[StepEvent | RunChanged, Field(discriminator="kind")]

EVENTS: TypeAdapter[StepEvent | RunChanged] = TypeAdapter(Event)


def read_event(data: Any) -> StepEvent | RunChanged:
    """Read an event from its JSON form; raises ValidationError."""
    return EVENTS.validate_python(data)

"""The state of a run as a fold over its events. The browser has the same fold, tested against the same file."""

from collections.abc import Iterable, Mapping
from typing import Literal, assert_never

from pydantic import AwareDatetime, Field, JsonValue

from designer.engine.events import (
    RunChanged,
    StepCancelled,
    StepCompleted,
    StepEvent,
    StepFailed,
    StepQueued,
    StepReused,
    StepSkipped,
    StepStarted,
)
from designer.engine.step import Failure, Message, StoredOutput

StepStatus = Literal["waiting", "queued", "running", "completed", "reused", "failed", "skipped", "cancelled"]
RunStatus = Literal["queued", "running", "completed", "failed", "cancelled"]

STEP_STATUS: Mapping[str, StepStatus] = {
    "step_queued": "queued",
    "step_started": "running",
    "step_reused": "reused",
    "step_completed": "completed",
    "step_failed": "failed",
    "step_skipped": "skipped",
    "step_cancelled": "cancelled",
}
RUN_STATUS: Mapping[str, RunStatus] = {
    "run_started": "running",
    "run_completed": "completed",
    "run_failed": "failed",
    "run_cancelled": "cancelled",
}
STEP_MAY_FOLLOW: Mapping[str, frozenset[str]] = {
    "queued": frozenset({"waiting", "running"}),  # again for a retry or after a lost worker
    "running": frozenset({"queued"}),
    "reused": frozenset({"waiting"}),
    "completed": frozenset({"waiting", "running"}),  # a dataset needs no worker
    "failed": frozenset({"waiting", "running"}),  # a dataset needs no worker to be gone
    "skipped": frozenset({"waiting"}),
    "cancelled": frozenset({"waiting", "queued", "running"}),
}
RUN_MAY_FOLLOW: Mapping[str, frozenset[str]] = {
    "running": frozenset({"queued"}),
    "completed": frozenset({"running"}),
    "failed": frozenset({"running"}),
    "cancelled": frozenset({"queued", "running"}),
}
FINAL_STEP: frozenset[str] = frozenset({"completed", "reused", "failed", "skipped", "cancelled"})
FINAL_RUN: frozenset[str] = frozenset({"completed", "failed", "cancelled"})


class WrongTransition(ValueError):
    """An event does not fit the state: out of order, or about something that cannot happen now."""


class NodeState(Message):
    """Where a node stands; `due_at` is when a queued attempt begins, where that is not at once."""

    status: StepStatus = "waiting"
    attempt: int = 1
    due_at: AwareDatetime | None = None
    queued_at: AwareDatetime | None = None
    started_at: AwareDatetime | None = None
    finished_at: AwareDatetime | None = None
    seconds: float | None = None
    error: Failure | None = None
    metrics: dict[str, float | None] = Field(default_factory=dict)
    tables: dict[str, list[dict[str, JsonValue]]] = Field(default_factory=dict)
    outputs: dict[str, StoredOutput] = Field(default_factory=dict)


class RunState(Message):
    """Where a run stands after the event number `seq`."""

    status: RunStatus = "queued"
    seq: int = 0
    started_at: AwareDatetime | None = None
    finished_at: AwareDatetime | None = None
    nodes: dict[str, NodeState]

    @classmethod
    def at_start(cls, nodes: Iterable[str]) -> "RunState":
        """A run before its first event."""
        return cls(nodes={node: NodeState() for node in nodes})


def apply(state: RunState, event: StepEvent | RunChanged) -> RunState:
    """The state after the next event; raises WrongTransition where it is not the next, or cannot be."""
    if event.seq != state.seq + 1:
        raise WrongTransition(f"Event {event.seq} came after event {state.seq}")
    if isinstance(event, RunChanged):
        return state.model_copy(update=_run_changes(state, event))
    before = state.nodes.get(event.node)
    if before is None:
        raise WrongTransition(f"Event {event.seq} is about node '{event.node}', which the run does not have")
    if state.status in FINAL_RUN:
        raise WrongTransition(f"Event {event.seq} is about node '{event.node}' of a run that is {state.status}")
    _require(STEP_MAY_FOLLOW, before.status, STEP_STATUS[event.kind], f"node '{event.node}'")
    after = before.model_copy(update=_step_changes(event))
    return state.model_copy(update={"seq": event.seq, "nodes": {**state.nodes, event.node: after}})


def fold(state: RunState, events: Iterable[StepEvent | RunChanged]) -> RunState:
    """The state after several events."""
    for event in events:
        state = apply(state, event)
    return state


def _run_changes(state: RunState, event: RunChanged) -> dict[str, object]:
    status = RUN_STATUS[event.kind]
    _require(RUN_MAY_FOLLOW, state.status, status, "the run")
    moment = "started_at" if status == "running" else "finished_at"
    return {"seq": event.seq, "status": status, moment: event.at}


def _step_changes(event: StepEvent) -> dict[str, object]:
    changes: dict[str, object] = {"status": STEP_STATUS[event.kind], "due_at": None}
    match event:
        case StepQueued():
            return changes | {"queued_at": event.at, "attempt": event.data.attempt, "due_at": event.data.due_at}
        case StepStarted():
            return changes | {"started_at": event.at, "attempt": event.data.attempt}
        case StepReused() | StepCompleted():
            return changes | {"finished_at": event.at, **dict(event.data)}
        case StepFailed():
            return changes | {"finished_at": event.at, **dict(event.data)}
        case StepSkipped() | StepCancelled():
            return changes | {"finished_at": event.at}
        case _:
            assert_never(event)


def _require(may_follow: Mapping[str, frozenset[str]], before: str, after: str, what: str) -> None:
    if before not in may_follow[after]:
        raise WrongTransition(f"{what} is {before} and cannot become {after}")

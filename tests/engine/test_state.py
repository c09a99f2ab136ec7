"""The fold of a run's events."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from designer.engine.events import EVENTS, read_event
from designer.engine.schedule import FINAL, ready
from designer.engine.state import (
    FINAL_RUN,
    FINAL_STEP,
    STEP_MAY_FOLLOW,
    STEP_STATUS,
    RunState,
    WrongTransition,
    apply,
    fold,
)
from designer.graph.plan import Plan
from tests.engine.test_schedule import plans

FIXTURE = json.loads((Path(__file__).parents[1] / "fixtures" / "run_events.json").read_text("utf-8"))
START = datetime(2026, 1, 1, tzinfo=UTC)
ERROR = {"error": {"code": "1000", "message": "It failed"}}
DATA: dict[str, dict[str, Any]] = {
    "step_reused": {"outputs": {}, "metrics": {}},
    "step_completed": {"outputs": {}, "metrics": {"R2": 1.0}},
    "step_failed": ERROR,
}


def event(seq: int, kind: str, node: str | None = None, **data: Any) -> Any:
    moment = (START + timedelta(seconds=seq)).isoformat()
    return read_event({"seq": seq, "at": moment, "kind": kind, "node": node, "data": {**DATA.get(kind, {}), **data}})


def test_the_shared_events_end_in_the_shared_state() -> None:
    state = fold(RunState.at_start(FIXTURE["nodes"]), [read_event(item) for item in FIXTURE["events"]])
    assert state.model_dump(mode="json") == FIXTURE["state"]


def test_a_step_that_waits_to_be_tried_again_says_which_attempt_that_is_and_when_it_begins() -> None:
    midway = FIXTURE["midway"]
    events = [read_event(item) for item in FIXTURE["events"] if item["seq"] <= midway["seq"]]
    state = fold(RunState.at_start(FIXTURE["nodes"]), events).model_dump(mode="json")
    assert {key: state[key] for key in ("seq", "status")} == {key: midway[key] for key in ("seq", "status")}
    for node, expected in midway["nodes"].items():
        assert {key: state["nodes"][node][key] for key in expected} == expected


def test_events_survive_json() -> None:
    events = [read_event(item) for item in FIXTURE["events"]]
    assert [EVENTS.validate_json(EVENTS.dump_json(item)) for item in events] == events


@pytest.mark.parametrize("seq", [0, 1, 3])
def test_an_event_that_is_not_the_next_is_refused(seq: int) -> None:
    state = apply(RunState.at_start(["a"]), event(1, "run_started"))
    with pytest.raises((WrongTransition, ValidationError)):
        apply(state, event(seq, "step_queued", "a"))


def test_an_event_about_another_node_is_refused() -> None:
    with pytest.raises(WrongTransition, match="node 'b', which the run does not have"):
        apply(RunState.at_start(["a"]), event(1, "step_queued", "b"))


def test_nothing_happens_to_a_step_of_a_run_that_has_ended() -> None:
    state = fold(RunState.at_start(["a"]), [event(1, "run_started"), event(2, "run_cancelled")])
    with pytest.raises(WrongTransition, match="of a run that is cancelled"):
        apply(state, event(3, "step_queued", "a"))


def test_the_error_of_an_attempt_that_is_repeated_is_not_the_step_s() -> None:
    kinds = [
        event(1, "step_queued", "a"),
        event(2, "step_started", "a"),
        event(3, "step_queued", "a", attempt=2, **ERROR),
    ]
    state = fold(RunState.at_start(["a"]), kinds)
    assert (state.nodes["a"].error, state.nodes["a"].attempt) == (None, 2)


@given(st.lists(st.sampled_from(sorted(STEP_STATUS)), max_size=8))
def test_a_final_step_never_changes(kinds: list[str]) -> None:
    state = RunState.at_start(["a"])
    for kind in kinds:
        before = state.nodes["a"]
        try:
            state = apply(state, event(state.seq + 1, kind, "a"))
        except WrongTransition:
            assert state.nodes["a"] == before
        else:
            assert before.status not in FINAL_STEP
            assert before.status in STEP_MAY_FOLLOW[state.nodes["a"].status]


@given(plans(), st.data())
def test_whatever_happens_every_run_comes_to_an_end(plan: Plan, data: st.DataObject) -> None:
    state = apply(RunState.at_start(step.node for step in plan.steps), event(1, "run_started"))
    for _ in range(4 * len(plan.steps)):
        now = ready(plan, {node: known.status for node, known in state.nodes.items()})
        going_on = [node for node, known in state.nodes.items() if known.status in ("queued", "running")]
        moves = [("step_skipped", node) for node in now.skip]
        moves += [(kind, node) for node in now.run for kind in ("step_queued", "step_reused")]
        moves += [
            ("step_started" if state.nodes[node].status == "queued" else kind, node)
            for node in going_on
            for kind in ("step_completed", "step_failed", "step_cancelled")
        ]
        if not moves:
            break
        kind, node = data.draw(st.sampled_from(moves))
        state = apply(state, event(state.seq + 1, kind, node))
    state = apply(state, event(state.seq + 1, "run_completed"))
    assert {known.status for known in state.nodes.values()} <= FINAL
    assert state.status in FINAL_RUN

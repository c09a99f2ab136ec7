"""What clients fold from events is what the server says of a run, however its steps end."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designer.engine.events import read_event
from designer.engine.retries import Ending
from designer.engine.state import NodeState, RunState, fold
from designer.runs.actions.cancel_run import cancel_run
from designer.runs.actions.lost_steps import repeat_abandoned_steps
from designer.runs.actions.steps import Claim, repeat_step
from designer.runs.models import Event, Run, RunStep
from designer.runs.queries import run_json
from designer.runs.record import event_json
from tests.runs.by_hand import ALWAYS, claim, complete, fail, learner, let_leases_run_out, run_status, status_of, submit

pytestmark = pytest.mark.django_db

ENDINGS: dict[str, Ending] = {"fail": "failed", "be_lost": "lost", "meet_trouble": "trouble"}
MOVES = ("begin", "complete", "give_back", "lose_workers", "cancel", *ENDINGS)


def folded(run: Run) -> RunState:
    """The state that a client comes to from the first event on."""
    nodes = RunStep.objects.filter(run=run).values_list("node", flat=True)
    return fold(RunState.at_start(nodes), [read_event(event_json(event)) for event in Event.objects.filter(run=run)])


def shown(run: Run) -> RunState:
    """The same of what the server says."""
    said = run_json(Run.objects.get(pk=run.pk))
    nodes = {
        node: NodeState.model_validate({name: state[name] for name in NodeState.model_fields})
        for node, state in said["nodes"].items()
    }
    return RunState.model_validate(
        {name: said[name] for name in RunState.model_fields if name != "nodes"} | {"nodes": nodes}
    )


def remembered() -> dict[str, Any]:
    """A node whose result is reused."""
    node = learner(l2_regularization_weight=3.0)
    first = submit(known=node)
    if status_of(first, "known") == "queued":
        complete(claim(first, "known"))
    return node


def move(run: Run, node: str, name: str, taken: dict[str, Claim]) -> None:
    """Let something happen to a node, where it can."""
    step = RunStep.objects.get(run=run, node=node)
    if name == "begin" and step.status == "queued":
        taken[node] = claim(run, node, step.attempt)
    elif name == "cancel":
        cancel_run(run)
    elif name == "lose_workers":
        let_leases_run_out()
        repeat_abandoned_steps()
    elif node in taken:
        end(taken[node], name)


def end(attempt: Claim, name: str) -> None:
    """Let an attempt end, perhaps one that is over already."""
    if name == "complete":
        complete(attempt)
    elif name == "give_back":
        repeat_step(attempt.attempt)
    elif name in ENDINGS:
        fail(attempt, ENDINGS[name])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(MOVES)), max_size=12), st.booleans())
def test_events_fold_to_what_the_server_says_at_every_moment(moves: list[tuple[str, str]], stops: bool) -> None:
    known = remembered()
    run = submit(stop_on_failure=stops, a={**ALWAYS, "retries": 2}, b=ALWAYS, known=known)
    taken: dict[str, Claim] = {}
    assert folded(run) == shown(run)
    for node, name in moves:
        move(run, node, name, taken)
        assert folded(run) == shown(run)
    assert folded(run).status == run_status(run)

"""The one writer of run state: numbers without a gap, and no wrong transition."""

from typing import Any

import pytest

from designer.engine.events import read_event
from designer.engine.state import RunState, fold
from designer.engine.step import Done, Failed, Failure, StoredOutput
from designer.graph.reading import read
from designer.runs.actions.cancel_run import cancel_run
from designer.runs.actions.lost_steps import LOST_ATTEMPTS, repeat_abandoned_steps, send_lost_messages
from designer.runs.actions.steps import Attempt, Claim, end_step, renew_leases, start_step
from designer.runs.actions.submit_run import submit_run
from designer.runs.models import Event, Output, Run, RunStep
from designer.runs.record import LEASE, event_json
from designer.workspaces.actions import ensure_owner
from modules import catalog
from tests.installation import document_of

pytestmark = pytest.mark.django_db

LEARNER = {"module": "linear_regression", "allow_reuse": False}
FAILURE = Failure(code="0021", message="Too few rows")
DIGEST = "a" * 64


def submit(**nodes: Any) -> Run:
    owner, workspace = ensure_owner()
    return submit_run(workspace, owner, read(document_of(**nodes)), catalog.load())


def claim(run: Run, node: str, number: int = 1) -> Claim:
    taken = start_step(Attempt(str(run.pk), node, number))
    assert taken is not None
    return taken


def done(claim: Claim) -> Done:
    outputs = {o.name: StoredOutput(digest=DIGEST, type=o.type, meta={}) for o in claim.request.step.outputs}
    return Done(outputs=outputs, seconds=0.1)


def status_of(run: Run, node: str) -> str:
    return RunStep.objects.get(run=run, node=node).status


def let_leases_run_out() -> None:
    for step in RunStep.objects.exclude(lease_until=None):
        RunStep.objects.filter(pk=step.pk).update(lease_until=step.lease_until - 2 * LEASE)


def test_events_are_numbered_and_fold_to_the_state_of_the_database() -> None:
    run = submit(a=LEARNER, b=LEARNER)
    first, second = claim(run, "a"), claim(run, "b")
    end_step(first, done(first))
    end_step(second, Failed(failure=FAILURE, seconds=0.1))
    events = [read_event(event_json(event)) for event in Event.objects.filter(run=run)]
    state = fold(RunState.at_start(["a", "b"]), events)
    run.refresh_from_db()
    assert (state.status, state.seq) == (run.status, run.seq) == ("failed", len(events))
    assert {node: s.status for node, s in state.nodes.items()} == {n: status_of(run, n) for n in ("a", "b")}


def test_an_attempt_starts_once() -> None:
    run = submit(a=LEARNER)
    claim(run, "a")
    assert start_step(Attempt(str(run.pk), "a", 1)) is None


def test_an_outcome_counts_once() -> None:
    run = submit(a=LEARNER)
    taken = claim(run, "a")
    end_step(taken, done(taken))
    end_step(taken, Failed(failure=FAILURE, seconds=0.1))
    assert status_of(run, "a") == "completed"


def test_the_outcome_of_a_cancelled_step_is_dropped() -> None:
    run = submit(a=LEARNER)
    taken = claim(run, "a")
    cancel_run(run)
    end_step(taken, done(taken))
    run.refresh_from_db()
    assert (run.status, status_of(run, "a")) == ("cancelled", "cancelled")
    assert renew_leases([taken.attempt]) == [taken.attempt]


def test_members_may_open_what_a_step_has_given() -> None:
    run = submit(a=LEARNER)
    taken = claim(run, "a")
    end_step(taken, done(taken))
    assert Output.objects.filter(workspace=run.workspace, digest=DIGEST).exists()


def test_a_step_of_a_lost_worker_is_given_to_another() -> None:
    run = submit(a=LEARNER)
    lost = claim(run, "a")
    assert repeat_abandoned_steps() == 0
    let_leases_run_out()
    assert repeat_abandoned_steps() == 1
    end_step(lost, done(lost))
    assert status_of(run, "a") == "queued"
    again = claim(run, "a", 2)
    end_step(again, done(again))
    assert status_of(run, "a") == "completed"


def test_a_step_that_loses_every_worker_fails() -> None:
    run = submit(a=LEARNER)
    for number in range(1, LOST_ATTEMPTS + 2):
        claim(run, "a", number)
        let_leases_run_out()
        repeat_abandoned_steps()
    run.refresh_from_db()
    assert (run.status, status_of(run, "a")) == ("failed", "failed")


def test_a_renewed_lease_does_not_run_out() -> None:
    run = submit(a=LEARNER)
    attempt = claim(run, "a").attempt
    let_leases_run_out()
    assert renew_leases([attempt]) == []
    assert repeat_abandoned_steps() == 0


def test_a_silent_step_is_sent_again_once_in_a_while() -> None:
    submit(a=LEARNER)
    assert send_lost_messages() == 0
    let_leases_run_out()
    assert (send_lost_messages(), send_lost_messages()) == (1, 0)


def test_runs_are_numbered_in_their_workspace() -> None:
    assert [submit(a=LEARNER).number, submit(a=LEARNER).number] == [1, 2]


def test_an_empty_document_completes_at_once() -> None:
    assert submit().status == "completed"

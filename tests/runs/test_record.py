"""The one writer of run state: numbers without a gap, and no wrong transition."""

import pytest

from designer.engine.events import read_event
from designer.engine.retries import LOST_AT_MOST
from designer.engine.state import RunState, fold
from designer.engine.step import Failed
from designer.runs.actions.cancel_run import cancel_run
from designer.runs.actions.lost_steps import repeat_abandoned_steps, send_lost_messages
from designer.runs.actions.steps import Attempt, end_step, renew_leases, start_step
from designer.runs.models import Event, Output
from designer.runs.record import event_json
from tests.runs.by_hand import ALWAYS as LEARNER
from tests.runs.by_hand import FAILURE, claim, done, let_leases_run_out, saved, status_of, submit

pytestmark = pytest.mark.django_db


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
    assert Output.objects.filter(workspace=run.workspace, digest=saved()).exists()


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
    for number in range(1, LOST_AT_MOST + 2):
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

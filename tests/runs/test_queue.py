"""Whose turn it is: in order of submission, fairly between users, and nothing is dropped."""

from collections import Counter
from typing import Any

import pytest

from designer.runs import queue
from designer.runs.actions.cancel_run import cancel_run
from designer.runs.actions.steps import Claim
from designer.runs.models import Run, RunStep
from designer.workspaces.models import User
from tests.runs.by_hand import ALWAYS, claim_next, complete, fail, let_leases_run_out, person, run_status, submit

pytestmark = pytest.mark.django_db

TWO_STEPS: dict[str, Any] = {"a": ALWAYS, "b": ALWAYS}


@pytest.fixture(autouse=True)
def _short_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "WAITING_STEPS", 4)


def number_of(claim: Claim) -> int:
    return Run.objects.get(pk=claim.attempt.run_id).number


def author_of(claim: Claim) -> str:
    return Run.objects.get(pk=claim.attempt.run_id).author.username


def test_runs_of_one_user_are_worked_off_in_order_of_submission() -> None:
    runs = [submit(**TWO_STEPS) for _ in range(10)]
    order = []
    while claim := queue.start_next():
        order.append(number_of(claim))
        complete(claim)
    assert order == sorted(order)
    assert Counter(order) == {run.number: 2 for run in runs}
    assert {run_status(run) for run in runs} == {"completed"}


def test_a_run_behind_many_waiting_steps_stays_queued_and_begins_in_its_turn() -> None:
    runs = [submit(**TWO_STEPS) for _ in range(4)]
    assert [run_status(run) for run in runs] == ["running", "running", "queued", "queued"]
    claim_next()
    assert [run_status(run) for run in runs] == ["running", "running", "running", "queued"]


def test_another_user_does_not_wait_behind_many_runs() -> None:
    alice, bob = person("alice"), person("bob")
    for _ in range(20):
        submit(alice, **TWO_STEPS)
    run = submit(bob, **TWO_STEPS)
    assert run_status(run) == "running"
    assert "bob" in {author_of(claim_next()) for _ in range(2)}


def test_users_take_turns_on_a_single_worker() -> None:
    people = [person("alice"), person("bob"), person("carol")]
    for author in people:
        for _ in range(3):
            submit(author, **TWO_STEPS)
    served = []
    for _ in range(12):
        claim = claim_next()
        served.append(author_of(claim))
        complete(claim)
    assert Counter(served) == {"alice": 4, "bob": 4, "carol": 4}
    assert all(len(set(served[start : start + 3])) == 3 for start in range(0, 12, 3))


def test_who_has_fewer_steps_running_comes_first() -> None:
    alice, bob = person("alice"), person("bob")
    submit(alice, **TWO_STEPS)
    first = [claim_next(), claim_next()]
    submit(alice, **TWO_STEPS)
    submit(bob, **TWO_STEPS)
    assert {author_of(claim) for claim in first} == {"alice"}
    assert [author_of(claim_next()) for _ in range(2)] == ["bob", "bob"]


def test_a_hundred_runs_are_queued_and_none_is_dropped() -> None:
    alice, bob = person("alice"), person("bob")
    runs = [submit(author, a=ALWAYS) for _ in range(50) for author in (alice, bob)]
    while claim := queue.start_next():
        complete(claim)
    assert Counter(Run.objects.values_list("status", flat=True)) == {"completed": len(runs)}
    for author in (alice, bob):
        own = Run.objects.filter(author=author).order_by("number").values_list("served_at", flat=True)
        assert list(own) == sorted(own)


def test_a_queued_run_can_be_cancelled() -> None:
    runs = [submit(**TWO_STEPS) for _ in range(4)]
    cancel_run(runs[-1])
    assert run_status(runs[-1]) == "cancelled"
    assert set(RunStep.objects.filter(run=runs[-1]).values_list("status", flat=True)) == {"cancelled"}


def test_what_nobody_begins_is_begun_by_the_reaper() -> None:
    runs = [submit(**TWO_STEPS) for _ in range(4)]
    for run in runs[:2]:
        cancel_run(run)
    assert run_status(runs[2]) == "queued"
    assert queue.begin_queued_runs() == 2
    assert [run_status(run) for run in runs[2:]] == ["running", "running"]


def test_a_step_that_waits_for_its_next_attempt_is_passed_over() -> None:
    run = submit(a={**ALWAYS, "retries": 1, "retry_delay": 60}, b=ALWAYS)
    fail(claim_next())
    assert claim_next().attempt.node == "b"
    assert queue.start_next() is None
    RunStep.objects.filter(run=run, node="a").update(due_at=None)
    assert claim_next().attempt == (str(run.pk), "a", 2)


def test_a_worker_takes_nothing_that_another_has_taken() -> None:
    submit(**TWO_STEPS)
    assert {claim_next().attempt.node, claim_next().attempt.node} == {"a", "b"}
    let_leases_run_out()
    assert queue.start_next() is None


def test_nothing_waits_nothing_starts(django_user_model: type[User]) -> None:
    assert queue.start_next() is None

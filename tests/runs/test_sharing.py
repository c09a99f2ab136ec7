"""What several runs want at the same time is computed once."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from designer.assets.models import StoredBlob
from designer.graph.selection import Selection
from designer.runs.actions.cancel_run import cancel_run
from designer.runs.actions.lost_steps import release_waiting_steps, stalled_runs
from designer.runs.models import Result, RunStep
from designer.workspaces.models import Membership, User, Workspace
from tests.runs.by_hand import (
    ALWAYS,
    claim,
    complete,
    fail,
    learner,
    person,
    run_status,
    saved,
    statuses_of,
    submit,
)

pytestmark = pytest.mark.django_db

Commit = Callable[[], AbstractContextManager[Any]]


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Commit:
    """Run a block, then what waits for its commit, and what waits for that."""

    def commits() -> AbstractContextManager[Any]:
        return django_capture_on_commit_callbacks(execute=True)

    return commits


@pytest.fixture
def alice() -> Iterator[User]:
    return person("alice")


def test_two_people_who_run_the_same_compute_it_once(commit: Commit, alice: User) -> None:
    first, second = submit(a=learner()), submit(alice, a=learner())
    assert (statuses_of(first), statuses_of(second)) == ({"a": "queued"}, {"a": "waiting"})
    with commit():
        complete(claim(first, "a"))
    assert (run_status(second), statuses_of(second)) == ("completed", {"a": "reused"})
    assert RunStep.objects.get(run=second).reused_from == RunStep.objects.get(run=first)


def test_what_is_below_a_shared_step_goes_on(commit: Commit, alice: User) -> None:
    nodes = {"a": learner(), "b": {**learner(l2_regularization_weight=0.5)}}
    first, second = submit(a=nodes["a"]), submit(alice, **nodes)
    assert statuses_of(second) == {"a": "waiting", "b": "queued"}
    with commit():
        complete(claim(first, "a"))
    assert statuses_of(second) == {"a": "reused", "b": "queued"}


def test_two_nodes_of_one_run_that_are_the_same_are_computed_once() -> None:
    run = submit(a=learner(), b=learner())
    assert sorted(statuses_of(run).values()) == ["queued", "waiting"]
    node = next(node for node, status in statuses_of(run).items() if status == "queued")
    complete(claim(run, node))
    assert sorted(statuses_of(run).values()) == ["completed", "reused"]
    assert run_status(run) == "completed"


@pytest.mark.parametrize("how", ["fail", "cancel"])
def test_when_the_one_who_computes_gives_up_another_takes_over(commit: Commit, alice: User, how: str) -> None:
    first, second, third = submit(a=learner()), submit(alice, a=learner()), submit(alice, a=learner())
    with commit():
        taken = claim(first, "a")
        fail(taken) if how == "fail" else cancel_run(first)
    assert [statuses_of(run)["a"] for run in (second, third)] == ["queued", "waiting"]
    with commit():
        complete(claim(second, "a"))
    assert statuses_of(third) == {"a": "reused"}


def test_a_wake_up_that_was_lost_is_made_up_for(alice: User, commit: Commit) -> None:
    first, second = submit(a=learner()), submit(alice, a=learner())
    assert release_waiting_steps() == 0
    complete(claim(first, "a"))
    assert str(second.pk) in stalled_runs()
    assert release_waiting_steps() == 1
    assert statuses_of(second) == {"a": "reused"}


def test_another_workspace_shares_nothing() -> None:
    submit(a=learner())
    elsewhere = Workspace.objects.create(name="Elsewhere")
    mallory = User.objects.create(username="mallory")
    Membership.objects.create(user=mallory, workspace=elsewhere, role="owner")
    from designer.graph.reading import read
    from designer.runs.actions.submit_run import submit_run
    from modules import catalog
    from tests.installation import document_of

    run = submit_run(elsewhere, mallory, read(document_of(a=learner())), catalog.load())
    assert statuses_of(run) == {"a": "queued"}


def test_a_step_that_always_runs_waits_for_nobody(alice: User) -> None:
    submit(a=learner())
    assert statuses_of(submit(alice, a=ALWAYS)) == {"a": "queued"}


def test_a_forced_run_gives_the_result_that_later_ones_take() -> None:
    complete(claim(submit(a=learner()), "a"), value=1)
    forced = submit(selection=Selection(force=True), a=learner())
    assert statuses_of(forced) == {"a": "queued"}
    complete(claim(forced, "a"), value=2)
    later = RunStep.objects.get(run=submit(a=learner()))
    assert [output["digest"] for output in later.outputs.values()] == [saved(2)]


def test_lost_bytes_are_computed_again_and_told() -> None:
    complete(claim(submit(a=learner()), "a"))
    StoredBlob.objects.filter(digest=saved()).delete()
    again = submit(a=learner())
    step = RunStep.objects.get(run=again)
    assert (step.status, step.lost_result) == ("queued", True)
    assert Result.objects.get().step == step
    complete(claim(again, "a"))
    assert statuses_of(submit(a=learner())) == {"a": "reused"}

"""How attempts end: retried, given to another worker, or for good; and what goes on beside a failure."""

import pytest
from django.utils import timezone

from designer.engine.retries import LOST_AT_MOST, TROUBLE_AT_MOST
from designer.engine.step import Failed
from designer.runs.actions.steps import end_step, repeat_step
from designer.runs.models import Event, Run, RunStep
from tests.runs.by_hand import (
    ALWAYS,
    FAILURE,
    claim,
    complete,
    done,
    fail,
    run_status,
    saved,
    status_of,
    statuses_of,
    submit,
)

pytestmark = pytest.mark.django_db


def step_of(run: Run, node: str = "a") -> RunStep:
    return RunStep.objects.get(run=run, node=node)


def test_a_failed_step_is_tried_as_often_as_its_node_says() -> None:
    run = submit(a={**ALWAYS, "retries": 2})
    for number in (1, 2, 3):
        fail(claim(run, "a", number))
    assert (run_status(run), step_of(run).failures) == ("failed", 3)


def test_each_wait_is_twice_as_long_and_is_told() -> None:
    run = submit(a={**ALWAYS, "retries": 3, "retry_delay": 10})
    waits = []
    for number in (1, 2, 3):
        fail(claim(run, "a", number))
        due = step_of(run).due_at
        assert due is not None
        waits.append(round((due - timezone.now()).total_seconds()))
    assert waits == [10, 20, 40]
    told = Event.objects.filter(run=run, kind="step_queued").last()
    assert told is not None
    assert (told.data["attempt"], told.data["error"]["code"]) == (4, "0021")
    assert told.data["due_at"] is not None


def test_lost_workers_do_not_use_up_the_retries_of_a_node() -> None:
    run = submit(a={**ALWAYS, "retries": 1})
    fail(claim(run, "a", 1), "lost")
    fail(claim(run, "a", 2))
    assert status_of(run, "a") == "queued"
    fail(claim(run, "a", 3))
    assert status_of(run, "a") == "failed"


@pytest.mark.parametrize(("ending", "at_most"), [("lost", LOST_AT_MOST), ("trouble", TROUBLE_AT_MOST)])
def test_what_is_not_the_module_s_fault_is_tried_again_for_a_while(ending: str, at_most: int) -> None:
    run = submit(a=ALWAYS)
    for number in range(1, at_most + 1):
        fail(claim(run, "a", number), ending)  # type: ignore[arg-type]  # one of the endings
        assert status_of(run, "a") == "queued"
    fail(claim(run, "a", at_most + 1), ending)  # type: ignore[arg-type]  # one of the endings
    assert run_status(run) == "failed"


def test_a_step_that_a_worker_gives_back_can_be_given_back_for_ever() -> None:
    run = submit(a=ALWAYS)
    for number in range(1, 20):
        repeat_step(claim(run, "a", number).attempt)
    assert (status_of(run, "a"), step_of(run).losses) == ("queued", 0)


def test_outputs_that_were_swept_away_before_they_were_noted_are_made_again() -> None:
    run = submit(a=ALWAYS)
    taken = claim(run, "a")
    outputs = {port: o.model_copy(update={"digest": "0" * 64}) for port, o in done(taken).outputs.items()}
    end_step(taken, done(taken).model_copy(update={"outputs": outputs}))
    assert (status_of(run, "a"), step_of(run).troubles) == ("queued", 1)


def test_an_artifact_that_a_step_did_not_find_is_made_again_by_the_next_run() -> None:
    complete(claim(submit(a={"module": "linear_regression"}), "a"))
    other = submit(b=ALWAYS)
    end_step(claim(other, "b"), Failed(failure=FAILURE, seconds=0, missing=(saved(),)))
    assert statuses_of(submit(a={"module": "linear_regression"})) == {"a": "queued"}


def test_what_does_not_need_a_failed_node_still_runs() -> None:
    run = submit(a=ALWAYS, b=ALWAYS, c=ALWAYS)
    fail(claim(run, "a"))
    assert run_status(run) == "running"
    complete(claim(run, "b"))
    complete(claim(run, "c"))
    assert (run_status(run), statuses_of(run)) == ("failed", {"a": "failed", "b": "completed", "c": "completed"})


def test_a_run_that_stops_at_the_first_failure_begins_nothing_more() -> None:
    run = submit(stop_on_failure=True, a=ALWAYS, b=ALWAYS, c=ALWAYS)
    running = claim(run, "b")
    fail(claim(run, "a"))
    assert statuses_of(run) == {"a": "failed", "b": "running", "c": "cancelled"}
    complete(running)
    assert (run_status(run), status_of(run, "b")) == ("failed", "completed")

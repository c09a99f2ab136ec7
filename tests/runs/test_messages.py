"""How many messages tell the workers that there is something to do."""

from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

import pytest

from designer.runs import worker
from designer.runs.advance import TOLD_AT_ONCE
from designer.runs.queue import something_waits, start_next
from designer.runs.tasks import run_step
from designer.runs.worker import TOLD_BY_EACH
from tests.runs.by_hand import ALWAYS, submit

Capture = Callable[..., Any]


@pytest.fixture
def sent() -> Iterator[list[object]]:
    messages: list[object] = []
    with patch.object(run_step, "apply_async", lambda **options: messages.append(options)):
        yield messages


@pytest.mark.django_db
def test_many_steps_that_are_queued_together_send_few(
    sent: list[object], django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        submit(**{f"n{number}": ALWAYS for number in range(20)})
    assert len(sent) == TOLD_AT_ONCE


@pytest.mark.django_db
@pytest.mark.parametrize(("steps", "told"), [(1, 0), (2, TOLD_BY_EACH)])
def test_who_takes_a_step_and_sees_more_tells_others(
    sent: list[object],
    django_capture_on_commit_callbacks: Capture,
    monkeypatch: pytest.MonkeyPatch,
    steps: int,
    told: int,
) -> None:
    submit(**{f"n{number}": ALWAYS for number in range(steps)})
    taken: list[str] = []

    class Idle:
        """A worker that takes what it gets and does nothing with it."""

        is_stopping = False

        def insist(self, task: Callable[[], Any]) -> Any:
            return task()

    def run(_: object, claim: Any, __: float) -> None:
        taken.append(claim.attempt.node)

    monkeypatch.setattr(worker, "_worker", Idle())
    monkeypatch.setattr(worker, "_run", run)
    with django_capture_on_commit_callbacks(execute=True):
        worker.run_steps()
    assert len(sent) == told
    assert taken == [f"n{number}" for number in range(steps)]
    assert not something_waits()
    assert start_next() is None

"""Find what was lost on its way – workers, messages, a run's next move – and set it going again."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from designer.engine.step import Failure
from designer.runs.actions.steps import Attempt, fail_attempt, wake_runs
from designer.runs.advance import enqueue
from designer.runs.models import Run, RunStep
from designer.runs.record import LEASE

LOST_WORKER = Failure(code="1000", message="The worker that ran this step was lost", hint="Run the pipeline again.")


def abandoned_attempts() -> Iterator[Attempt]:
    """Running attempts whose lease has run out."""
    abandoned = RunStep.objects.filter(status="running", lease_until__lt=timezone.now())
    for run, node, number in list(abandoned.values_list("run", "node", "attempt")):
        yield Attempt(str(run), node, number)


def repeat_abandoned_step(attempt: Attempt) -> None:
    """Queue a step again whose worker was lost; one that was lost too often fails instead."""
    fail_attempt(attempt, LOST_WORKER, "lost")


def repeat_abandoned_steps() -> int:
    """Queue all of them again; returns how many there were."""
    found = list(abandoned_attempts())
    for attempt in found:
        repeat_abandoned_step(attempt)
    return len(found)


def send_lost_messages() -> int:
    """Send a message for each queued step that could have started long ago; returns how many there were.

    Call it when no message waits at the broker. One that was not lost after all does no harm: an attempt starts once.
    """
    now = timezone.now()
    silent = RunStep.objects.filter(Q(due_at=None) | Q(due_at__lte=now), status="queued", lease_until__lt=now)
    found = 0
    for pk in list(silent.values_list("pk", flat=True)):
        if silent.filter(pk=pk).update(lease_until=now + LEASE):
            enqueue()
            found += 1
    return found


def stalled_runs() -> list[str]:
    """Running runs in which nothing is queued or runs although something waits: their next move was lost."""
    steps = RunStep.objects.filter(run=OuterRef("pk"))
    under_way = Exists(steps.filter(status__in=("queued", "running")))
    found = Run.objects.filter(~under_way, status="running").order_by("created_at")
    return [str(pk) for pk in found.values_list("pk", flat=True)]


def release_waiting_steps() -> int:
    """Look again at runs that wait for what nobody computes any more; returns how many there were."""
    waiting = RunStep.objects.filter(status="waiting", run__status="running").exclude(awaits="")
    computing = RunStep.objects.filter(
        results__key=OuterRef("awaits"), results__workspace=OuterRef("run__workspace"), status__in=("queued", "running")
    )
    runs = list(waiting.filter(~Exists(computing)).values_list("run_id", flat=True).distinct())
    wake_runs(runs)
    return len(runs)

"""Find steps whose worker or message was lost, and give them to another worker."""

from django.utils import timezone

from designer.engine.step import Failure
from designer.runs.actions.steps import LOST_ATTEMPTS, Attempt, fail_attempt
from designer.runs.advance import enqueue
from designer.runs.models import RunStep
from designer.runs.record import LEASE

LOST_WORKER = Failure(code="1000", message="The worker that ran this step was lost", hint="Run the pipeline again.")


def repeat_abandoned_steps() -> int:
    """Queue running steps again whose lease has run out; returns how many there were.

    A step that was lost too often fails instead.
    """
    abandoned = RunStep.objects.filter(status="running", lease_until__lt=timezone.now())
    found = [Attempt(str(run), node, number) for run, node, number in abandoned.values_list("run", "node", "attempt")]
    for attempt in found:
        fail_attempt(attempt, LOST_WORKER, again=LOST_ATTEMPTS)
    return len(found)


def send_lost_messages() -> int:
    """Send queued steps again whose message has not been heard of; returns how many there were.

    Call it when no message waits at the broker. One that was not lost after all does no harm: an attempt starts once.
    """
    now = timezone.now()
    silent = RunStep.objects.filter(status="queued", lease_until__lt=now)
    found = 0
    for pk, run, node, attempt in list(silent.values_list("pk", "run", "node", "attempt")):
        if silent.filter(pk=pk).update(lease_until=now + LEASE):
            enqueue(run, node, attempt)
            found += 1
    return found

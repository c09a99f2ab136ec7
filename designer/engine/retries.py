"""Whether a step that ended without a result is tried again, and how long that waits."""

from dataclasses import dataclass
from typing import Literal

from designer.graph.plan import Step

LOST_AT_MOST = 5
"""How often a step is given to another worker: one that takes its worker down must end at some time."""

TROUBLE_AT_MOST = 8
FIRST_DELAY_SECONDS = 1.0
LONGEST_DELAY_SECONDS = 300.0
LONGEST_TROUBLE_SECONDS = 60.0

Ending = Literal["failed", "lost", "trouble", "handed_back"]
"""How an attempt ended: the module failed; its worker was lost; the machine around it failed, such as a full disk; its
worker was stopped in order and gave it back."""


@dataclass(frozen=True, slots=True)
class Endings:
    """How often attempts of a step have ended in each way, the newest included."""

    failed: int = 0
    lost: int = 0
    trouble: int = 0


def seconds_until_retry(step: Step, ending: Ending, so_far: Endings) -> float | None:
    """Seconds until the next attempt; None where there is none.

    Retries of the node count failures of its module alone: what happens to workers and disks is not its fault. Each
    wait is twice the one before.
    """
    match ending:
        case "handed_back":
            return 0.0
        case "lost":
            return 0.0 if so_far.lost <= LOST_AT_MOST else None
        case "trouble":
            if so_far.trouble > TROUBLE_AT_MOST:
                return None
            return _doubled(FIRST_DELAY_SECONDS, so_far.trouble, LONGEST_TROUBLE_SECONDS)
        case "failed":
            if so_far.failed > step.retries:
                return None
            first = step.retry_delay_seconds or FIRST_DELAY_SECONDS
            return _doubled(first, so_far.failed, max(LONGEST_DELAY_SECONDS, first))


def _doubled(first: float, times: int, longest: float) -> float:
    return float(min(first * 2 ** (times - 1), longest))

"""Which steps can run now."""

from collections.abc import Mapping
from dataclasses import dataclass

from designer.graph.plan import Plan

GOOD: frozenset[str] = frozenset({"completed", "reused"})
BAD: frozenset[str] = frozenset({"failed", "skipped", "cancelled"})
FINAL: frozenset[str] = GOOD | BAD


@dataclass(frozen=True, slots=True)
class Ready:
    """Steps to start, and steps that can never start because one above them has no result."""

    run: tuple[str, ...]
    skip: tuple[str, ...]


def ready(plan: Plan, statuses: Mapping[str, str], *, stop_on_failure: bool = False) -> Ready:
    """Look at every waiting step once, in order; a node without a status waits.

    A step that does not need a failed one still runs, unless the run is to stop at the first failure.
    """
    now = dict(statuses)
    if stop_on_failure and "failed" in now.values():
        return Ready((), tuple(step.node for step in plan.steps if now.get(step.node, "waiting") == "waiting"))
    run: list[str] = []
    skip: list[str] = []
    for step in plan.steps:
        if now.get(step.node, "waiting") != "waiting":
            continue
        above = [now.get(node, "waiting") for node in step.upstream]
        if any(status in BAD for status in above):
            skip.append(step.node)
            now[step.node] = "skipped"
        elif all(status in GOOD for status in above):
            run.append(step.node)
    return Ready(tuple(run), tuple(skip))

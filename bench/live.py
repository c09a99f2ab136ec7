"""How long a change of state takes from the worker to the page."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from bench.browser import draft_of, page_of
from bench.overhead import document_of, moment
from bench.report import Measure
from tests.installation import Installation

STEPS, SECONDS = 20, 0.2
MANY = 400
GOAL_MILLISECONDS = 100.0

# Notes when each node first shows a state, in milliseconds since 1970.
WATCH = """
() => {
  window.shown = {};
  const note = (element) => {
    const { testid, status } = element.dataset;
    const key = `${testid} ${status}`;
    if (testid?.startsWith('node-') && status && !(key in window.shown)) window.shown[key] = Date.now();
  };
  new MutationObserver((changes) => changes.forEach((change) => note(change.target))).observe(document.body, {
    subtree: true,
    attributeFilter: ['data-status'],
  });
}
"""


def measure(running: Installation, _folder: Path) -> Iterator[Measure]:
    """Milliseconds from the moment that the worker records to the one at which the node on the canvas shows it."""
    with page_of(running) as page:
        calm = watch(running, page, steps())
        yield from figures("state on the page", calm)
        busy = watch(running, page, {f"step_{number}": {"module": "take_time"} for number in range(MANY)})
        yield from figures(f"state on the page at {busy.changes_per_second:.0f} changes/s", busy)


@dataclass(frozen=True)
class Watched:
    """Sorted delays in milliseconds of the states that were seen, and how fast states changed."""

    delays: list[float]
    changes_per_second: float


def figures(name: str, watched: Watched) -> Iterator[Measure]:
    delays = watched.delays
    yield Measure(f"{name}, median", statistics.median(delays), "ms", goal=GOAL_MILLISECONDS)
    yield Measure(f"{name}, 95 of 100", delays[int(0.95 * len(delays))], "ms", goal=GOAL_MILLISECONDS)


def watch(running: Installation, page: Page, nodes: dict[str, Any]) -> Watched:
    """Run a pipeline from its page and note when each state is shown."""
    page.goto(f"/drafts/{draft_of(running, document_of(nodes))}")
    page.get_by_test_id("node-step_0").wait_for()
    page.evaluate(WATCH)
    page.get_by_test_id("run-button").click()
    expect(page.get_by_test_id("run-status")).to_have_attribute("data-status", "completed", timeout=120_000)
    shown = page.evaluate("() => window.shown")
    with running.client() as client:
        newest = client.get("/api/runs").json()[0]["id"]
        events = client.get(f"/api/runs/{newest}/events").json()
    delays = sorted(delays_of(events, shown))
    assert len(delays) >= len(nodes), shown
    seconds = moment(events[-1]["at"]) - moment(events[0]["at"])
    return Watched(delays, len(events) / seconds)


def steps() -> dict[str, Any]:
    """Steps one after the other, long enough for each state to be seen."""
    return {
        f"step_{number}": {"module": "take_time", "params": {"seconds": SECONDS}}
        | ({"inputs": {"dataset": f"step_{number - 1}"}} if number else {})
        for number in range(STEPS)
    }


def delays_of(events: list[dict[str, Any]], shown: dict[str, int]) -> Iterator[float]:
    """What each start and each end of a step took to be seen."""
    states = {"step_started": "running", "step_completed": "completed"}
    for event in events:
        seen = shown.get(f"node-{event['node']} {states.get(event['kind'])}")
        if seen is not None:
            yield seen - moment(event["at"]) * 1000

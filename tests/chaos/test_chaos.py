"""Runs go on while parts of the installation are killed, cut off and filled up; each comes to the right end.

DESIGNER_CHAOS_FAULTS says how many faults (`make test-chaos`: some hundreds), DESIGNER_CHAOS_SEED which.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from designer.engine.execution import DISK_FULL
from designer.engine.state import FINAL_STEP, STEP_STATUS
from tests.chaos.follower import Follower
from tests.chaos.stage import Stage, stage
from tests.installation import FINAL, document_of

FAULTS = int(os.environ.get("DESIGNER_CHAOS_FAULTS", "16"))
SEED = int(os.environ.get("DESIGNER_CHAOS_SEED", "1"))
RUNS_AT_A_TIME = 4
SECONDS_BETWEEN = 0.7
SECONDS_TO_END = 180


@dataclass
class Work:
    """A run, what it must come to, and a client that watches it."""

    run_id: str
    totals: dict[str, int]
    follower: Follower


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("chaos"), SEED) as found:
        yield found


def test_every_run_comes_to_a_definite_and_right_state(broken: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    dice = random.Random(SEED)
    works: list[Work] = []
    done: Counter[str] = Counter()
    order = [name for _ in range(FAULTS // len(broken.faults) + 1) for name in broken.faults][:FAULTS]
    dice.shuffle(order)
    for name in order:
        while sum(work.follower.status not in FINAL for work in works) < RUNS_AT_A_TIME:
            works.append(submitted(broken, dice))
        time.sleep(dice.uniform(0, SECONDS_BETWEEN))
        broken.faults[name]()
        done[name] += 1
    works.append(submitted(broken, dice))
    ends = Counter(checked(broken, work) for work in works)
    with capsys.disabled():
        print(f"\n{sum(done.values())} faults, {len(works)} runs: {dict(ends)}")
        for name, count in done.items():
            print(f"  {count:>4} × {name}")
    assert ends["completed"] >= len(works) - done["the disk is full"]


def submitted(broken: Stage, dice: random.Random) -> Work:
    """Submit a random pipeline; one in four has been seen before."""
    nodes, totals = pipeline(random.Random(dice.randrange(4)) if dice.random() < 0.25 else dice)
    run_id = persistently(lambda: broken.installation.submit(document_of(**nodes)))
    return Work(run_id, totals, Follower(broken.installation, run_id))


def pipeline(dice: random.Random) -> tuple[dict[str, Any], dict[str, int]]:
    """Nodes that add up what comes from some of those before, and what each must come to."""
    nodes: dict[str, Any] = {}
    totals: dict[str, int] = {}
    for number in range(dice.randint(3, 8)):
        sources = dice.sample(list(nodes), dice.randint(0, min(3, len(nodes))))
        amount = dice.randrange(1_000_000)
        nodes[f"n{number}"] = {
            "module": "add_up",
            "params": {"amount": amount, "seconds": round(dice.uniform(0, 0.6), 2)},
            **({"inputs": {"datasets": [f"{source}.results" for source in sources]}} if sources else {}),
        }
        totals[f"n{number}"] = amount + sum(totals[source] for source in sources)
    return nodes, totals


def persistently(request: Callable[[], Any], seconds: float = 60) -> Any:
    """Ask until there is an answer: servers and databases are away at times."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return request()
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def checked(broken: Stage, work: Work) -> str:
    """Wait for the end of a run and look at all that is known of it; returns its status."""
    run: dict[str, Any] = persistently(lambda: broken.installation.wait(work.run_id, SECONDS_TO_END))
    with broken.installation.client() as client:
        events = client.get(f"/api/runs/{work.run_id}/events").json()
        assert [event["seq"] for event in events] == list(range(1, run["seq"] + 1)), "a number is missing or doubled"
        ends = Counter(
            event["node"] for event in events if event["node"] and STEP_STATUS.get(event["kind"]) in FINAL_STEP
        )
        assert set(ends.values()) == {1}, f"a step ended twice: {ends}"
        assert set(ends) == set(work.totals), "a step has no end"
        for node, state in run["nodes"].items():
            if state["status"] in ("completed", "reused"):
                digest = state["outputs"]["results"]["digest"]
                page = client.get(f"/api/artifacts/{digest}/table?limit=1").json()
                assert page["rows"] == [[work.totals[node]]], f"{node} of {work.run_id} holds another step's result"
                assert page["total_rows"] == 20_000
            elif state["status"] == "failed":
                assert state["error"]["code"] == DISK_FULL, state["error"]
            else:
                assert state["status"] == "skipped", state
    work.follower.thread.join(30)
    assert work.follower.status == run["status"], "a live client ended with another state"
    assert work.follower.statuses == {node: state["status"] for node, state in run["nodes"].items()}
    status: str = run["status"]
    return status

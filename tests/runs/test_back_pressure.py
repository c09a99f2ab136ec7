"""Two people submit as fast as the server takes it: nothing is dropped, nobody is passed over, all are answered.

Alice submits two thirds, and Bob begins when half of those are there, so that in plain order he would wait for long.
DESIGNER_LOAD_RUNS says how many runs there are.
"""

import os
import statistics
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event
from typing import Any

import httpx
import pytest

from tests.installation import FINAL, Installation, document_of

RUNS = int(os.environ.get("DESIGNER_LOAD_RUNS", "60"))
SECONDS_TO_END = 60 + RUNS
SHARES = {"alice": 2 * RUNS // 3, "bob": RUNS - 2 * RUNS // 3}
PARTS = 4
STEPS_AT_ONCE = os.cpu_count() or 1
SECONDS = 0.025 * STEPS_AT_ONCE
"""However many cores there are, steps come in quicker than they are worked off."""
STEPS = {f"step_{number}": {"module": "take_time", "params": {"seconds": SECONDS}} for number in range(6)}
ALL_STEPS = RUNS * len(STEPS)


@dataclass
class Load:
    """What came of it; `starts` tells of each step of whom and of which run it is, in the order in which they began."""

    runs: dict[str, list[dict[str, Any]]]
    submitting: dict[str, list[float]]
    reading: list[float]
    answered_queued: int
    seconds: float
    starts: list[tuple[datetime, str, int]] = field(init=False)

    def __post_init__(self) -> None:
        self.starts = sorted(
            (moment(node["started_at"]), person, run["number"])
            for person, runs in self.runs.items()
            for run in runs
            for node in run["nodes"].values()
        )


@pytest.fixture(scope="module")
def load(live: Installation) -> Load:
    live.wait(live.submit(document_of(**STEPS)))  # processes are warm
    began = time.monotonic()
    with ThreadPoolExecutor() as threads:
        half_of_alices = Event()
        submitters = {
            "alice": threads.submit(submit_all, live, "alice", half=half_of_alices),
            "bob": threads.submit(submit_all, live, "bob", after=half_of_alices),
        }
        reader = threads.submit(read_until_done, live, submitters)
        answers = {person: submitter.result() for person, submitter in submitters.items()}
        reading = reader.result()
    seconds = time.monotonic() - began
    with live.client() as client:
        runs = {person: [read(client, run["id"]) for _, run in answers[person]] for person in SHARES}
    return Load(
        runs=runs,
        submitting={person: [seconds for seconds, _ in answers[person]] for person in SHARES},
        reading=reading,
        answered_queued=sum(run["status"] == "queued" for answer in answers.values() for _, run in answer),
        seconds=seconds,
    )


def submit_all(
    live: Installation, person: str, *, after: Event | None = None, half: Event | None = None
) -> list[tuple[float, dict[str, Any]]]:
    """Submit this person's share; tells how long each took and what was answered."""
    answers = []
    if after is not None:
        after.wait(SECONDS_TO_END)
    with live.client(person) as client:
        for number in range(SHARES[person]):
            if half is not None and number == SHARES[person] // 2:
                half.set()
            began = time.monotonic()
            answer = client.post("/api/runs", json={"document": document_of(**STEPS)})
            answers.append((time.monotonic() - began, answer.json()))
            assert answer.status_code == 201, answer.text
    return answers


def read_until_done(live: Installation, submitters: dict[str, Future[Any]]) -> list[float]:
    """Look at the list of runs, as a page does, until all have ended; returns how long each look took."""
    seconds = []
    deadline = time.monotonic() + SECONDS_TO_END
    with live.client("carol") as client:
        while True:
            all_submitted = all(submitter.done() for submitter in submitters.values())
            began = time.monotonic()
            answer = client.get("/api/runs")
            seconds.append(time.monotonic() - began)
            assert answer.status_code == 200, answer.text
            if all_submitted and all(run["status"] in FINAL for run in answer.json()):
                return seconds
            assert time.monotonic() < deadline, Counter(run["status"] for run in answer.json())
            time.sleep(0.1)


def read(client: httpx.Client, run_id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/runs/{run_id}").json()
    return found


def moment(said: str) -> datetime:
    return datetime.fromisoformat(said)


def test_nothing_is_dropped_and_each_step_runs_once(load: Load) -> None:
    runs = [run for runs in load.runs.values() for run in runs]
    assert len({run["id"] for run in runs}) == len({run["number"] for run in runs}) == RUNS
    assert Counter(run["status"] for run in runs) == {"completed": RUNS}
    assert Counter(node["attempt"] for run in runs for node in run["nodes"].values()) == {1: ALL_STEPS}


def test_runs_wait_where_their_author_has_enough_steps_waiting(load: Load) -> None:
    assert load.answered_queued > 0


@pytest.mark.parametrize("person", SHARES)
def test_runs_of_a_person_begin_in_the_order_of_submission(load: Load, person: str) -> None:
    numbers = [run["number"] for run in load.runs[person]]
    assert numbers == sorted(numbers)
    in_turn = [number for _, who, number in load.starts if who == person]
    assert in_turn == sorted(in_turn)


def test_people_take_turns_while_both_have_something_waiting(load: Load) -> None:
    bobs = [place for place, (_, who, _) in enumerate(load.starts) if who == "bob"]
    while_bob_waits = [who for _, who, _ in load.starts[bobs[0] : bobs[-1] + 1]]
    assert len({who for _, who, _ in load.starts[bobs[-1] :]}) == 2, "Alice has something waiting all this time"
    length = len(while_bob_waits) // PARTS
    for start in range(0, PARTS * length, length):
        served = Counter(while_bob_waits[start : start + length])
        assert min(served["alice"], served["bob"]) > length / 3, served


def test_everybody_is_answered_all_the_time(load: Load, capsys: pytest.CaptureFixture[str]) -> None:
    assert {person: len(seconds) for person, seconds in load.submitting.items()} == SHARES
    assert load.reading
    with capsys.disabled():
        print(f"\n{RUNS} runs, {ALL_STEPS} steps in {load.seconds:.1f} s; {load.answered_queued} began later")
        for name, seconds in {**load.submitting, "reading": load.reading}.items():
            parts = statistics.quantiles(seconds, n=20)
            figures = f"median {statistics.median(seconds) * 1000:.0f} ms, 95 of 100 {parts[-1] * 1000:.0f} ms"
            print(f"  {name}: {figures}, longest {max(seconds) * 1000:.0f} ms")

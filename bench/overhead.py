"""What a node costs that does nothing, against bare Celery on the same broker."""

import os
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from celery import chain, group

from bench.report import Measure
from designer.local.processes import Processes
from tests.installation import Installation, environment_with

CHAIN, FAN_OUT = 50, 200
REUSED = 100
REPEATS = 3
PAUSE = 1.0
"""The run is timed by the server's clock; a script that asks often would only slow it down."""
GOAL = 1.5
GOAL_FIRST = 50
GOAL_REUSED = 300


def measure(running: Installation, _folder: Path) -> Iterator[Measure]:
    """Milliseconds per node in a chain and in a fan-out; the median of some runs, in turns."""
    broker = running.environment["DESIGNER_BROKER_URL"]
    with environment_with(DESIGNER_BROKER_URL=broker), Processes(grace_seconds=5) as processes:
        from bench import bare_celery

        options = [f"--concurrency={os.cpu_count()}", f"--queues={bare_celery.QUEUE}", "--hostname=bare@%h"]
        worker = [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "celery",
            "-A",
            "bench.bare_celery",
            "--quiet",
            "worker",
            "--loglevel=ERROR",
            *options,
        ]
        processes.start("bare worker", worker, running.environment)
        bare_celery.no_op.delay().get(timeout=60)
        running.run(document_of(chain_of(4)))
        no_ops = {count: [bare_celery.no_op.si() for _ in range(count)] for count in (CHAIN, FAN_OUT)}
        shapes = {
            f"node of a chain of {CHAIN}": (chain_of(CHAIN), lambda: chain(*no_ops[CHAIN]), CHAIN),
            f"node of a fan-out of {FAN_OUT}": (fan_of(FAN_OUT), lambda: group(*no_ops[FAN_OUT]), FAN_OUT),
        }
        for name, (nodes, tasks, count) in shapes.items():
            ours, bare = [], []
            for _ in range(REPEATS):
                started = time.perf_counter()
                tasks().apply_async().get(timeout=120)
                bare.append(time.perf_counter() - started)
                ours.append(seconds_of(running.run(document_of(nodes), pause=PAUSE)))
            milliseconds = 1000 / count
            yield Measure(
                name,
                statistics.median(ours) * milliseconds,
                "ms",
                "Celery",
                statistics.median(bare) * milliseconds,
                GOAL,
            )
    yield from idle_and_reused(running)


def idle_and_reused(running: Installation) -> Iterator[Measure]:
    """From the submission to the first node that runs, and a run in which nothing has to be done."""
    first = []
    for _ in range(REPEATS * 3):
        run = running.run(document_of(chain_of(1)))
        first.append(moment(run["nodes"]["step_0"]["started_at"]) - moment(run["created_at"]))
    yield Measure("submission to first node running", statistics.median(first) * 1000, "ms", goal=GOAL_FIRST)
    document = document_of(same_chain_of(REUSED))
    running.run(document)
    again = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        run = running.run(document)
        again.append(time.perf_counter() - started)
        assert {node["status"] for node in run["nodes"].values()} == {"reused"}, run
    yield Measure(f"{REUSED} unchanged nodes again", statistics.median(again) * 1000, "ms", goal=GOAL_REUSED)


def document_of(nodes: dict[str, Any]) -> dict[str, Any]:
    return {"format": "designer/pipeline@1", "nodes": nodes}


def chain_of(count: int) -> dict[str, Any]:
    """Nodes that do nothing, one after the other."""
    return {
        f"step_{number}": {"module": "take_time"} | ({"inputs": {"dataset": f"step_{number - 1}"}} if number else {})
        for number in range(count)
    }


def same_chain_of(count: int) -> dict[str, Any]:
    """A small table that is passed on so many times: each node can be reused."""
    rows = {"module": "enter_data_manually", "params": {"data": "a,b\n1,2\n3,4\n"}}
    return {"step_0": rows} | {
        f"step_{number}": {"module": "remove_duplicate_rows", "inputs": {"dataset": f"step_{number - 1}"}}
        for number in range(1, count)
    }


def fan_of(count: int) -> dict[str, Any]:
    """Nodes that do nothing, side by side."""
    return {f"step_{number}": {"module": "take_time"} for number in range(count)}


def seconds_of(run: dict[str, Any]) -> float:
    """From the submission of a run to its end, by the clock of the server."""
    assert run["status"] == "completed", run
    return moment(run["finished_at"]) - moment(run["created_at"])


def moment(text: str) -> float:
    """A time of the API in seconds."""
    return datetime.fromisoformat(text).timestamp()

"""A file that is larger than the memory of the steps that it goes through."""

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import psutil

from bench.overhead import document_of, seconds_of
from bench.report import Measure
from bench.tables import cleaned
from designer.engine.family import exact_memory_bytes
from tests.installation import Installation, installation

LIMIT_MEGABYTES = 2048
PIECE_ROWS, NUMBERS = 200_000, 16
ROOM = 6.0
"""Times the size of the file that must be free on the disk: it is uploaded, and each step writes a table."""
RUN_SECONDS = 7200
LOOK_SECONDS = 0.2


@dataclass
class Watch:
    """The most memory that a step process has held."""

    most_bytes: int = 0


def measure(_running: Installation, folder: Path) -> Iterator[Measure]:
    """Import, select, clean, split by a filter and summarize; steps that hold more than 2 GiB are ended."""
    gigabytes = float(os.environ.get("BENCH_GIGABYTES", "10"))
    needed, free = gigabytes * ROOM, shutil.disk_usage(folder).free / 1e9
    if free < needed:
        print(f"  a file of {gigabytes:g} GB is left out: {needed:.0f} GB of disk are needed, {free:.0f} are free")
        return
    with tempfile.TemporaryDirectory(dir=folder) as name:
        path = Path(name, "large.csv")
        write_csv(path, int(gigabytes * 1e9))
        with installation(Path(name, "home"), DESIGNER_STEP_MEMORY_MB=str(LIMIT_MEGABYTES)) as limited:
            document = document_of(nodes_of(uploaded(limited, path)))
            with watched() as watch:
                seconds = seconds_of(limited.wait(limited.submit(document), RUN_SECONDS))
    size = f"CSV of {gigabytes:g} GB"
    yield Measure(f"{size}, most memory of a step", watch.most_bytes / 2**20, "MiB", goal=LIMIT_MEGABYTES)
    yield Measure(f"{size}, whole", seconds, "s")


def write_csv(path: Path, size_bytes: int) -> None:
    """Numbers of all their digits, some missing, and a category; the same rows again and again."""
    random = np.random.default_rng(0)
    columns: dict[str, Any] = {f"number_{place}": random.normal(place, 1, PIECE_ROWS) for place in range(NUMBERS)}
    table = pl.DataFrame(columns).with_columns(
        pl.when(pl.Series(random.random(PIECE_ROWS) > 0.05)).then(pl.col("number_1")).alias("number_1"),
        pl.Series("city", random.choice(["Bern", "Graz", "Jena", "Lund"], PIECE_ROWS)),
    )
    head, _, rows = table.write_csv().encode().partition(b"\n")
    with path.open("wb") as file:
        file.write(head + b"\n")
        while file.tell() < size_bytes:
            file.write(rows)


def uploaded(running: Installation, path: Path) -> str:
    with running.client() as client, path.open("rb") as file:
        answer = client.post("/api/uploads", files={"file": (path.name, file)}, timeout=1800)
        assert answer.status_code in (200, 201), answer.text
        return str(answer.json()["id"])


@contextmanager
def watched() -> Iterator[Watch]:
    """Look at the step processes of this machine again and again while the block runs."""
    watch, done = Watch(), threading.Event()

    def look() -> None:
        while not done.wait(LOOK_SECONDS):
            for process in psutil.process_iter(["cmdline"]):
                if "designer.engine.process" in (process.info["cmdline"] or []):
                    watch.most_bytes = max(watch.most_bytes, exact_memory_bytes(process.pid))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield watch
    finally:
        done.set()
        thread.join()


def nodes_of(upload: str) -> dict[str, Any]:
    """A filter lets about half of the rows through."""
    return {
        **cleaned(upload, ["number_15"]),
        "split": {
            "module": "split_data",
            "inputs": {"dataset": "clean.cleaned_dataset"},
            "params": {"splitting_mode": "relative_expression", "relational_expression": '\\"number_0" > 0'},
        },
        "summarize": {"module": "summarize_data", "inputs": {"input": "split.results_dataset1"}},
    }

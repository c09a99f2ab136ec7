"""A pipeline over a million rows, against plain pandas and plain Polars scripts that do the same."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench.overhead import PAUSE, document_of, moment, seconds_of
from bench.report import Measure
from designer.local.processes import ROOT
from tests.installation import Installation

ROWS, SEED = 1_000_000, 0
DROPPED = ("id", "note")
# (whole, steps before training): at most so many times the script.
GOALS = {"pandas": (0.95, 0.4), "polars": (1.1, 1.3)}
REPEATS = 3
FEW_ROWS = 5_000
GOAL_OVERHEAD = 10
TRAINING_SECONDS = 1800


def measure(running: Installation, folder: Path) -> Iterator[Measure]:
    """Seconds of the whole, and of what comes before the encoding and training; medians of runs in turns."""
    path = folder / "million.csv"
    million(ROWS, SEED).write_csv(path)
    ours, scripts = repeated(running, path)
    for name, (whole, before) in GOALS.items():
        assert abs(scripts[name]["auc"] - ours["auc"]) < 0.01, (scripts, ours)
        yield Measure("1,000,000 × 20, whole", ours["whole"], "s", name, scripts[name]["whole"], whole)
        yield Measure("1,000,000 × 20, before training", ours["before"], "s", name, scripts[name]["before"], before)
    few = folder / "few.csv"
    million(FEW_ROWS, SEED).write_csv(few)
    ours, scripts = repeated(running, few)
    overhead = (ours["whole"] - scripts["polars"]["whole"]) * 1000 / ours["nodes"]
    yield Measure("5,000 × 20, more than Polars for each node", overhead, "ms", goal=GOAL_OVERHEAD)


def repeated(running: Installation, path: Path) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """The pipeline and the scripts over a file, several times in turns; the median of each figure."""
    ours, scripts = [], {name: [] for name in GOALS}
    for number in range(REPEATS):
        with path.open("ab") as file:  # one more row, so that nothing is reused
            million(1, number).write_csv(file, include_header=False)
        for name, results in scripts.items():
            results.append(run_script(name, path))
        ours.append(run_pipeline(running, path))
    return medians(ours), {name: medians(results) for name, results in scripts.items()}


def medians(results: list[dict[str, float]]) -> dict[str, float]:
    return {key: statistics.median(result[key] for result in results) for key in results[0]}


def million(rows: int, seed: int) -> pl.DataFrame:
    """A table of 20 columns: numbers, some of them missing, three categories and a label that depends on them."""
    random = np.random.default_rng(seed)
    columns: dict[str, Any] = {"id": np.arange(rows), "note": [f"note {number % 1000}" for number in range(rows)]}
    for number in range(14):
        columns[f"number_{number}"] = random.normal(number, 1 + number, rows).round(4)
    for name, levels in (("colour", 6), ("city", 40), ("kind", 12)):
        columns[name] = np.array([f"{name} {level}" for level in range(levels)], dtype=object)[
            random.integers(levels, size=rows)
        ]
    table = pl.DataFrame(columns)
    score = pl.col("number_0") + pl.col("number_3") / 4 + (pl.col("colour") == "colour 1") * 2 - 1.1
    noise = pl.Series(random.normal(0, 1, rows))
    table = table.with_columns(pl.when(score + noise > 0).then(pl.lit("yes")).otherwise(pl.lit("no")).alias("label"))
    missing = [
        pl.when(pl.Series(random.random(rows) > 0.05)).then(pl.col(f"number_{number}")).alias(f"number_{number}")
        for number in (1, 3, 5, 7)
    ]
    return table.with_columns(missing)


def run_script(name: str, path: Path) -> dict[str, float]:
    """Run a script in a process of its own, and take what it measured of itself after its imports."""
    command = [sys.executable, "-m", f"bench.scripts.{name}_script", str(path), *DROPPED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603  our own command
    result: dict[str, float] = json.loads(done.stdout)
    return result


def run_pipeline(running: Installation, path: Path) -> dict[str, float]:
    """Run the same on the installation."""
    with running.client() as client, path.open("rb") as file:
        upload = client.post("/api/uploads", files={"file": ("million.csv", file)}, timeout=300).json()
    run = running.wait(running.submit(document_of(nodes_of(upload["id"]))), TRAINING_SECONDS, pause=PAUSE)
    assert {node["status"] for node in run["nodes"].values()} <= {"completed", "reused"}, run
    before = moment(run["nodes"]["train"]["started_at"]) - moment(run["created_at"])
    area = run["nodes"]["evaluate"]["metrics"]["AUC"]
    return {"whole": seconds_of(run), "before": before, "auc": area, "nodes": len(run["nodes"])}


def nodes_of(upload: str) -> dict[str, Any]:
    """The pipeline of the scripts."""
    return {
        **cleaned(upload, DROPPED),
        "split": {
            "module": "split_data",
            "inputs": {"dataset": "clean.cleaned_dataset"},
            "params": {"fraction_of_rows": 0.7},
        },
        "learner": {"module": "two_class_boosted_decision_tree", "params": {"seed": 0}},
        "train": {
            "module": "train_model",
            "inputs": {"untrained_model": "learner", "dataset": "split.results_dataset1"},
            "params": {"label_column": "label"},
        },
        "score": {
            "module": "score_model",
            "inputs": {"trained_model": "train", "dataset": "split.results_dataset2"},
        },
        "evaluate": {"module": "evaluate_model", "inputs": {"scored_dataset": "score"}},
    }


def cleaned(upload: str, dropped: Sequence[str]) -> dict[str, Any]:
    """Nodes that read a file, leave columns out and fill the gaps of the numbers; the last is `clean`."""
    kept = {"base": "all", "rules": [{"op": "exclude", "by": "names", "values": list(dropped)}]}
    numbers = {"base": "none", "rules": [{"op": "include", "by": "types", "values": ["numeric"]}]}
    return {
        "read": {"module": "import_data", "params": {"path": upload}},
        "select": {"module": "select_columns_in_dataset", "inputs": {"dataset": "read"}, "params": {"columns": kept}},
        "clean": {
            "module": "clean_missing_data",
            "inputs": {"dataset": "select"},
            "params": {"columns": numbers, "cleaning_mode": "replace_with_mean"},
        },
    }

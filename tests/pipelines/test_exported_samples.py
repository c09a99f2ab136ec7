"""Every sample, exported as plain Python, gives what the engine gives, where nothing of ours is installed."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from designer.graph.examination import examine
from designer.graph.export.program import Program, program_of
from designer.graph.export.source import Source
from designer.graph.export.style import complaints
from designer.graph.graph import DatasetEntry, Graph
from designer.graph.plan import Plan, compile_plan
from designer.graph.reading import read
from designer.graph.script import notebook_of, script_of
from designer.store.artifacts import Store
from modules import catalog
from tests.exporting.programs import Interpreter, assert_same_outputs, interpreter, write_program
from tests.pipelines.running import run

PIPELINES = sorted((Path(__file__).parents[2] / "samples" / "pipelines").glob("*.yaml"))

CEILINGS = {
    "automobile-price-compare": 1530,
    "automobile-price": 1310,
    "credit-risk-script": 2440,
    "customer-churn": 1980,
    "diabetes-two-class": 1880,
    "flight-delay": 2680,
    "income-cross-validation": 1860,
    "income-feature-selection": 2130,
    "income-tuning": 2180,
    "income-two-class": 1980,
    "iris-multiclass": 1730,
    "letter-recognition": 1900,
    "movie-recommendation": 1140,
    "penguins-clustering": 1240,
    "permutation-importance": 1630,
    "text-classification": 2530,
}
"""The most lines that each sample may take as a script: a tenth more than it took when this was written."""

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Interpreter]:
    with interpreter(tmp_path_factory.mktemp("elsewhere")) as running:
        yield running


@pytest.mark.parametrize("path", PIPELINES, ids=lambda path: path.stem)
def test_a_sample_gives_the_same_elsewhere(
    path: Path, store: Store, datasets: dict[str, DatasetEntry], elsewhere: Interpreter, tmp_path: Path
) -> None:
    graph, plan = compiled(path, datasets)
    engine = {
        node: {port: store.load(output.digest) for port, output in ports.items()}
        for node, ports in run(plan, store).items()
    }
    script, program = write_program(graph, plan, store, tmp_path)
    given = elsewhere.run(script, [step.variable for step in program.steps], tmp_path)
    assert "error" not in given, given["error"]["said"]
    assert_same_outputs(program, plan, engine, given["values"])


@pytest.mark.parametrize("path", PIPELINES, ids=lambda path: path.stem)
def test_a_sample_is_no_longer_than_it_was(path: Path, datasets: dict[str, DatasetEntry]) -> None:
    graph, plan = compiled(path, datasets)
    text = script_of(program_of(Source(graph, plan, {})), "exported.py")
    assert len(text.splitlines()) <= CEILINGS[path.stem]


def compiled(path: Path, datasets: dict[str, DatasetEntry]) -> tuple[Graph, Plan]:
    graph = examine(read(path.read_bytes()), catalog.load(), datasets).graph
    return graph, compile_plan(graph)


@dataclass(frozen=True)
class Sample:
    """A sample that has been exported, and what the engine made of it."""

    folder: Path
    program: Program
    scores: pl.DataFrame
    metrics: dict[str, Any]


@pytest.fixture(scope="module")
def cars(store: Store, datasets: dict[str, DatasetEntry], tmp_path_factory: pytest.TempPathFactory) -> Sample:
    [path] = [path for path in PIPELINES if path.stem == "automobile-price"]
    graph, plan = compiled(path, datasets)
    folder = tmp_path_factory.mktemp("cars")
    _, program = write_program(graph, plan, store, folder)
    outputs = run(plan, store)
    scores = store.load_table(outputs["score"]["scored_dataset"].digest).frame.collect()
    charts: Any = outputs["evaluate"]["evaluation_results"].meta["charts"]
    return Sample(folder, program, scores, charts["sets"][0]["metrics"])


@pytest.fixture(scope="module")
def clean_python(cars: Sample, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment of its own with the packages that the program names, and no others."""
    folder = tmp_path_factory.mktemp("environment")
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)  # noqa: S603  our own command
    python = folder / "bin" / "python"
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, *cars.program.requirements], check=True)  # noqa: S603  our own command
    return python


def run_alone(python: Path, *arguments: str, folder: Path) -> str:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(  # noqa: S603  our own command
        [python, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def printed_metrics(text: str) -> dict[str, float]:
    lines = [line.partition(": ")[2].partition(" = ") for line in text.splitlines() if line.startswith("evaluate: ")]
    return {name: float(value) for name, _, value in lines}


def test_a_script_needs_only_the_packages_that_it_names(cars: Sample, clean_python: Path, tmp_path: Path) -> None:
    said = run_alone(clean_python, str(cars.folder / "exported.py"), "--output", str(tmp_path), folder=tmp_path)
    assert printed_metrics(said) == pytest.approx(cars.metrics, rel=1e-12)
    scores = pl.read_csv(tmp_path / "score.csv")
    assert scores["Scored Labels"].to_list() == pytest.approx(cars.scores["Scored Labels"].to_list(), rel=1e-12)
    assert scores.columns == cars.scores.columns


def test_a_notebook_gives_the_same_figures(cars: Sample, clean_python: Path) -> None:
    text = notebook_of(cars.program, "exported.ipynb")
    assert complaints(text, "exported.ipynb") == ""
    cells = [cell["source"] for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    code = cars.folder / "cells.py"
    code.write_text("\n\n".join("".join(source) for source in cells), "utf-8")
    assert printed_metrics(run_alone(clean_python, "cells.py", folder=cars.folder)) == pytest.approx(
        cars.metrics, rel=1e-12
    )

"""Documents run from the command line, against a running installation and alone."""

import json
import subprocess
from pathlib import Path
from typing import Any

import polars as pl
import psutil
import pytest

from tests.installation import Installation, document_of, environment_with, manage

CARS = {"dataset": "automobile-price-data-raw"}
SPLIT = {"module": "split_data", "inputs": {"dataset": "cars"}, "params": {"fraction_of_rows": {"$parameter": "share"}}}
PARAMETERS = {"share": {"type": "float", "default": 0.5}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "pipeline.json"
    path.write_text(json.dumps({**document_of(cars=CARS, split=SPLIT), "parameters": PARAMETERS}), "utf-8")
    return path


def run_pipeline(live: Installation, *arguments: object) -> subprocess.CompletedProcess[str]:
    return manage(live.environment, "run_pipeline", *map(str, arguments))


def test_a_line_for_each_node_and_exit_code_0(live: Installation, file: Path) -> None:
    done = run_pipeline(live, file)
    assert (done.returncode, done.stderr) == (0, "")
    first, second, last = done.stdout.splitlines()
    assert first.split() == ["cars", "completed"]
    assert second.split()[:2] in (["split", "completed"], ["split", "reused"])
    assert last.startswith("Run ")


def test_one_object_and_nothing_else(live: Installation, file: Path) -> None:
    run_pipeline(live, file)
    done = run_pipeline(live, file, "--json")
    said: dict[str, Any] = json.loads(done.stdout)
    assert (done.returncode, said["status"], set(said["nodes"])) == (0, "completed", {"cars", "split"})
    reused = {"status": "completed", "reused": True, "seconds": 0.0, "error": None, "metrics": {}}
    assert said["nodes"]["split"] == reused
    with live.client() as client:
        assert client.get(f"/api/runs/{said['run']}").json()["status"] == "completed"


def test_parameters_datasets_and_outputs(live: Installation, file: Path, tmp_path: Path) -> None:
    data, left, right = tmp_path / "data.csv", tmp_path / "left.parquet", tmp_path / "right.csv"
    pl.DataFrame({"a": range(10)}).write_csv(data)
    done = run_pipeline(
        live,
        file,
        *("--set", "share=0.3", "--dataset", f"automobile-price-data-raw={data}"),
        *("--output", f"split.results_dataset1={left}", "--output", f"split.results_dataset2={right}"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    found = [pl.read_parquet(left), pl.read_csv(right)]
    assert [frame.height for frame in found] == [3, 7]
    assert sorted(pl.concat(found)["a"]) == list(range(10))
    with live.client() as client:
        newest = {dataset["name"]: dataset["version"] for dataset in client.get("/api/datasets").json()}
    assert newest["automobile-price-data-raw"] == 1


def test_what_is_no_table_is_written_as_its_file(live: Installation, tmp_path: Path) -> None:
    path, document = tmp_path / "model", tmp_path / "p.json"
    document.write_text(json.dumps(document_of(learner={"module": "linear_regression"})), "utf-8")
    assert run_pipeline(live, document, "--output", f"learner={path}").returncode == 0
    assert path.stat().st_size > 0


def test_a_failed_run_is_exit_code_1(live: Installation, tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text(json.dumps(document_of(end={"module": "end_process"})), "utf-8")
    done = run_pipeline(live, path, "--json")
    node = json.loads(done.stdout)["nodes"]["end"]
    assert (done.returncode, node["status"], node["error"]["code"]) == (1, "failed", "1000")
    assert "1000" in done.stderr


BROKEN = """format: designer/pipeline@1
nodes:
  a:
    module: splitt_data
  b:
    module: split_data
    params: {fraction: 1}
"""


def test_an_invalid_document_is_exit_code_2_and_every_problem_with_its_line(live: Installation, tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(BROKEN, "utf-8")
    done = run_pipeline(live, path, "--json")
    assert (done.returncode, json.loads(done.stdout)["status"]) == (2, "invalid")
    assert "line 4: Node 'a'" in done.stderr
    assert "line 7: Node 'b'" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--set", "shar=1"], "did you mean 'share'?"),
        (["--set", "share=much"], "takes float; found 'much'"),
        (["--set", "share"], "takes NAME=VALUE"),
        (["--set", "share=2"], "fraction_of_rows"),
        (["--dataset", "cars=x.csv"], "no dataset 'cars'"),
        (["--dataset", "automobile-price-data-raw=nowhere.csv"], "nowhere.csv"),
        (["--output", "splt.results_dataset1=x.csv"], "did you mean 'split'?"),
        (["--output", "split=x.csv"], "results_dataset1, results_dataset2"),
        (["--output", "split.results_dataset1=x.docx"], "has no ending of a table"),
        (["--output", "split.results_dataset1=nowhere/x.csv"], "does not exist"),
        (["--unknown"], "unrecognized arguments"),
    ],
)
def test_a_wrong_argument_is_exit_code_2_in_words(
    live: Installation, file: Path, arguments: list[str], said: str
) -> None:
    done = run_pipeline(live, file, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_without_an_installation_it_starts_what_it_needs_and_leaves_nothing(file: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    with environment_with(DESIGNER_HOME=str(home)):
        done = manage({}, "run_pipeline", str(file), "--json")
    assert (done.returncode, json.loads(done.stdout)["status"]) == (0, "completed"), done.stderr
    assert not [process for process in psutil.process_iter(["cmdline"]) if str(home) in str(process.info["cmdline"])]

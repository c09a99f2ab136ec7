"""Pipelines taken away as plain Python, over HTTP and from the command line."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.installation import Installation, document_of, manage

CARS = {"dataset": "automobile-price-data-raw"}
SPLIT = {"module": "split_data", "inputs": {"dataset": "cars"}, "params": {"fraction_of_rows": 0.5}}
TYPED = {"module": "enter_data_manually", "params": {"data": "a,b\n1,2\n"}}
LEARNER = {"module": "two_class_logistic_regression"}


def draft_of(live: Installation, **nodes: Any) -> str:
    with live.client() as client:
        return str(client.post("/api/drafts", json={"document": document_of(**nodes)}).json()["id"])


def test_a_pipeline_without_data_is_one_file(live: Installation) -> None:
    draft = draft_of(live, typed=TYPED)
    with live.client("carol") as client:
        answer = client.get(f"/api/drafts/{draft}/export")
    assert answer.status_code == 200
    assert 'filename="test.py"' in answer.headers["Content-Disposition"]
    assert "def enter_data_manually(" in answer.text


def test_a_pipeline_with_data_is_an_archive_that_runs(live: Installation, tmp_path: Path) -> None:
    draft = draft_of(live, cars=CARS, split=SPLIT)
    with live.client() as client:
        content = client.get(f"/api/drafts/{draft}/export").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "test"
    assert {path.name for path in folder.iterdir()} == {"test.py", "data", "pipeline.yaml"}
    done = subprocess.run([sys.executable, "-I", "test.py"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("split.results_dataset1\nshape: (5, 26)")


def test_an_uploaded_file_lies_beside_the_program(live: Installation, tmp_path: Path) -> None:
    with live.client() as client:
        upload = client.post("/api/uploads", files={"file": ("rows.csv", b"a,b\n1,x\n2,y\n")}).json()["id"]
        draft = draft_of(live, rows={"module": "import_data", "params": {"path": upload}})
        content = client.get(f"/api/drafts/{draft}/export").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read("test/data/rows.csv") == b"a,b\n1,x\n2,y\n"
        archive.extractall(tmp_path)
    done = subprocess.run(
        [sys.executable, "-I", "test.py"], cwd=tmp_path / "test", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "shape: (2, 2)" in done.stdout


def test_a_notebook_is_one_too(live: Installation) -> None:
    draft = draft_of(live, typed=TYPED)
    with live.client() as client:
        answer = client.get(f"/api/drafts/{draft}/export", params={"to": "notebook"})
    assert 'filename="test.ipynb"' in answer.headers["Content-Disposition"]
    assert answer.json()["nbformat"] == 4


def test_a_run_is_written_with_the_seed_that_it_drew(live: Installation) -> None:
    run = live.submit(document_of(learner=LEARNER))
    with live.client() as client:
        texts = [client.get(f"/api/runs/{run}/export").text for _ in range(2)]
    assert texts[0] == texts[1]
    assert "LEARNER_SEED = " in texts[0]


def test_a_draft_with_problems_is_refused_with_them(live: Installation) -> None:
    draft = draft_of(live, split=SPLIT)
    with live.client() as client:
        answer = client.get(f"/api/drafts/{draft}/export")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_document")
    assert answer.json()["problems"][0]["node"] == "split"


@pytest.mark.parametrize("person", ["mallory"])
def test_strangers_get_nothing(live: Installation, person: str) -> None:
    draft = draft_of(live, typed=TYPED)
    run = live.submit(document_of(typed=TYPED))
    with live.client(person) as client:
        codes = [client.get(f"/api/{place}/export").status_code for place in (f"drafts/{draft}", f"runs/{run}")]
    assert codes == [404, 404]


def test_an_unknown_target_is_refused(live: Installation) -> None:
    draft = draft_of(live, typed=TYPED)
    with live.client() as client:
        assert client.get(f"/api/drafts/{draft}/export", params={"to": "cobol"}).status_code == 422


def export(live: Installation, *arguments: object) -> subprocess.CompletedProcess[str]:
    return manage(live.environment, "export_pipeline", *map(str, arguments))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "pipeline.json"
    split = {**SPLIT, "params": {"fraction_of_rows": {"$parameter": "share"}}}
    parameters = {"share": {"type": "float", "default": 0.5}}
    path.write_text(json.dumps({**document_of(cars=CARS, split=split), "parameters": parameters}), "utf-8")
    return path


def test_the_command_says_where_it_wrote(live: Installation, file: Path, tmp_path: Path) -> None:
    done = export(live, file, "--to", "notebook", "--output", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    with zipfile.ZipFile(done.stdout.strip()) as archive:
        assert archive.namelist()[0] == "test/test.ipynb"


def test_the_command_takes_parameters_and_files_for_datasets(live: Installation, file: Path, tmp_path: Path) -> None:
    data = tmp_path / "data.csv"
    data.write_text("a\n1\n2\n3\n", "utf-8")
    chosen = ("--set", "share=0.25", "--dataset", f"automobile-price-data-raw={data}")
    done = export(live, file, *chosen, "--output", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    with zipfile.ZipFile(tmp_path / "test.zip") as archive:
        assert "SHARE = 0.25\n" in archive.read("test/test.py").decode()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--set", "shore=1"), "no pipeline parameter 'shore'; did you mean 'share'?"),
        (("--output", "nowhere"), "folder 'nowhere' does not exist"),
        (("--set", "share=much"), "takes float; found 'much'"),
    ],
)
def test_what_the_command_cannot_use_is_said(
    live: Installation, file: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = export(live, file, *arguments)
    assert done.returncode == 2
    assert said in done.stderr

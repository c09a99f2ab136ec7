"""Trained models taken away over HTTP, and pipelines drawn again from their files."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.installation import Installation, document_of

ROWS = "size,color,price\n" + "".join(f"{n},{'red' if n % 2 else 'blue'},{n * 3 + 1}\n" for n in range(20))
TYPED = {"module": "enter_data_manually", "params": {"data": ROWS}}
LEARNER = {"module": "linear_regression"}
TRAIN = {
    "module": "train_model",
    "inputs": {"untrained_model": "learner", "dataset": "typed"},
    "params": {"label_column": "price"},
}
DOCUMENT = document_of(typed=TYPED, learner=LEARNER, train=TRAIN)


@pytest.fixture(scope="module")
def run(live: Installation) -> str:
    done = live.run(DOCUMENT)
    assert done["status"] == "completed"
    return str(done["id"])


def file_of(live: Installation, run: str, file_format: str) -> bytes:
    """The archive of the run's model."""
    with live.client() as client:
        url = f"/api/runs/{run}/nodes/train/outputs/trained_model/files"
        answer = client.post(url, json={"format": file_format})
        assert answer.status_code == 201, answer.text
        made = live.wait(answer.json()["id"])
        assert made["status"] == "completed", made["nodes"]["file"]["error"]
        digest = made["nodes"]["file"]["outputs"]["model_file"]["digest"]
        return client.get(f"/api/artifacts/{digest}/download").content


def bring(live: Installation, name: str, content: bytes) -> Any:
    with live.client() as client:
        return client.post("/api/drafts/files", files={"file": (name, content)})


@pytest.mark.parametrize("file_format", ["skops", "onnx", "mlflow"])
def test_a_model_file_draws_its_pipeline_again(live: Installation, run: str, file_format: str) -> None:
    answer = bring(live, "model.zip", file_of(live, run, file_format))
    assert answer.status_code == 201, answer.text
    drawn = answer.json()["document"]["nodes"]
    assert {name: node.get("module") for name, node in drawn.items()} == {
        name: node["module"] for name, node in DOCUMENT["nodes"].items()
    }
    assert answer.json()["examination"]["problems"] == []


def test_a_model_file_predicts_where_nothing_of_ours_is(live: Installation, run: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(file_of(live, run, "skops"))) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "test-train-skops"
    (folder / "rows.csv").write_text("color,size\nred,5\nblue,6\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "predict.py", "rows.csv", "--output", "scored.csv"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert pl.read_csv(folder / "scored.csv")["Scored Labels"].to_list() == pytest.approx([16, 19], abs=0.01)
    passport = json.loads((folder / "designer.json").read_text("utf-8"))
    assert (passport["run"]["id"], passport["node"]) == (run, "train")


def test_a_second_download_is_at_hand(live: Installation, run: str) -> None:
    assert file_of(live, run, "onnx") == file_of(live, run, "onnx")


def test_what_is_no_model_is_refused(live: Installation, run: str) -> None:
    with live.client() as client:
        table = client.post(f"/api/runs/{run}/nodes/typed/outputs/dataset/files", json={})
        unknown = client.post(f"/api/runs/{run}/nodes/typed/outputs/nothing/files", json={})
        odd = client.post(f"/api/runs/{run}/nodes/train/outputs/trained_model/files", json={"format": "pickle"})
    assert (table.status_code, table.json()["code"]) == (422, "not_exportable")
    assert unknown.status_code == 404
    assert odd.status_code == 422


@pytest.mark.parametrize(("person", "code"), [("carol", 403), ("mallory", 404)])
def test_readers_and_strangers_make_no_files(live: Installation, run: str, person: str, code: int) -> None:
    with live.client(person) as client:
        answer = client.post(f"/api/runs/{run}/nodes/train/outputs/trained_model/files", json={})
    assert answer.status_code == code


def archive_of(**files: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_json", ".json"), text)
    return content.getvalue()


def test_an_exported_archive_and_a_plain_document_can_be_brought_too(live: Installation) -> None:
    cars = {"dataset": "automobile-price-data-raw"}
    with live.client() as client:
        draft = client.post("/api/drafts", json={"document": document_of(cars=cars)}).json()
        exported = client.get(f"/api/drafts/{draft['id']}/export").content
        text = client.get(f"/api/drafts/{draft['id']}/document").content
    answers = [bring(live, "cars.zip", exported), bring(live, "cars.yaml", text)]
    assert [answer.json()["document"]["nodes"] for answer in answers] == [draft["document"]["nodes"]] * 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (archive_of(readme="x"), "holds neither designer.json nor pipeline.yaml"),
        (archive_of(designer_json="{"), "is not JSON"),
        (archive_of(designer_json="[]"), "holds no pipeline"),
        (archive_of(a__b__c__designer_json="{}"), "holds neither"),
        (b"PK\x03\x04broken", "is not whole"),
        (b"\xff\xfe\x00", "neither text nor an archive"),
        (archive_of(designer_json='{"pipeline": {"format": "x"}}'), "format"),
    ],
)
def test_a_file_without_a_pipeline_is_refused_in_words(live: Installation, content: bytes, said: str) -> None:
    answer = bring(live, "file.zip", content)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_document")
    assert said in answer.json()["problems"][0]["message"]

"""Advice over HTTP: with the draft, and for a run with what it has found in its data."""

import io
from typing import Any

import numpy as np
import polars as pl
import pytest

from tests.installation import Installation

ROWS = 400


@pytest.fixture(scope="module")
def loans(live: Installation) -> str:
    """A dataset in which a date of default gives the label away, and people stand in many rows."""
    rng = np.random.default_rng(3)
    default = rng.random(ROWS) < 0.4
    table = pl.DataFrame(
        {
            "customer_id": rng.integers(0, 90, ROWS),
            "amount": rng.normal(1000, 200, ROWS).round(2),
            "reminders": np.where(default, rng.integers(3, 9, ROWS), rng.integers(0, 3, ROWS)),
            "default": np.where(default, "yes", "no"),
        }
    )
    file = io.BytesIO()
    table.write_csv(file)
    with live.client() as client:
        answer = client.post("/api/datasets", files={"file": ("loans.csv", file.getvalue())})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["name"])


def loan_document(dataset: str, **changed: Any) -> dict[str, Any]:
    nodes: dict[str, Any] = {
        "loans": {"dataset": dataset},
        "split": {"module": "split_data", "inputs": {"dataset": "loans"}, "params": {"fraction_of_rows": 0.7}},
        "learner": {"module": "two_class_logistic_regression"},
        "train": {
            "module": "train_model",
            "inputs": {"untrained_model": "learner", "dataset": "split.results_dataset1"},
            "params": {"label_column": "default"},
        },
        "score": {
            "module": "score_model",
            "inputs": {"trained_model": "train", "dataset": "split.results_dataset2"},
        },
    }
    return {"format": "designer/pipeline@1", "name": "Loans", "nodes": {**nodes, **changed}}


def codes(answer: list[dict[str, Any]]) -> set[tuple[str, str, str, str | None]]:
    return {(one["code"], one["node"], one["key"], one["column"]) for one in answer}


FOUND = {
    ("label_determined", "train", "inputs.dataset", "reminders"),
    ("same_group", "split", "inputs.dataset", "customer_id"),
}


def test_the_answer_to_a_draft_holds_advice_with_a_repair(live: Installation) -> None:
    nodes = {
        "cars": {"dataset": "automobile-price-data-raw"},
        "scale": {"module": "normalize_data", "inputs": {"dataset": "cars"}},
        "split": {"module": "split_data", "inputs": {"dataset": "scale.transformed_dataset"}},
        "learner": {"module": "linear_regression"},
        "train": {
            "module": "train_model",
            "inputs": {"untrained_model": "learner", "dataset": "split.results_dataset1"},
            "params": {"label_column": "price"},
        },
        "score": {"module": "score_model", "inputs": {"trained_model": "train", "dataset": "split.results_dataset2"}},
    }
    document = {"format": "designer/pipeline@1", "name": "Leaky", "nodes": nodes}
    with live.client() as client:
        draft = client.post("/api/drafts", json={"document": document}).json()
        again = client.post("/api/documents/examine", json={"document": document}).json()
    [one] = draft["examination"]["advice"]
    assert (one["code"], one["node"], one["key"]) == ("fitted_before_split", "split", "inputs.dataset")
    assert one["repair"]["kind"] == "move_behind_split"
    assert draft["examination"]["problems"] == []
    assert again["advice"] == [one]


def test_what_a_run_finds_is_told_of_the_draft_until_the_pipeline_changes(live: Installation, loans: str) -> None:
    with live.client() as client:
        draft = client.post("/api/drafts", json={"document": loan_document(loans)}).json()
        assert draft["examination"]["advice"] == []
        run = client.post("/api/runs", json={"draft_id": draft["id"]}).json()
        assert live.wait(run["id"])["status"] == "completed"

        seen = client.get(f"/api/drafts/{draft['id']}").json()
        assert codes(seen["examination"]["advice"]) == FOUND
        assert codes(client.get(f"/api/runs/{run['id']}/advice").json()) == FOUND

        kept = {
            "module": "select_columns_in_dataset",
            "inputs": {"dataset": "split.results_dataset1"},
            "params": {"columns": ["amount", "default"]},
        }
        document = loan_document(loans, kept=kept)
        document["nodes"]["train"]["inputs"]["dataset"] = "kept"
        headers = {"If-Match": f'"{seen["digest"]}"'}
        saved = client.put(f"/api/drafts/{draft['id']}", json={"document": document}, headers=headers).json()
        assert codes(saved["examination"]["advice"]) == FOUND - {
            ("label_determined", "train", "inputs.dataset", "reminders")
        }

        document["nodes"]["split"]["params"]["seed"] = 77
        headers = {"If-Match": f'"{saved["digest"]}"'}
        other = client.put(f"/api/drafts/{draft['id']}", json={"document": document}, headers=headers).json()
        assert other["examination"]["advice"] == []


def test_a_reused_split_still_tells_what_it_found(live: Installation, loans: str) -> None:
    live.run(loan_document(loans))
    run = live.run(loan_document(loans))
    assert run["nodes"]["split"]["status"] == "reused"
    with live.client() as client:
        assert codes(client.get(f"/api/runs/{run['id']}/advice").json()) == FOUND


def test_a_dismissal_is_saved_and_its_note_comes_back(live: Installation, loans: str) -> None:
    document = loan_document(loans)
    note = {"advice": "same_group", "input": "dataset", "column": "customer_id", "note": "Customers come back"}
    document["nodes"]["split"]["dismissed"] = [note]
    run = live.run(document)
    with live.client() as client:
        found = client.get(f"/api/runs/{run['id']}/advice").json()
    assert {one["code"]: one["dismissed"] for one in found} == {
        "same_group": "Customers come back",
        "label_determined": None,
    }


def test_the_advice_of_a_run_is_for_its_workspace(live: Installation, loans: str) -> None:
    run = live.run(loan_document(loans))
    with live.client("mallory") as client:
        assert client.get(f"/api/runs/{run['id']}/advice").status_code == 404

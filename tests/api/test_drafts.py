"""Drafts over HTTP: nothing is lost and nothing is overwritten silently."""

from typing import Any

import httpx
import pytest

from tests.installation import Installation

EMPTY: dict[str, Any] = {"format": "designer/pipeline@1", "name": "Mine", "nodes": {}}


@pytest.fixture
def draft(live: Installation) -> dict[str, Any]:
    with live.client() as client:
        made: dict[str, Any] = client.post("/api/drafts", json={"document": EMPTY}).json()
        return made


def save(live: Installation, draft: dict[str, Any], document: object, digest: str | None = None) -> httpx.Response:
    with live.client() as client:
        headers = {"If-Match": f'"{digest or draft["digest"]}"'}
        return client.put(f"/api/drafts/{draft['id']}", json={"document": document}, headers=headers)


def test_the_answer_to_a_save_holds_problems_and_columns(live: Installation, draft: dict[str, Any]) -> None:
    nodes = {
        "cars": {"dataset": "automobile-price-data-raw"},
        "keep": {
            "module": "select_columns_in_dataset",
            "inputs": {"dataset": "cars"},
            "params": {"columns": ["prize"]},
        },
    }
    answer = save(live, draft, {**EMPTY, "nodes": nodes}).json()
    [problem] = answer["examination"]["problems"]
    assert "column `prize` not found in `cars.dataset`; did you mean `price`?" in problem["message"]
    assert len(answer["examination"]["schemas"]["cars"]["dataset"]["columns"]) == 26


def test_a_stale_save_is_refused_with_the_current_revision(live: Installation, draft: dict[str, Any]) -> None:
    first = save(live, draft, {**EMPTY, "description": "first"})
    stale = save(live, draft, {**EMPTY, "description": "second"})
    assert (stale.status_code, stale.json()["current"]) == (412, first.json()["digest"])
    with live.client() as client:
        assert client.get(f"/api/drafts/{draft['id']}").json()["document"]["description"] == "first"


def test_a_document_can_be_taken_as_yaml_and_brought_again(live: Installation, draft: dict[str, Any]) -> None:
    with live.client() as client:
        text = client.get(f"/api/drafts/{draft['id']}/document").text
        again = client.post("/api/drafts", json={"document": text}).json()
    assert text.startswith("format: designer/pipeline@1\nname: Mine\n")
    assert again["document"] == draft["document"]


@pytest.mark.parametrize(
    "document", [{}, {"format": "x"}, "a: [", {**EMPTY, "nodes": {"9": {}}}, {**EMPTY, "layout": {"a": "b"}}, "1"]
)
def test_a_document_that_cannot_be_read_is_refused_in_words(
    live: Installation, draft: dict[str, Any], document: object
) -> None:
    answer = save(live, draft, document)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_document")
    assert answer.json()["problems"][0]["message"]


@pytest.mark.parametrize("body", ["{", "[]", '"x"', "", '{"document": 7}', '{"document": null}'])
def test_a_broken_body_is_no_server_error(live: Installation, body: str) -> None:
    with live.client() as client:
        answer = client.post("/api/documents/examine", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.json()["message"]


def test_a_sample_opens_as_a_copy_without_problems(live: Installation) -> None:
    with live.client() as client:
        for sample in client.get("/api/samples").json():
            opened = client.post(f"/api/samples/{sample['id']}/open").json()
            assert opened["examination"]["problems"] == []


def test_somebody_elses_draft_is_not_found(live: Installation, draft: dict[str, Any]) -> None:
    with live.client("mallory") as client:
        assert client.get(f"/api/drafts/{draft['id']}").status_code == 404
        assert client.delete(f"/api/drafts/{draft['id']}").status_code == 404


def test_a_session_needs_the_csrf_token(live: Installation) -> None:
    from tests.installation import manage

    link = manage(live.environment, "sign_in_link").stdout.strip()
    with httpx.Client(base_url=live.url, follow_redirects=False) as browser:
        assert browser.get(link).status_code == 302
        assert browser.get("/api/session").json()["user"] == {"name": "owner"}
        assert browser.post("/api/drafts", json={}).status_code == 403
        token = browser.cookies["csrftoken"]
        assert browser.post("/api/drafts", json={}, headers={"X-CSRFToken": token}).status_code == 201
    with httpx.Client(base_url=live.url) as again:
        assert again.get(link).status_code == 403


def test_a_document_is_named_after_its_pipeline(live: Installation) -> None:
    with live.client() as client:
        made = client.post("/api/drafts", json={"document": {**EMPTY, "name": "Cars / 차 2"}}).json()
        answer = client.get(f"/api/drafts/{made['id']}/document?format=json")
    assert "cars-%EC%B0%A8-2.json" in answer.headers["Content-Disposition"]


def test_columns_that_only_a_run_tells_are_offered_after_it_for_the_same_recipe(live: Installation) -> None:
    pivot = {"row_columns": ["make"], "pivot_column": "fuel-type", "value_columns": ["price"], "figure": "mean"}
    document = {
        **EMPTY,
        "parameters": {"figure": {"type": "string", "default": "mean"}},
        "nodes": {
            "cars": {"dataset": "automobile-price-data-raw"},
            "wide": {
                "module": "pivot_data",
                "inputs": {"dataset": "cars"},
                "params": {**pivot, "figure": {"$parameter": "figure"}},
            },
        },
    }
    with live.client() as client:
        draft = client.post("/api/drafts", json={"document": document}).json()
        assert draft["examination"]["schemas"]["wide"] == {"results_dataset": None}
        run = client.post("/api/runs", json={"draft_id": draft["id"], "parameters": {"figure": "present"}}).json()
        live.wait(run["id"])
        # That run was of another figure than the draft's.
        assert (
            client.get(f"/api/drafts/{draft['id']}").json()["examination"]["schemas"]["wide"]["results_dataset"] is None
        )
        run = client.post("/api/runs", json={"draft_id": draft["id"]}).json()
        live.wait(run["id"])
        seen = client.get(f"/api/drafts/{draft['id']}").json()["examination"]["schemas"]["wide"]["results_dataset"]
    assert [column["name"] for column in seen["columns"]] == ["make", "diesel", "gas"]
    assert seen["seen_in"] == run["number"]
    document["nodes"]["wide"]["params"]["row_columns"] = ["body-style"]
    changed = save(live, draft, document).json()
    assert changed["examination"]["schemas"]["wide"]["results_dataset"] is None

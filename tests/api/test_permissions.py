"""Who may do what: every operation of the API, called by every kind of person."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.installation import Installation, document_of

DESCRIPTION = json.loads((Path(__file__).parents[2] / "designer" / "api" / "openapi.json").read_text("utf-8"))
OPERATIONS = sorted((method.upper(), path) for path, methods in DESCRIPTION["paths"].items() for method in methods)
NOWHERE = "00000000-0000-0000-0000-000000000000"
BODIES: dict[str, Any] = {
    "/api/drafts": {},
    "/api/drafts/{draft_id}": {"document": document_of()},
    "/api/documents/examine": {"document": document_of()},
    "/api/runs": {"document": document_of()},
    "/api/tokens": {"name": "x"},
    "/api/secrets": {"name": "x", "value": "x"},
    "/api/runs/forecast": {"document": document_of()},
    "/api/runs/{run_id}/nodes/{node}/outputs/{port}/files": {"format": "skops"},
}
OF_READERS = {("POST", "/api/documents/examine"), ("POST", "/api/tokens"), ("DELETE", "/api/tokens/{token_id}")}
OF_READERS |= {("DELETE", "/api/session"), ("POST", "/api/runs/forecast")}
CHANGES = [operation for operation in OPERATIONS if operation[0] != "GET" and operation not in OF_READERS]


def address(path: str, **ids: str) -> str:
    names = {"token_id": "0", "digest": "0" * 64, "node": "a", "port": "results", "name": "nothing"}
    names |= {"sample_id": "nothing", "module_id": "nothing"}
    return path.format_map({"draft_id": NOWHERE, "run_id": NOWHERE} | names | ids)


def call(client: httpx.Client, method: str, path: str, **ids: str) -> httpx.Response:
    options: dict[str, Any] = {"headers": {"If-Match": "x"}}
    if path in ("/api/datasets", "/api/uploads", "/api/drafts/files") and method == "POST":
        options["files"] = {"file": ("a.csv", b"a\n1\n")}
    elif method in ("POST", "PUT"):
        options["json"] = BODIES.get(path, {})
    return client.request(method, address(path, **ids), **options)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("secret", [None, "nonsense"])
def test_a_stranger_is_turned_away(live: Installation, method: str, path: str, secret: str | None) -> None:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    with httpx.Client(base_url=live.url, headers=headers) as client:
        answer = call(client, method, path)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_a_reader_changes_nothing(live: Installation, method: str, path: str) -> None:
    with live.client("carol") as client:
        answer = call(client, method, path)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


@pytest.fixture(scope="module")
def theirs(live: Installation) -> dict[str, str]:
    """Ids of what alice has: a draft, a run, an output, a dataset and a token."""
    with live.client() as client:
        draft = client.post("/api/drafts", json={"document": document_of()}).json()
        token = client.post("/api/tokens", json={"name": "mine"}).json()
        client.post("/api/secrets", json={"name": "automobile-price-data-raw", "value": "of alice"})
        run = live.run(document_of(a={"module": "take_time"}), draft_id=None)
    digest = run["nodes"]["a"]["outputs"]["results"]["digest"]
    ids = {"draft_id": draft["id"], "run_id": run["id"], "digest": digest, "node": "a", "token_id": str(token["id"])}
    return {**ids, "name": "automobile-price-data-raw"}


WITH_IDS = [(method, path) for method, path in OPERATIONS if "{" in path and "sample" not in path]


@pytest.mark.parametrize(("method", "path"), WITH_IDS)
def test_what_belongs_elsewhere_is_not_found(
    live: Installation, theirs: dict[str, str], method: str, path: str
) -> None:
    with live.client("mallory") as client:
        answer = call(client, method, path, **theirs)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/api/drafts", "/api/runs", "/api/datasets", "/api/tokens", "/api/secrets"])
def test_lists_hold_nothing_that_belongs_elsewhere(live: Installation, theirs: dict[str, str], path: str) -> None:
    with live.client("mallory") as client:
        text = client.get(path).text
    assert not any(value in text for key, value in theirs.items() if key not in ("node", "port", "token_id"))


def test_a_draft_that_belongs_elsewhere_does_not_run(live: Installation, theirs: dict[str, str]) -> None:
    with live.client("mallory") as client:
        answer = client.post("/api/runs", json={"draft_id": theirs["draft_id"]})
    assert answer.status_code == 404


def test_a_dataset_that_belongs_elsewhere_is_unknown(live: Installation) -> None:
    document = document_of(cars={"dataset": "automobile-price-data-raw"})
    with live.client("mallory") as client:
        [problem] = client.post("/api/documents/examine", json={"document": document}).json()["problems"]
    assert problem["code"] == "unknown_dataset"

"""Secrets over HTTP: they go in, they are named, and they never come out."""

from typing import Any

import pytest

from tests.installation import Installation, document_of

VALUE = "postgresql://ann:v3ry-s3cret@db.invalid/sales"


def test_a_secret_is_listed_by_name_and_its_value_is_nowhere(live: Installation) -> None:
    with live.client() as client:
        kept = client.post("/api/secrets", json={"name": "sales-db", "value": VALUE})
        listed = client.get("/api/secrets")
        assert client.delete("/api/secrets/sales-db").status_code == 204
        assert client.delete("/api/secrets/sales-db").status_code == 404
    assert kept.status_code == 200
    assert set(kept.json()) == {"name", "created_at", "updated_at"}
    assert "sales-db" in [secret["name"] for secret in listed.json()]
    assert "s3cret" not in kept.text + listed.text


@pytest.mark.parametrize(
    "body", [{"name": "a b", "value": "x"}, {"name": "", "value": "x"}, {"name": "a", "value": ""}, {"name": "a/b"}, {}]
)
def test_a_name_or_value_that_cannot_be_is_told(live: Installation, body: dict[str, Any]) -> None:
    with live.client() as client:
        assert client.post("/api/secrets", json=body).status_code == 422


def test_a_run_that_names_an_unknown_secret_is_refused(live: Installation) -> None:
    document = document_of(
        a={
            "module": "import_data",
            "params": {"data_source": "postgresql", "connection": "nowhere", "sql_query": "select 1"},
        }
    )
    with live.client() as client:
        answer = client.post("/api/runs", json={"document": document})
    assert answer.status_code == 422
    [problem] = answer.json()["problems"]
    assert (problem["code"], problem["node"], problem["key"]) == ("unknown_secret", "a", "params.connection")


def test_neither_run_nor_log_nor_failure_shows_the_value(live: Installation) -> None:
    document = document_of(
        a={
            "module": "import_data",
            "params": {"data_source": "postgresql", "connection": "broken", "sql_query": "select 1"},
        }
    )
    with live.client() as client:
        client.post("/api/secrets", json={"name": "broken", "value": VALUE})
    run = live.run(document, draft_id=None)
    with live.client() as client:
        found = client.get(f"/api/runs/{run['id']}").text
        events = client.get(f"/api/runs/{run['id']}/events").text
        log = client.get(f"/api/runs/{run['id']}/nodes/a/log").text
    assert run["nodes"]["a"]["error"]["code"] == "0015"
    assert "s3cret" not in found + events + log

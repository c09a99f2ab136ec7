"""Secrets over HTTP: they go in, they are named, and they never come out."""

from typing import Any

import pytest

from tests.installation import Installation

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

"""Tokens of programs: shown once, known by a digest, taken back at once."""

import httpx

from tests.installation import Installation


def test_a_token_opens_until_it_is_taken_back(live: Installation) -> None:
    with live.client("bob") as client:
        made = client.post("/api/tokens", json={"name": "laptop"}).json()
        listed = client.get("/api/tokens").json()
        assert made["secret"] not in str(listed)
        assert [token["last_used_at"] for token in listed if token["id"] == made["id"]] == [None]
        with httpx.Client(base_url=live.url, headers={"Authorization": f"Bearer {made['secret']}"}) as program:
            assert program.get("/api/session").json()["user"] == {"name": "bob"}
            used = client.get("/api/tokens").json()
            assert next(token for token in used if token["id"] == made["id"])["last_used_at"]
            assert client.delete(f"/api/tokens/{made['id']}").status_code == 204
            assert program.get("/api/session").status_code == 401


def test_nobody_sees_the_tokens_of_others(live: Installation) -> None:
    with live.client("alice") as client:
        made = client.post("/api/tokens", json={"name": "alice's"}).json()
    with live.client("bob") as client:
        assert made["id"] not in [token["id"] for token in client.get("/api/tokens").json()]
        assert client.delete(f"/api/tokens/{made['id']}").status_code == 404


def test_the_database_holds_no_secret(live: Installation) -> None:
    files = live.home.glob("designer.sqlite3*")
    content = b"".join(path.read_bytes() for path in files)
    assert content
    assert not [name for name, secret in live.tokens.items() if secret.encode() in content]

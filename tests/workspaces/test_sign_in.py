"""Signing in with the printed link."""

import stat
from collections.abc import Iterator

import httpx
import pytest

from tests.installation import Installation, manage


@pytest.fixture
def browser(live: Installation) -> Iterator[httpx.Client]:
    link = manage(live.environment, "sign_in_link").stdout.strip()
    with httpx.Client(base_url=live.url, follow_redirects=False) as client:
        answer = client.get(link)
        assert (answer.status_code, answer.headers["location"]) == (302, "/")
        yield client


def test_the_link_is_written_for_the_owner_alone(live: Installation) -> None:
    printed = manage(live.environment, "sign_in_link").stdout
    path = live.home / "link"
    assert path.read_text("utf-8") == printed
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_session_changes_things_with_its_csrf_token_only(browser: httpx.Client) -> None:
    assert browser.get("/api/session").json()["user"] == {"name": "owner"}
    assert browser.post("/api/drafts", json={}).status_code == 403
    headers = {"X-CSRFToken": browser.cookies["csrftoken"]}
    assert browser.post("/api/drafts", json={}, headers=headers).status_code == 201
    evil = {**headers, "Origin": "http://evil.example"}
    assert browser.post("/api/drafts", json={}, headers=evil).status_code == 403


def test_a_session_ends(browser: httpx.Client) -> None:
    headers = {"X-CSRFToken": browser.cookies["csrftoken"]}
    assert browser.delete("/api/session", headers=headers).status_code == 204
    assert browser.get("/api/session").status_code == 401


@pytest.mark.parametrize("secret", ["nonsense", "é", "x" * 5000])
def test_an_unknown_link_is_refused_in_words(live: Installation, secret: str) -> None:
    answer = httpx.get(f"{live.url}/sign-in/{secret}")
    assert answer.status_code == 403
    assert "unknown or has been used" in answer.text


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(live: Installation) -> None:
    link = manage(live.environment, "sign_in_link").stdout.strip()
    cookies = httpx.get(link).headers.get_list("set-cookie")
    [session] = [cookie for cookie in cookies if cookie.startswith("designer_session")]
    assert "HttpOnly" in session
    assert "SameSite=Lax" in session


@pytest.mark.parametrize("path", ["/", "/drafts/x", "/api/session", "/health"])
def test_answers_carry_the_headers_that_keep_them_safe(live: Installation, path: str) -> None:
    headers = httpx.get(live.url + path).headers
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_the_page_takes_nothing_from_elsewhere(live: Installation) -> None:
    answer = httpx.get(live.url)
    assert answer.status_code in (200, 503)
    if answer.status_code == 200:
        assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_the_page_of_the_api_takes_nothing_from_elsewhere(live: Installation) -> None:
    text = httpx.get(f"{live.url}/api/docs").text
    assert "openapi.json" in text
    assert "//cdn" not in text

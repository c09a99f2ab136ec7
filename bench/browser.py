"""A browser that has signed in to the installation."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

from tests.e2e.browser import installed
from tests.e2e.conftest import FLAGS
from tests.installation import Installation, manage


@contextmanager
def page_of(running: Installation) -> Iterator[Page]:
    """An empty profile on the home page."""
    link = manage(running.environment, "sign_in_link").stdout.strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=FLAGS)
        page = browser.new_context(base_url=running.url, viewport={"width": 1440, "height": 900}).new_page()
        page.goto(link)
        yield page
        browser.close()


def draft_of(running: Installation, document: dict[str, object]) -> str:
    """The id of a new draft."""
    with running.client() as client:
        answer = client.post("/api/drafts", json={"document": document}, timeout=120)
        assert answer.status_code in (200, 201), answer.text
        return str(answer.json()["id"])

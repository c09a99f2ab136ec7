"""A browser that has signed in to a running installation."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.browser import installed
from tests.e2e.canvas import Canvas
from tests.installation import Installation, manage

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The browser itself reports these; the page shows them to the person in words.
REPORTED_BY_THE_BROWSER = ("status of 412", "net::ERR_FAILED")


# A busy machine is no failure: what must appear may take its time.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=installed(), args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser, live: Installation) -> Iterator[BrowserContext]:
    """A fresh profile, signed in by a link; what it writes to the console fails the test."""
    link = manage(live.environment, "sign_in_link").stdout.strip()
    opened = browser.new_context(base_url=live.url, viewport={"width": 1440, "height": 900}, locale="en-GB")
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    opened.on("weberror", lambda error: said.append(str(error.error)))
    opened.set_default_timeout(20_000)
    opened.new_page().goto(link)
    yield opened
    opened.close()
    assert [text for text in said if not any(known in text for known in REPORTED_BY_THE_BROWSER)] == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.pages[0]


@pytest.fixture
def canvas(page: Page) -> Canvas:
    """An empty pipeline."""
    page.get_by_test_id("new-pipeline").click()
    return Canvas(page)

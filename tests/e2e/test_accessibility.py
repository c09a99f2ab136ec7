"""axe finds no serious violation, in light and dark."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{item['id']}: {node['html'][:150]}"
        for item in found["violations"]
        if item["impact"] in ("serious", "critical")
        for node in item["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_violation(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for path in ("/", "/datasets", "/tokens"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert violations(page) == [], path
    page.goto("/")
    page.get_by_test_id("sample-automobile-price").click()
    page.get_by_test_id("node-split").click()
    page.get_by_test_id("run-button").click()
    expect(page.get_by_test_id("run-status")).to_have_attribute("data-status", "completed", timeout=30_000)
    assert violations(page) == []
    page.get_by_test_id("node-evaluate").dblclick()
    expect(page.get_by_test_id("results-drawer")).to_contain_text("Mean Absolute Error")
    assert violations(page) == []

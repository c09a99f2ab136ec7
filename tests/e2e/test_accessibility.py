"""axe finds no serious violation, in light and dark."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.canvas import Canvas

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"


def violations(page: Page, within: str = ":root") -> list[str]:
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("within => axe.run(within, {resultTypes: ['violations']})", within)
    return [
        f"{item['id']}: {node['html'][:150]}"
        for item in found["violations"]
        if item["impact"] in ("serious", "critical")
        for node in item["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_violation(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for path in ("/", "/datasets", "/secrets", "/tokens"):
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_violation_in_a_form_with_secret_and_query(canvas: Canvas, scheme: str) -> None:
    page = canvas.page
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    canvas.drag_in("palette-item-import_data", 300, 100)
    canvas.node("import_data").click()
    canvas.choose("data_source", "PostgreSQL")
    page.get_by_role("textbox", name="SQL query", exact=True).click()
    page.keyboard.type("select name, 1.5 as price from fruit where name <> 'a' -- all")
    assert violations(page) == []
    canvas.parameter("connection").get_by_role("button", name="Set a secret").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("shop")
    page.get_by_label("What it is").fill("postgresql://ann:pw@host/db")
    expect(page.get_by_role("button", name="Keep it")).to_be_enabled()
    assert violations(page, "[role=dialog]") == []


def test_a_pipeline_is_built_run_and_read_by_keyboard_alone(canvas: Canvas) -> None:
    page = canvas.page
    press, focused = page.keyboard.press, page.locator("*:focus")
    press("F6")
    expect(page.get_by_test_id("palette-search")).to_be_focused()
    press("Tab")
    press("ArrowRight")
    press("Shift+Tab")
    page.keyboard.type("automobile")
    press("Enter")
    press("Tab")
    press("ArrowLeft")
    press("Shift+Tab")
    press("Control+A")
    page.keyboard.type("split data")
    press("Enter")
    press("F6")
    expect(focused).to_have_attribute("data-id", "split_data")
    outline = "getComputedStyle(document.activeElement.querySelector('[data-testid=node-split_data]')).outlineStyle"
    assert page.evaluate(outline) == "solid"

    press("Control+K")
    expect(page.get_by_role("dialog").get_by_role("button", name="Close")).to_be_focused()
    press("Tab")
    expect(page.get_by_test_id("connect-input-dataset")).to_be_focused()
    press("ArrowDown")
    expect(page.get_by_role("option")).to_have_count(1)
    press("ArrowDown")
    press("Enter")
    expect(canvas.wires()).to_have_count(1)
    press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(focused).to_have_attribute("data-id", "split_data")

    press("F6")
    expect(focused).to_have_attribute("role", "tab")
    field = canvas.parameter("fraction_of_rows").get_by_role("textbox")
    for _ in range(10):
        press("Tab")
        if field.evaluate("field => field === document.activeElement"):
            break
    expect(field).to_be_focused()
    press("Control+A")
    page.keyboard.type("0.25")
    press("Shift+F6")
    expect(focused).to_have_attribute("data-id", "split_data")
    press("Control+Enter")
    expect(page.get_by_test_id("run-status")).to_have_attribute("data-status", "completed", timeout=60_000)
    expect(focused).to_have_attribute("data-id", "split_data")
    press("Shift+O")
    expect(page.get_by_test_id("results-size")).to_contain_text("Rows: 51")
    press("F6")
    expect(page.get_by_test_id("results-drawer").get_by_role("tab", name="Table")).to_be_focused()
    press("F6")
    expect(page.get_by_test_id("inspector").get_by_role("tab", name="Parameters")).to_be_focused()

"""Editing: nothing is lost, everything can be undone, two windows never overwrite each other."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.canvas import Canvas


def test_edits_are_undone_and_redone_by_keyboard(canvas: Canvas) -> None:
    page = canvas.page
    canvas.drag_in("palette-item-split_data", 300, 100)
    canvas.drag_in("palette-item-clean_missing_data", 300, 300)
    canvas.connect("split_data", "results_dataset1", "clean_missing_data", "dataset")
    expect(canvas.wires()).to_have_count(1)
    canvas.node("split_data").click()
    page.keyboard.press("Delete")
    expect(canvas.node("split_data")).to_have_count(0)
    expect(canvas.wires()).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(canvas.wires()).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(canvas.wires()).to_have_count(0)
    page.keyboard.press("Control+Shift+z")
    expect(canvas.wires()).to_have_count(1)


def test_nodes_are_copied_with_their_wires(canvas: Canvas) -> None:
    page = canvas.page
    canvas.drag_in("palette-item-split_data", 300, 100)
    canvas.drag_in("palette-item-clean_missing_data", 300, 300)
    canvas.connect("split_data", "results_dataset1", "clean_missing_data", "dataset")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+d")
    expect(canvas.wires()).to_have_count(2)
    expect(canvas.node("split_data_2")).to_be_visible()


def test_a_wire_that_does_not_fit_is_refused_in_words(canvas: Canvas) -> None:
    canvas.drag_in("palette-item-linear_regression", 300, 100)
    canvas.drag_in("palette-item-split_data", 300, 300)
    canvas.connect("linear_regression", "untrained_model", "split_data", "dataset")
    expect(canvas.wires()).to_have_count(0)
    expect(canvas.page.get_by_text("This input takes Table; the output gives Regressor.")).to_be_visible()


def test_a_wire_dropped_on_the_canvas_offers_what_fits(canvas: Canvas) -> None:
    page = canvas.page
    canvas.drag_in("palette-item-linear_regression", 300, 100)
    port = page.get_by_test_id("port-linear_regression-out-untrained_model").bounding_box()
    assert port
    page.mouse.move(port["x"] + 7, port["y"] + 7)
    page.mouse.down()
    page.mouse.move(port["x"] + 80, port["y"] + 200, steps=6)
    page.mouse.up()
    expect(page.get_by_role("button", name="Train Model", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Split Data", exact=True)).to_have_count(0)
    page.get_by_test_id("quick-add").fill("train m")
    page.keyboard.press("Enter")
    expect(canvas.wires()).to_have_count(1)
    expect(canvas.node("train_model")).to_be_visible()


def test_a_node_dropped_on_a_wire_is_inserted(canvas: Canvas) -> None:
    canvas.drag_in("palette-item-split_data", 300, 60)
    canvas.drag_in("palette-item-clean_missing_data", 300, 500)
    canvas.connect("split_data", "results_dataset1", "clean_missing_data", "dataset")
    wire = canvas.wires().bounding_box()
    box = canvas.box.bounding_box()
    assert wire
    assert box
    x, y = wire["x"] + wire["width"] / 2 - box["x"], wire["y"] + wire["height"] / 2 - box["y"]
    canvas.drag_in("palette-item-select_columns_in_dataset", int(x), int(y))
    expect(canvas.wires()).to_have_count(2)


def test_modules_are_added_by_keyboard(canvas: Canvas) -> None:
    page = canvas.page
    page.get_by_test_id("palette-search").fill("score")
    page.get_by_test_id("palette-item-score_model").focus()
    page.keyboard.press("Enter")
    expect(canvas.node("score_model")).to_be_visible()


def test_enter_in_the_search_adds_what_stands_first_and_the_next_stands_below(canvas: Canvas) -> None:
    page = canvas.page
    page.get_by_test_id("palette-search").click()
    page.keyboard.type("split")
    page.keyboard.press("Enter")
    page.keyboard.type("train model")
    page.keyboard.press("Enter")
    above, below = (canvas.node(name).bounding_box() for name in ("split_data", "train_model"))
    assert above
    assert below
    assert below["y"] >= above["y"] + above["height"]


def test_a_draft_survives_a_reload(canvas: Canvas) -> None:
    page = canvas.page
    page.get_by_role("textbox", name="Name of the pipeline").fill("Kept")
    canvas.drag_in("palette-item-split_data", 300, 100)
    canvas.saved()
    page.reload()
    expect(canvas.node("split_data")).to_be_visible()
    expect(page.get_by_role("textbox", name="Name of the pipeline")).to_have_value("Kept")


def test_work_without_a_connection_is_kept_and_saved_later(canvas: Canvas, context: BrowserContext) -> None:
    page = canvas.page
    page.route(re.compile(r"/api/drafts/[\w-]+$"), lambda route: route.abort())
    canvas.drag_in("palette-item-split_data", 300, 100)
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-state", "offline")
    page.unroute_all()
    canvas.saved()
    page.reload()
    expect(canvas.node("split_data")).to_be_visible()


def test_two_windows_never_overwrite_each_other(canvas: Canvas, context: BrowserContext) -> None:
    first = canvas.page
    canvas.drag_in("palette-item-split_data", 300, 100)
    canvas.saved()
    second = Canvas(open_again(context, first.url))
    second.drag_in("palette-item-clean_missing_data", 300, 300)
    second.saved()
    canvas.drag_in("palette-item-linear_regression", 300, 300)
    expect(first.get_by_text("was changed in another window")).to_be_visible()
    first.get_by_role("button", name="Use the other one").or_(
        first.get_by_role("button", name="Take the other one")
    ).click()
    expect(canvas.node("clean_missing_data")).to_be_visible()
    expect(canvas.node("linear_regression")).to_have_count(0)


def open_again(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    return page


def test_the_page_speaks_korean(canvas: Canvas) -> None:
    page = canvas.page
    page.get_by_role("button", name="Language").click()
    page.get_by_role("menuitem", name="한국어").click()
    expect(page.get_by_test_id("run-button")).to_have_text("실행")

"""An edit says which nodes will run and why; exactly these run, and say so."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Locator, Page, expect

from tests.e2e.canvas import Canvas
from tests.installation import Installation

SAMPLE = Path(__file__).parents[2] / "samples" / "pipelines" / "automobile-price.yaml"
SHARE = "Fraction of rows in the first output dataset"
BELOW_THE_SPLIT = ("train", "score", "evaluate")
ABOVE_THE_SPLIT = ("without_losses", "clean", "learner")


@pytest.fixture
def pipeline(page: Page, live: Installation, request: pytest.FixtureRequest) -> Canvas:
    """The automobile sample as a draft of its own that has run; a seed of its own keeps other tests' results away."""
    document: dict[str, Any] = yaml.safe_load(SAMPLE.read_text("utf-8"))
    document["nodes"]["split"]["params"]["seed"] = sum(map(ord, request.node.name))
    with live.client() as client:
        draft = client.post("/api/drafts", json={"document": document}).json()
        run = client.post("/api/runs", json={"draft_id": draft["id"]}).json()
    live.wait(run["id"])
    page.goto(f"/drafts/{draft['id']}")
    return Canvas(page)


def mark(canvas: Canvas, node: str) -> Locator:
    """What the next run will do with a node."""
    return canvas.page.get_by_test_id(f"forecast-{node}")


def set_share(canvas: Canvas, value: str) -> None:
    canvas.node("split").click()
    canvas.page.get_by_role("tab", name="Parameters").click()
    canvas.parameter("fraction_of_rows").get_by_role("textbox").fill(value)


def look_into_run(canvas: Canvas, node: str) -> Locator:
    """What the form says of a node's run."""
    canvas.node(node).click()
    canvas.page.get_by_role("tab", name="Run", exact=True).click()
    return canvas.page.get_by_test_id("inspector")


def reason(canvas: Canvas, node: str) -> Locator:
    """Why a node ran or was reused, as its form says."""
    return look_into_run(canvas, node).get_by_test_id("reason")


def open_menu(canvas: Canvas, node: str) -> None:
    """Click with the other button, once the menu before has gone."""
    expect(canvas.page.get_by_role("menu")).to_have_count(0)
    canvas.node(node).click(button="right")


def test_an_edited_parameter_runs_exactly_the_right_nodes_with_the_right_words(pipeline: Canvas) -> None:
    page = pipeline.page
    for node in (*ABOVE_THE_SPLIT, "split", *BELOW_THE_SPLIT):
        expect(mark(pipeline, node)).to_have_attribute("data-mark", "will_reuse")

    set_share(pipeline, "0.75")
    expect(mark(pipeline, "split")).to_have_attribute("data-mark", "will_run")
    for node in BELOW_THE_SPLIT:
        expect(mark(pipeline, node)).to_have_attribute("data-mark", "may_run")
    for node in ABOVE_THE_SPLIT:
        expect(mark(pipeline, node)).to_have_attribute("data-mark", "will_reuse")
    mark(pipeline, "split").hover()
    expect(page.get_by_role("tooltip")).to_have_text(f"It will run because {SHARE} went from 0.7 to 0.75.")
    mark(pipeline, "clean").hover()
    expect(page.get_by_role("tooltip").last).to_have_text(
        re.compile(r"The result of run \d+ will be taken: nothing it depends on has changed\.")
    )
    mark(pipeline, "train").hover()
    expect(page.get_by_role("tooltip").last).to_have_text(
        f"It will run because its input from Split Data changes, since {SHARE} of Split Data went from 0.7 to 0.75"
        " – unless that gives the same data as before."
    )

    pipeline.run()
    for node in ("split", *BELOW_THE_SPLIT):
        expect(page.get_by_test_id(f"state-{node}")).to_have_attribute("data-status", "completed")
    for node in ABOVE_THE_SPLIT:
        expect(page.get_by_test_id(f"state-{node}")).to_have_attribute("data-status", "reused")
    expect(reason(pipeline, "split")).to_contain_text(f"It ran because {SHARE} went from 0.7 to 0.75.")
    since = f"since {SHARE} of Split Data went from 0.7 to 0.75."
    expect(reason(pipeline, "train")).to_contain_text(f"It ran because its input from Split Data changed, {since}")
    expect(reason(pipeline, "score")).to_contain_text(
        f"It ran because its inputs from Split Data and Train Model changed, {since}"
    )
    expect(reason(pipeline, "evaluate")).to_contain_text(f"It ran because its input from Score Model changed, {since}")
    for node in ABOVE_THE_SPLIT:
        expect(reason(pipeline, node)).to_contain_text(
            re.compile(r"Its result was taken from run \d+: nothing it depends on has changed\.")
        )
    expect(reason(pipeline, "cars")).to_contain_text("It gives the rows of dataset Automobile price data (Raw)")
    page.get_by_test_id("state-train").get_by_text("Completed").hover()
    expect(page.get_by_role("tooltip").last).to_contain_text(since)


def test_the_root_of_a_change_can_be_gone_to(pipeline: Canvas) -> None:
    set_share(pipeline, "0.8")
    expect(mark(pipeline, "evaluate")).to_have_attribute("data-mark", "may_run")
    inspector = look_into_run(pipeline, "evaluate")
    inspector.get_by_test_id("forecast").get_by_role("button", name="Show Split Data").click()
    expect(pipeline.node("split")).to_have_attribute("data-selected", "true")


def test_a_value_that_is_set_back_is_reused_from_long_ago(pipeline: Canvas) -> None:
    set_share(pipeline, "0.6")
    expect(mark(pipeline, "split")).to_have_attribute("data-mark", "will_run")
    pipeline.run()
    set_share(pipeline, "0.7")
    expect(mark(pipeline, "evaluate")).to_have_attribute("data-mark", "will_reuse")
    expect(look_into_run(pipeline, "split").get_by_test_id("forecast")).to_contain_text(
        re.compile(r"The result of run \d+ will be taken, which computed exactly this\.")
    )


def test_a_node_runs_again_from_the_menu_with_what_is_below_it(pipeline: Canvas) -> None:
    page = pipeline.page
    open_menu(pipeline, "train")
    page.get_by_role("menuitem", name="Run again from here").click()
    expect(page.get_by_test_id("state-evaluate")).to_have_attribute("data-status", "completed", timeout=60_000)
    expect(page.get_by_test_id("run-status")).to_have_attribute("data-status", "completed")
    for node in ("split", *ABOVE_THE_SPLIT):
        expect(page.get_by_test_id(f"state-{node}")).to_have_attribute("data-status", "reused")
    expect(look_into_run(pipeline, "train")).to_contain_text("It ran because you asked for it to run again.")


def test_a_part_runs_by_keyboard_although_the_rest_is_unfinished(pipeline: Canvas) -> None:
    page = pipeline.page
    set_share(pipeline, "0.65")
    pipeline.node("learner").click()
    page.keyboard.press("Delete")
    expect(mark(pipeline, "split")).to_have_attribute("data-mark", "will_run")
    expect(mark(pipeline, "train")).to_have_count(0)
    pipeline.node("split").click()
    page.keyboard.press("Shift+H")
    expect(page.get_by_test_id("state-split")).to_have_attribute("data-status", "completed", timeout=60_000)
    expect(page.get_by_test_id("state-train")).to_have_count(0)


def test_where_reuse_ends_is_marked(pipeline: Canvas) -> None:
    page = pipeline.page
    pipeline.node("clean").click()
    page.keyboard.press("Shift+A")
    expect(mark(pipeline, "clean")).to_have_attribute("data-mark", "ends_reuse")
    expect(mark(pipeline, "split")).to_have_attribute("data-mark", "may_run")
    pipeline.run()
    expect(page.get_by_test_id("state-clean")).to_have_attribute("data-status", "completed")
    expect(page.get_by_test_id("state-split")).to_have_attribute("data-status", "reused")
    expect(reason(pipeline, "split")).to_contain_text("Clean Missing Data ran again and gave the same data.")


def test_the_menu_says_what_it_would_change(pipeline: Canvas) -> None:
    page = pipeline.page
    open_menu(pipeline, "score")
    page.get_by_role("menuitem", name="Disable").click()
    expect(mark(pipeline, "score")).to_have_count(0)
    expect(pipeline.node("score")).to_contain_text("Disabled")
    open_menu(pipeline, "score")
    page.get_by_role("menuitem", name="Enable").click()
    expect(mark(pipeline, "score")).to_have_attribute("data-mark", "will_reuse")
    open_menu(pipeline, "score")
    page.get_by_role("menuitem", name="Always run").click()
    expect(mark(pipeline, "score")).to_have_attribute("data-mark", "ends_reuse")
    open_menu(pipeline, "score")
    page.get_by_role("menuitem", name="Reuse results again").click()
    expect(mark(pipeline, "score")).to_have_attribute("data-mark", "will_reuse")


def test_one_node_runs_again_and_what_it_feeds_does_not(pipeline: Canvas) -> None:
    page = pipeline.page
    open_menu(pipeline, "train")
    page.get_by_role("menuitem", name="Run this node again").click()
    expect(page.get_by_test_id("state-train")).to_have_attribute("data-status", "completed", timeout=60_000)
    expect(page.get_by_test_id("run-status")).to_have_attribute("data-status", "completed")
    expect(page.get_by_test_id("state-split")).to_have_attribute("data-status", "reused")
    expect(page.get_by_test_id("state-score")).to_have_count(0)


def test_why_nodes_ran_is_compared_without_choosing_the_tab_again(pipeline: Canvas) -> None:
    look_into_run(pipeline, "train")
    pipeline.node("split").click()
    expect(pipeline.page.get_by_test_id("reason")).to_contain_text("it had not run in this pipeline before")
    pipeline.page.get_by_role("tab", name="Parameters").click()
    pipeline.node("train").click()
    expect(pipeline.parameter("label_column")).to_be_visible()


def test_the_words_are_there_in_korean_too(pipeline: Canvas) -> None:
    page = pipeline.page
    page.evaluate("localStorage.setItem('designer.language', 'ko')")
    page.reload()
    pipeline.node("split").click()
    pipeline.parameter("fraction_of_rows").get_by_role("textbox").fill("0.55")
    mark(pipeline, "split").hover()
    expect(page.get_by_role("tooltip")).to_have_text(f"실행될 예정입니다. 이유: {SHARE}이(가) 0.7에서 0.55(으)로 바뀜.")

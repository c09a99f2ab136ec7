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
    expect(page.get_by_role("tooltip")).to_have_text("It will run because `fraction_of_rows` went from 0.7 to 0.75.")
    mark(pipeline, "train").hover()
    expect(page.get_by_role("tooltip").last).to_have_text(
        "It will run because its input from `split` changes, since `fraction_of_rows` of `split` went from 0.7 to 0.75"
        " – unless that gives the same data as before."
    )

    pipeline.run()
    for node in ("split", *BELOW_THE_SPLIT):
        expect(page.get_by_test_id(f"state-{node}")).to_have_attribute("data-status", "completed")
    for node in ABOVE_THE_SPLIT:
        expect(page.get_by_test_id(f"state-{node}")).to_have_attribute("data-status", "reused")
    expect(look_into_run(pipeline, "split")).to_contain_text("It ran because fraction_of_rows went from 0.7 to 0.75.")
    inspector = look_into_run(pipeline, "evaluate")
    expect(inspector).to_contain_text(
        "It ran because its input from score changed, since fraction_of_rows of split went from 0.7 to 0.75."
    )
    expect(look_into_run(pipeline, "clean")).to_contain_text(": nothing it depends on has changed.")
    page.get_by_test_id("state-train").get_by_text("Completed").hover()
    expect(page.get_by_role("tooltip").last).to_contain_text("since `fraction_of_rows` of `split` went from 0.7")


def test_the_root_of_a_change_can_be_gone_to(pipeline: Canvas) -> None:
    set_share(pipeline, "0.8")
    expect(mark(pipeline, "evaluate")).to_have_attribute("data-mark", "may_run")
    inspector = look_into_run(pipeline, "evaluate")
    inspector.get_by_test_id("forecast").get_by_role("button", name="Show split").click()
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
    pipeline.node("train").click(button="right")
    page.get_by_role("menuitem", name="Run from here, again").click()
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
    expect(look_into_run(pipeline, "split")).to_contain_text("clean ran again and gave the same data.")


def test_the_words_are_there_in_korean_too(pipeline: Canvas) -> None:
    page = pipeline.page
    page.evaluate("localStorage.setItem('designer.language', 'ko')")
    page.reload()
    pipeline.node("split").click()
    pipeline.parameter("fraction_of_rows").get_by_role("textbox").fill("0.55")
    mark(pipeline, "split").hover()
    expect(page.get_by_role("tooltip")).to_have_text(
        "실행될 예정입니다. 이유: `fraction_of_rows`이(가) 0.7에서 0.55(으)로 바뀜."
    )

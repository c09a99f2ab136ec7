"""A leak is seen on its wire, mended by one click, undone, and dismissed with a note that stays."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.canvas import Canvas
from tests.e2e.test_accessibility import violations
from tests.installation import Installation


def leaky() -> dict[str, Any]:
    """Cars that are scaled before they are split."""
    keep = ["horsepower", "city-mpg", "curb-weight", "price"]
    nodes: dict[str, Any] = {
        "cars": {"dataset": "automobile-price-data-raw"},
        "keep": {
            "module": "select_columns_in_dataset",
            "inputs": {"dataset": "cars"},
            "params": {"columns": keep},
        },
        "clean": {
            "module": "clean_missing_data",
            "inputs": {"dataset": "keep"},
            "params": {"cleaning_mode": "remove_entire_row"},
        },
        "scale": {
            "module": "normalize_data",
            "inputs": {"dataset": "clean.cleaned_dataset"},
            "params": {"columns": keep[:3]},
        },
        "split": {"module": "split_data", "inputs": {"dataset": "scale.transformed_dataset"}},
        "learner": {"module": "linear_regression"},
        "train": {
            "module": "train_model",
            "inputs": {"untrained_model": "learner", "dataset": "split.results_dataset1"},
            "params": {"label_column": "price"},
        },
        "score": {"module": "score_model", "inputs": {"trained_model": "train", "dataset": "split.results_dataset2"}},
        "evaluate": {"module": "evaluate_model", "inputs": {"scored_dataset": "score"}},
    }
    places = {
        "cars": (280, 0),
        "keep": (280, 110),
        "clean": (280, 220),
        "scale": (280, 330),
        "split": (280, 440),
        "learner": (0, 440),
        "train": (140, 550),
        "score": (280, 660),
        "evaluate": (280, 770),
    }
    return {"format": "designer/pipeline@1", "name": "Leaky", "nodes": nodes, "layout": places}


def open_draft(page: Page, live: Installation, document: dict[str, Any]) -> Canvas:
    with live.client() as client:
        draft = client.post("/api/drafts", json={"document": document}).json()
    page.goto(f"/drafts/{draft['id']}")
    return Canvas(page)


def test_a_leak_is_mended_by_one_click_and_that_is_undone(page: Page, live: Installation) -> None:
    canvas = open_draft(page, live, leaky())
    mark = page.get_by_test_id("advice-split-dataset")
    expect(mark).to_have_accessible_name("Warning: Learnt from test rows. Wire Normalize Data → Split Data")
    expect(page.get_by_test_id("advice-list")).to_have_text("1 doubt")
    expect(canvas.wires()).to_have_count(9)

    mark.click()
    expect(page.get_by_test_id("advice-card")).to_contain_text("Normalize Data takes figures such as means")
    page.get_by_role("button", name="Split first").click()

    expect(canvas.node("apply_scale")).to_be_visible()
    expect(canvas.wires()).to_have_count(11)
    canvas.saved()
    expect(page.get_by_test_id("advice-list")).to_have_count(0)
    expect(mark).to_have_count(0)
    canvas.run()
    expect(page.get_by_test_id("state-apply_scale")).to_contain_text("Completed")

    page.get_by_test_id("canvas").click(position={"x": 10, "y": 10})
    page.keyboard.press("Control+z")
    expect(canvas.node("apply_scale")).to_have_count(0)
    expect(canvas.wires()).to_have_count(9)
    expect(mark).to_be_visible()


def test_a_doubt_is_dismissed_with_a_note_that_stays(page: Page, live: Installation) -> None:
    canvas = open_draft(page, live, leaky())
    page.get_by_test_id("advice-list").click()
    page.get_by_role("button", name="Learnt from test rows Normalize Data → Split Data").click()
    page.get_by_test_id("advice-dismiss").click()
    page.get_by_label("Why it may stand").fill("Only for a talk")
    page.get_by_test_id("advice-dismiss-save").click()

    expect(page.get_by_test_id("advice-list")).to_have_text("Doubts dismissed")
    canvas.saved()
    page.reload()
    mark = page.get_by_test_id("advice-split-dataset")
    expect(mark).to_have_accessible_name("Dismissed: Learnt from test rows. Wire Normalize Data → Split Data")
    mark.click()
    expect(page.get_by_test_id("advice-note")).to_have_text("Dismissed: Only for a talk")
    page.get_by_test_id("advice-recall").click()
    expect(page.get_by_test_id("advice-list")).to_have_text("1 doubt")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("advice-card")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(page.get_by_test_id("advice-list")).to_have_text("Doubts dismissed")


def test_what_a_run_finds_in_data_is_told_when_it_ends_and_goes_with_the_column(page: Page, live: Installation) -> None:
    document = leaky()
    nodes = document["nodes"]
    nodes["scale"] = {
        "module": "apply_math_operation",
        "inputs": {"input": "clean.cleaned_dataset"},
        "params": {"columns": ["price"], "basic_math_function": "ln", "output_mode": "append"},
    }
    # The name of the new column says nothing of the label.
    nodes["rename"] = {
        "module": "edit_metadata",
        "inputs": {"dataset": "scale"},
        "params": {"columns": ["Ln(price)"], "new_column_names": "volume"},
    }
    nodes["split"] = {"module": "split_data", "inputs": {"dataset": "rename"}, "params": {"seed": 11}}
    canvas = open_draft(page, live, document)
    expect(page.get_by_test_id("advice-list")).to_have_count(0)
    canvas.run()

    mark = page.get_by_test_id("advice-train-dataset")
    mark.click()
    expect(page.get_by_test_id("advice-card")).to_contain_text("rises or falls with “volume”")
    page.get_by_role("button", name="Exclude “volume”").click()
    expect(canvas.node("without_volume")).to_be_visible()
    canvas.saved()
    expect(page.get_by_test_id("advice-list")).to_have_count(0)

    page.get_by_test_id("run-history").click()
    page.get_by_role("link").filter(has_text="Run").last.click()
    expect(page.get_by_text("read only")).to_be_visible()
    mark.click()
    expect(page.get_by_test_id("advice-card")).to_contain_text("A feature tells the label")
    expect(page.get_by_test_id("advice-repair")).to_have_count(0)
    expect(page.get_by_test_id("advice-dismiss")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_and_cards_can_be_used_by_everybody(page: Page, live: Installation, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    open_draft(page, live, leaky())
    mark = page.get_by_test_id("advice-split-dataset")
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("advice-repair")).to_be_visible()
    page.wait_for_timeout(300)  # while it fades in, its contrast is less
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("advice-card")).to_have_count(0)
    expect(mark).to_be_focused()

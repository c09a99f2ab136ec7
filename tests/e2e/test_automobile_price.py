"""The main job: the automobile pipeline is built by drag and drop, run, watched and read."""

from playwright.sync_api import expect

from tests.e2e.canvas import Canvas

NODES = [
    ("palette-item-select_columns_in_dataset", 420, 130),
    ("palette-item-clean_missing_data", 420, 230),
    ("palette-item-split_data", 420, 330),
    ("palette-item-linear_regression", 150, 330),
    ("palette-item-train_model", 280, 440),
    ("palette-item-score_model", 420, 550),
    ("palette-item-evaluate_model", 420, 660),
]

WIRES = [
    ("automobile-price-data-raw", "dataset", "select_columns_in_dataset", "dataset"),
    ("select_columns_in_dataset", "results_dataset", "clean_missing_data", "dataset"),
    ("clean_missing_data", "cleaned_dataset", "split_data", "dataset"),
    ("linear_regression", "untrained_model", "train_model", "untrained_model"),
    ("split_data", "results_dataset1", "train_model", "dataset"),
    ("train_model", "trained_model", "score_model", "trained_model"),
    ("split_data", "results_dataset2", "score_model", "dataset"),
    ("score_model", "scored_dataset", "evaluate_model", "scored_dataset"),
]


def build(canvas: Canvas) -> None:
    canvas.show_datasets()
    canvas.drag_in("palette-dataset-automobile-price-data-raw", 420, 40)
    canvas.show_modules()
    for item, x, y in NODES:
        canvas.drag_in(item, x, y)
    for number, wire in enumerate(WIRES, 1):
        canvas.connect(*wire)
        expect(canvas.wires()).to_have_count(number)


def configure(canvas: Canvas) -> None:
    page = canvas.page
    canvas.node("select_columns_in_dataset").click()
    canvas.parameter("columns").get_by_text("With rules").click()
    canvas.parameter("columns").get_by_role("combobox", name="Start with").click()
    page.get_by_role("option", name="All columns").click()
    canvas.parameter("columns").get_by_role("button", name="Add a rule").click()
    canvas.parameter("columns").get_by_role("combobox", name="column names").click()
    page.get_by_role("option", name="normalized-losses").click()
    page.keyboard.press("Escape")
    expect(canvas.parameter("columns")).to_contain_text("25 of 26 columns")
    canvas.node("clean_missing_data").click()
    canvas.choose("cleaning_mode", "Remove entire row")
    canvas.node("split_data").click()
    canvas.parameter("fraction_of_rows").get_by_role("textbox").fill("0.7")
    # A split of its own: what other tests have computed would be reused.
    canvas.parameter("seed").get_by_role("textbox").fill("7")
    canvas.node("train_model").click()
    canvas.choose("label_column", "price")
    canvas.saved()


def test_a_pipeline_is_built_run_and_read(canvas: Canvas) -> None:
    page = canvas.page
    build(canvas)

    page.get_by_test_id("run-button").click()
    expect(page.get_by_test_id("problems")).to_contain_text("Train Model: Label column needs a value")
    page.get_by_test_id("problems").get_by_text("Label column").click()
    expect(canvas.parameter("label_column")).to_be_visible()

    configure(canvas)
    canvas.run()
    expect(page.get_by_test_id("state-evaluate_model")).to_contain_text("Completed")

    canvas.node("evaluate_model").dblclick()
    expect(page.get_by_test_id("results-drawer")).to_contain_text("Mean Absolute Error")
    error = page.get_by_test_id("result-scored_dataset-Mean_Absolute_Error").inner_text()
    assert 1000 < float(error.replace(",", "")) < 3000

    page.reload()
    expect(canvas.wires()).to_have_count(len(WIRES))
    expect(page.get_by_test_id("state-evaluate_model")).to_contain_text("Completed")
    canvas.run()
    expect(page.get_by_test_id("state-evaluate_model")).to_contain_text("Reused")

    page.get_by_test_id("run-history").click()
    page.get_by_role("link").filter(has_text="Run").last.click()
    expect(page.get_by_text("read only")).to_be_visible()
    expect(page.get_by_test_id("run-button")).to_have_count(0)
    expect(page.get_by_test_id("state-evaluate_model")).to_be_visible()

"""Pipelines and models leave the page as files, and a model's file draws its pipeline again."""

import base64
import zipfile
from pathlib import Path

from playwright.sync_api import Download, Page, expect

from tests.e2e.canvas import Canvas

DROP = """([content, name]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name));
  return transfer;
}"""


def opened_sample(page: Page) -> Canvas:
    page.get_by_test_id("sample-automobile-price").click()
    canvas = Canvas(page)
    expect(canvas.node("train")).to_be_visible()
    return canvas


def kept(download: Download, folder: Path) -> Path:
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


def test_a_pipeline_leaves_as_a_script_and_as_a_notebook(page: Page, tmp_path: Path) -> None:
    opened_sample(page)
    for item, program in (("Python script", ".py"), ("Notebook", ".ipynb")):
        page.get_by_test_id("export-menu").click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name=item).click()
        with zipfile.ZipFile(kept(download.value, tmp_path)) as archive:
            assert f"automobile-price-prediction/automobile-price-prediction{program}" in archive.namelist()


def test_a_models_file_draws_its_pipeline_when_it_is_dropped(page: Page, tmp_path: Path) -> None:
    canvas = opened_sample(page)
    canvas.run()
    canvas.node("train").dblclick()
    page.get_by_test_id("model-menu").click()
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("menuitem", name="skops").click()
    file = kept(download.value, tmp_path)
    before = page.url
    content = base64.b64encode(file.read_bytes()).decode()
    transfer = page.evaluate_handle(DROP, [content, file.name])
    page.get_by_test_id("canvas").dispatch_event("drop", {"dataTransfer": transfer})
    page.wait_for_url(lambda url: url != before)
    expect(canvas.node("train")).to_be_visible()
    expect(canvas.node("without_losses")).to_be_visible()

"""What a person does on the canvas, with a real mouse and keyboard."""

from playwright.sync_api import Locator, Page, expect


class Canvas:
    """The canvas of an open pipeline."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.box = page.get_by_test_id("canvas")
        self.box.wait_for()

    def node(self, node_id: str) -> Locator:
        return self.page.get_by_test_id(f"node-{node_id}")

    def drag_in(self, item: str, x: int, y: int) -> None:
        """Drag an item of the library to a place of the canvas."""
        self.page.get_by_test_id(item).drag_to(self.box, target_position={"x": x, "y": y})

    def show_datasets(self) -> None:
        self.page.get_by_text("Data", exact=True).click()

    def show_modules(self) -> None:
        self.page.get_by_text("Modules", exact=True).click()

    def connect(self, source: str, output: str, target: str, port: str) -> None:
        """Draw a wire from an output to an input."""
        start = self.page.get_by_test_id(f"port-{source}-out-{output}").bounding_box()
        end = self.page.get_by_test_id(f"port-{target}-in-{port}").bounding_box()
        assert start
        assert end
        mouse = self.page.mouse
        mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
        mouse.down()
        mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=8)
        mouse.up()

    def wires(self) -> Locator:
        return self.page.locator(".react-flow__edge")

    def parameter(self, name: str) -> Locator:
        return self.page.get_by_test_id(f"parameter-{name}")

    def choose(self, name: str, option: str) -> None:
        """Pick an option of a list."""
        self.parameter(name).get_by_role("combobox").first.click()
        self.page.get_by_role("option", name=option, exact=True).click()

    def saved(self) -> None:
        expect(self.page.get_by_test_id("save-state")).to_have_attribute("data-state", "saved")

    def run(self, status: str = "completed") -> None:
        """Press Run and wait for the end."""
        self.page.get_by_test_id("run-button").click()
        expect(self.page.get_by_test_id("run-status")).to_have_attribute("data-status", status, timeout=60_000)

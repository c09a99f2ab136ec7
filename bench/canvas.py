"""Frames per second of a canvas with 1,000 nodes, against a bare React Flow page."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Page

from bench.browser import draft_of, page_of
from bench.overhead import document_of
from bench.report import Measure
from designer.local.processes import ROOT, Processes
from designer.local.services import free_port
from tests.installation import Installation

NODES, COLUMNS = 1000, 25
SPREAD_X, SPREAD_Y = 260, 160
SECONDS, STEP_SECONDS = 4.0, 0.012
GOAL = 1.3

COUNT = """
() => {
  window.frames_seen = 0;
  window.began = performance.now();
  const count = () => { window.frames_seen += 1; window.counting = requestAnimationFrame(count); };
  window.counting = requestAnimationFrame(count);
}
"""
STOP = """
() => {
  cancelAnimationFrame(window.counting);
  return (1000 * window.frames_seen) / (performance.now() - window.began);
}
"""
SCALE = "() => new DOMMatrix(getComputedStyle(document.querySelector('.react-flow__viewport')).transform).a"


def measure(running: Installation, folder: Path) -> Iterator[Measure]:
    """The three gestures on both pages, close enough to read the nodes."""
    with page_of(running) as page, Processes(grace_seconds=5) as processes:
        page.goto(f"/drafts/{draft_of(running, {**document_of(nodes()), 'layout': layout()})}")
        ours = gestures(page)
        page.goto(serve_bare(processes, folder))
        bare = gestures(page)
    for name in ours:
        yield Measure(
            f"{name} with 1,000 nodes", ours[name], "fps", "React Flow", bare[name], GOAL, more_is_better=True
        )


def gestures(page: Page) -> dict[str, float]:
    """Frames per second while a node is dragged, the canvas is moved, and zoomed."""
    canvas = page.locator(".react-flow")
    canvas.locator(".react-flow__node").first.wait_for(timeout=60_000)
    box = canvas.bounding_box()
    assert box
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    for _ in range(200):
        if page.evaluate(SCALE) > 0.9:
            break
        page.mouse.wheel(0, -60)
        page.wait_for_timeout(30)
    page.wait_for_timeout(1000)
    node = nearest_node(page, middle)
    return {
        "drag": frames(page, lambda: hold_and_move(page, node)),
        "pan": frames(page, lambda: hold_and_move(page, free_place(page, middle))),
        "zoom": frames(page, lambda: zoom(page, middle)),
    }


def frames(page: Page, gesture: Callable[[], None]) -> float:
    """Frames per second during a gesture."""
    page.wait_for_timeout(500)
    page.evaluate(COUNT)
    gesture()
    return float(page.evaluate(STOP))


def hold_and_move(page: Page, start: tuple[float, float]) -> None:
    """Hold a place and move it to and fro."""
    page.mouse.move(*start)
    page.mouse.down()
    for x, y in to_and_fro():
        page.mouse.move(start[0] + x, start[1] + y)
    page.mouse.up()


def zoom(page: Page, at: tuple[float, float]) -> None:
    """Turn the wheel out and in."""
    page.mouse.move(*at)
    for number, _ in enumerate(to_and_fro()):
        page.mouse.wheel(0, 30 if number // 20 % 2 == 0 else -30)


def to_and_fro() -> Iterator[tuple[float, float]]:
    """Places around a start, one after the other for some seconds."""
    ends = time.monotonic() + SECONDS
    number = 0
    while time.monotonic() < ends:
        turn = number % 40
        swing = turn if turn < 20 else 40 - turn
        yield swing * 8.0, swing * 5.0
        number += 1
        time.sleep(STEP_SECONDS)


def nearest_node(page: Page, to: tuple[float, float]) -> tuple[float, float]:
    """The middle of the node that is nearest to a place."""
    boxes = [box for box in (item.bounding_box() for item in page.locator(".react-flow__node").all()) if box]
    middles = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes]
    return min(middles, key=lambda place: (place[0] - to[0]) ** 2 + (place[1] - to[1]) ** 2)


def free_place(page: Page, near: tuple[float, float]) -> tuple[float, float]:
    """A place of the canvas where no node is."""
    is_free = "([x, y]) => document.elementFromPoint(x, y)?.classList.contains('react-flow__pane')"
    places = ((near[0] + x, near[1] + y) for x in range(0, 300, 15) for y in range(0, 200, 15))
    return next(place for place in places if page.evaluate(is_free, list(place)))


def nodes() -> dict[str, object]:
    """Columns of steps that follow each other."""
    return {
        f"step_{number}": {"module": "take_time"}
        | ({"inputs": {"dataset": f"step_{number - COLUMNS}"}} if number >= COLUMNS else {})
        for number in range(NODES)
    }


def layout() -> dict[str, list[int]]:
    return {f"step_{n}": [n % COLUMNS * SPREAD_X, n // COLUMNS * SPREAD_Y] for n in range(NODES)}


def serve_bare(processes: Processes, folder: Path) -> str:
    """Build the bare page with the same graph; returns its address."""
    npx = shutil.which("npx") or "npx"
    target = folder / "bare"
    build = [npx, "--prefix", "frontend", "vite", "build", str(ROOT / "bench" / "bare_canvas")]
    subprocess.run([*build, "--outDir", str(target), "--logLevel", "warn"], cwd=ROOT, check=True)  # noqa: S603  our own command
    graph = {
        "nodes": [{"id": name, "x": x, "y": y} for name, (x, y) in layout().items()],
        "edges": [[f"step_{number - COLUMNS}", f"step_{number}"] for number in range(COLUMNS, NODES)],
    }
    (target / "graph.json").write_text(json.dumps(graph), "utf-8")
    port = free_port()
    serve = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(target)]
    processes.start("bare page", serve, {})
    processes.wait_for_port("127.0.0.1", port)
    return f"http://127.0.0.1:{port}/"

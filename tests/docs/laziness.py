"""Whether a module reads its tables as a stream, or takes all rows into memory: measured, as `laziness.json` keeps it.

`python -m tests.docs.laziness` measures again.
"""

import json
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from designer.docs.examples import example_ids
from designer.engine import execution
from designer.engine.step import Done
from designer.graph.graph import DatasetEntry
from designer.store.artifacts import Store
from modules import catalog
from modules.kit import Table
from tests.docs.running import compiled, node_of, run, shipped

KEPT = Path(__file__).with_name("laziness.json")
ENOUGH_ROWS = 400
"""Tables of an example are repeated until they have about so many; distinct values do not become more."""

Finding = str
"""`lazy`, `collects`, or `takes no table`."""


class Collected:
    """The most rows that came in, and that were taken into memory at once."""

    given = 0
    rows = 0


@contextmanager
def watched(module: str, *, repeat: bool) -> Iterator[Collected]:
    """Note what is collected while the function of a module runs, and not while its outputs are stored."""
    seen, inside = Collected(), [False]
    collect, call = pl.LazyFrame.collect, execution._call

    def noting(self: pl.LazyFrame, *args: Any, **kwargs: Any) -> Any:
        frame = collect(self, *args, **kwargs)
        if inside[0] and isinstance(frame, pl.DataFrame):
            seen.rows = max(seen.rows, frame.height)
        return frame

    def calling(called: Any, arguments: dict[str, Any], context: Any) -> Any:
        if called.spec.id != module:
            return call(called, arguments, context)
        for name, value in arguments.items():
            if isinstance(value, Table):
                height = value.frame.select(pl.len()).collect().item()
                times = ENOUGH_ROWS // max(height, 1) + 1 if repeat else 1
                arguments = {**arguments, name: value.with_frame(pl.concat([value.frame] * times))}
                seen.given = max(seen.given, height * times)
        inside[0] = True
        try:
            return call(called, arguments, context)
        finally:
            inside[0] = False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pl.LazyFrame, "collect", noting)
        patch.setattr(execution, "_call", calling)
        yield seen


def measured(module: str, store: Store, datasets: dict[str, DatasetEntry], folder: Path) -> Finding:
    """Run the example of a module and see whether it takes all rows at once; repeated rows where it bears them."""
    spec = catalog.load().get(module).spec
    if not any("Table" in port.type for port in spec.inputs):
        return "takes no table"
    if any(parameter.kind == "script" and parameter.language in ("python", "r") for parameter in spec.parameters):
        return "collects"  # in a process of its own, where it is not seen
    _, plan = compiled(module, datasets, folder)
    for repeat in (True, False):
        with watched(module, repeat=repeat) as seen:
            outcome = run(plan, store, folder).get(node_of(module, plan))
        if isinstance(outcome, Done):
            return "collects" if seen.rows >= seen.given else "lazy"
    return "collects"


def measure_all() -> dict[str, Finding]:
    """The finding of every module."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(action="ignore"):
        store = Store.in_folder(Path(folder) / "store")
        datasets = shipped(store)
        return {module: measured(module, store, datasets, Path(folder)) for module in example_ids()}


if __name__ == "__main__":
    KEPT.write_text(json.dumps(measure_all(), indent=1, sort_keys=True) + "\n", "utf-8")

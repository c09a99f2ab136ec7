"""The shipped data in a store."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from designer.graph.examination import examine
from designer.graph.graph import DatasetEntry
from designer.graph.plan import compile_plan
from designer.graph.reading import read
from designer.store.artifacts import Store
from modules import catalog
from modules.kit import Table, TableSchema
from tests.pipelines.running import Ran, run

DATA = Path(__file__).parents[2] / "samples" / "data"


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store.in_folder(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="session")
def datasets(store: Store) -> dict[str, DatasetEntry]:
    found = {}
    for facts in DATA.glob("*.json"):
        path = DATA / json.loads(facts.read_text("utf-8"))["file"]
        table = Table(pl.scan_csv(path) if path.suffix == ".csv" else pl.scan_parquet(path))
        digest = store.save(table, "Table").digest
        found[path.stem] = DatasetEntry(path.stem, 1, digest, TableSchema.of(table))
    return found


@pytest.fixture(scope="session")
def ran(store: Store, datasets: dict[str, DatasetEntry]) -> Callable[[Path], Ran]:
    """Runs a sample once, however many tests look at it."""

    @cache
    def ran_once(path: Path) -> Ran:
        examination = examine(read(path.read_bytes()), catalog.load(), datasets)
        plan = compile_plan(examination.graph)
        return Ran(examination, plan, run(plan, store))

    return ran_once

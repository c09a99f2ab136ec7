"""The shipped data in a store."""

from pathlib import Path

import polars as pl
import pytest

from designer.graph.graph import DatasetEntry
from designer.store.artifacts import Store
from modules.kit import Table, TableSchema

DATA = Path(__file__).parents[2] / "samples" / "data"


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store.in_folder(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="session")
def datasets(store: Store) -> dict[str, DatasetEntry]:
    found = {}
    for path in DATA.glob("*.csv"):
        table = Table(pl.scan_csv(path))
        digest = store.save(table, "Table").digest
        found[path.stem] = DatasetEntry(path.stem, 1, digest, TableSchema.of(table))
    return found

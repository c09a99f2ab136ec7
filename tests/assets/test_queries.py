"""Datasets as a graph names them."""

import polars as pl
import pytest

from designer.assets.actions import dataset_name_of, delete_dataset, register_table
from designer.assets.queries import DatasetEntries, newest_datasets
from designer.errors import NotFound
from designer.workspaces.actions import ensure_owner
from designer.workspaces.models import Workspace
from modules.kit import Table

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return ensure_owner()[1]


def register(workspace: Workspace, *values: int) -> None:
    register_table(workspace, Table(pl.LazyFrame({"a": values})), name="numbers")


def test_a_name_is_the_newest_version_and_a_number_pins_one(workspace: Workspace) -> None:
    register(workspace, 1)
    register(workspace, 2)
    entries = DatasetEntries(workspace)
    assert (entries["numbers"].version, entries["numbers@1"].version) == (2, 1)
    assert set(entries) == {"numbers", "numbers@1", "numbers@2"}
    assert entries.get("numbers@3") is None


def test_a_bound_entry_stands_in_for_one_of_its_name(workspace: Workspace) -> None:
    register(workspace, 1)
    other = DatasetEntries(workspace)["numbers@1"]
    entries = DatasetEntries(workspace, {"numbers": other, "more": other})
    assert entries["numbers"] is entries["more"] is other
    assert len(entries) == 3


def test_each_dataset_is_listed_once(workspace: Workspace) -> None:
    register(workspace, 1)
    register(workspace, 2)
    assert [(dataset.name, dataset.version) for dataset in newest_datasets(workspace)] == [("numbers", 2)]


def test_a_deleted_dataset_is_gone_in_all_versions(workspace: Workspace) -> None:
    register(workspace, 1)
    delete_dataset(workspace, "numbers")
    assert not DatasetEntries(workspace)
    with pytest.raises(NotFound):
        delete_dataset(workspace, "numbers")


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("Car prices (1).csv", "car-prices-1"),
        ("a.tar.gz", "a-tar"),
        ("데이터.csv", "데이터"),
        (".csv", "dataset"),
        ("", "dataset"),
    ],
)
def test_a_file_name_becomes_a_name_for_documents(file_name: str, name: str) -> None:
    assert dataset_name_of(file_name) == name

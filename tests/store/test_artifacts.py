"""Artifacts: written once, addressed by content, read back as they were."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from polars.testing.parametric import dataframes
from sklearn.linear_model import Ridge

from designer.store.artifacts import Store
from modules.kit import Regressor, Table


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store.in_folder(tmp_path_factory.mktemp("store"))


@given(dataframes(min_cols=1, max_cols=4, max_size=8, excluded_dtypes=[pl.Categorical]))
def test_a_table_comes_back_as_it_was(store: Store, frame: pl.DataFrame) -> None:
    first = frame.columns[0]
    saved = store.save(Table(frame.lazy(), {first: "label"}, frozenset({first})), "Table")
    again = store.load_table(saved.digest)
    assert_frame_equal(again.frame.collect(), frame)
    assert (again.roles, again.categorical) == ({first: "label"}, {first})
    assert saved.meta["rows"] == frame.height


@given(st.lists(st.integers(-5, 5), max_size=5))
def test_equal_content_has_an_equal_digest(store: Store, values: list[int]) -> None:
    def save() -> str:
        return store.save(Table(pl.LazyFrame({"a": pl.Series(values, dtype=pl.Int64)})), "Table").digest

    assert save() == save()


def test_neither_chunks_nor_the_way_it_was_made_show_in_the_digest(store: Store) -> None:
    rows = pl.select(pl.int_range(300_000).alias("a")).with_columns(pl.format("text {}", "a").alias("b"))
    pieces = pl.concat([rows[:1000], rows[1000:70_000], rows[70_000:]], rechunk=False)
    wider = rows.with_columns(pl.lit(None).alias("a2")).vstack(rows.with_columns(pl.lit(None).alias("a2")))
    ways = [rows.lazy(), pieces.lazy(), wider.lazy().head(300_000).drop("a2"), rows.lazy().filter(pl.col("a") >= 0)]
    first = store.save(Table(ways[0]), "Table")
    ways.append(store.load_table(first.digest).frame)
    assert {store.save(Table(frame), "Table").digest for frame in ways} == {first.digest}


def test_a_table_without_columns_is_kept(store: Store) -> None:
    saved = store.save(Table(pl.LazyFrame()), "Table")
    assert (saved.meta["rows"], saved.meta["columns"]) == (0, [])
    assert store.load_table(saved.digest).frame.collect().is_empty()


def test_folds_come_back_and_are_part_of_the_digest(store: Store) -> None:
    rows = pl.LazyFrame({"a": [1, 2, 3]})
    folds = pl.DataFrame({"row": [0, 1, 2, 2], "fold": [1, 2, 1, 2]})
    saved = store.save(Table(rows, folds=folds), "Table")
    again = store.load_table(saved.digest)
    assert again.folds is not None
    assert_frame_equal(again.folds, folds)
    assert saved.meta["folds"] == 2
    assert saved.digest != store.save(Table(rows), "Table").digest


def test_attachments_stand_in_the_metadata(store: Store) -> None:
    saved = store.save(Table(pl.LazyFrame({"a": [1]}), attachments={"charts": {"task": "regression"}}), "Table")
    assert store.artifact(saved.digest).meta["charts"] == {"task": "regression"}


def test_a_stored_table_is_mapped_not_read(store: Store) -> None:
    size = 400_000_000
    saved = store.save(Table(pl.select(pl.int_range(size // 8)).lazy()), "Table")
    before = anonymous_bytes()
    assert store.load_table(saved.digest).frame.collect().height == size // 8
    assert anonymous_bytes() - before < size / 4


def anonymous_bytes() -> int:
    """Memory of this process that belongs to no file."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0]) * 1024


def test_roles_are_part_of_the_content(store: Store) -> None:
    frame = pl.LazyFrame({"a": [1]})
    assert store.save(Table(frame), "Table").digest != store.save(Table(frame, {"a": "label"}), "Table").digest


def test_a_learner_comes_back(store: Store) -> None:
    saved = store.save(Regressor(Ridge(alpha=2.0), {"alpha": 2.0}, "ridge"), "Regressor")
    learner = store.load(saved.digest)
    assert (type(learner), learner.estimator.alpha) == (Regressor, 2.0)
    assert store.artifact(saved.digest).meta["parameters"] == {"alpha": 2.0}


@pytest.mark.parametrize("digest", ["0" * 64, "../../etc/passwd", ""])
def test_an_unknown_digest_is_a_key_error(store: Store, digest: str) -> None:
    with pytest.raises(KeyError):
        store.load(digest)


def test_nothing_temporary_is_left(tmp_path: Path) -> None:
    Store.in_folder(tmp_path).save(Table(pl.LazyFrame({"a": [1]})), "Table")
    assert list((tmp_path / "tmp").iterdir()) == []

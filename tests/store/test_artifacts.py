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


@given(
    dataframes(
        min_cols=1, max_cols=4, max_size=8, allowed_dtypes=[pl.Int64, pl.Float64, pl.String, pl.Boolean, pl.Date]
    )
)
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

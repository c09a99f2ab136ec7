"""Artifacts: written once, addressed by content, read back as they were."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from polars.testing.parametric import dataframes
from sklearn.linear_model import Ridge

from designer.store import artifacts, tables
from designer.store.artifacts import Store
from modules.kit import File, Regressor, Table


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store.in_folder(tmp_path_factory.mktemp("store"))


@contextmanager
def bounds(*, columns_from: int = 1, stream_from: int = 1 << 30, held: int = 1 << 30) -> Iterator[None]:
    """Small tables are laid out like large ones: in columns from so many rows on, as a stream from so many values."""
    with (
        patch.object(tables, "FEWEST_ROWS_IN_COLUMNS", columns_from),
        patch.object(tables, "MOST_CELLS_IN_COLUMNS", stream_from),
        patch.object(artifacts, "MOST_CELLS_IN_MEMORY", held),
    ):
        yield


LAYOUTS = {
    "file": {"columns_from": 100},
    "columns": {},
    "stream": {"stream_from": 0},
    "streamed file": {"columns_from": 100, "held": -1},
    "streamed columns": {"held": -1},
}
NESTED = [pl.List, pl.Array, pl.Struct]
UNKNOWN_TO_ARROW = (pl.Int128, pl.UInt128)
FRAMES = dataframes(min_cols=1, max_cols=4, max_size=8, excluded_dtypes=[pl.Categorical])
FLAT_FRAMES = dataframes(min_cols=1, max_cols=4, max_size=8, excluded_dtypes=[pl.Categorical, *NESTED])


@pytest.mark.parametrize("layout", LAYOUTS)
@given(frame=FRAMES)
def test_a_table_comes_back_as_it_was(store: Store, layout: str, frame: pl.DataFrame) -> None:
    first = frame.columns[0]
    with bounds(**LAYOUTS[layout]):
        saved = store.save(Table(frame.lazy(), {first: "label"}, frozenset({first})), "Table")
        again = store.load(saved.digest)
        assert_frame_equal(again.frame.collect(), frame)
    assert (again.roles, again.categorical) == ({first: "label"}, {first})
    assert saved.meta["rows"] == frame.height


@given(frame=FLAT_FRAMES)
def test_what_lies_beneath_missing_values_does_not_show_in_the_digest(store: Store, frame: pl.DataFrame) -> None:
    ways = [frame, frame.reverse().reverse(), pl.concat([frame, frame])[: frame.height], frame.lazy().filter(True)]
    for layout in ("file", "columns", "streamed file", "streamed columns"):
        with bounds(**LAYOUTS[layout]):
            assert len({store.save(Table(way.lazy()), "Table").digest for way in ways}) == 1


@given(frame=FLAT_FRAMES)
def test_the_layout_is_the_same_whether_rows_were_streamed_or_held(store: Store, frame: pl.DataFrame) -> None:
    for held, streamed in (("file", "streamed file"), ("columns", "streamed columns")):
        digests = []
        for layout in (held, streamed):
            with bounds(**LAYOUTS[layout]):
                digests.append(store.save(Table(frame.lazy()), "Table").digest)
        assert digests[0] == digests[1]


@given(frame=FLAT_FRAMES, chosen=st.data())
def test_columns_that_are_passed_on_are_not_written_again(
    store: Store, frame: pl.DataFrame, chosen: st.DataObject
) -> None:
    """Whatever is done to other columns: what is saved has the digest that it has when all is written."""
    kept = chosen.draw(st.lists(st.sampled_from(frame.columns), unique=True, min_size=1))
    with bounds():
        stored = store.save(Table(frame.lazy()), "Table")
        with store.passing_on():
            rows = store.load_table(stored.digest).frame
            changed = rows.select(*kept, pl.int_range(pl.len()).alias("added")).rename({kept[0]: "renamed"})
            with patch.object(tables, "write_column", wraps=tables.write_column) as written:
                passed = store.save(Table(changed), "Table")
        assert store.save(Table(changed.collect().lazy()), "Table").digest == passed.digest
    types = [frame.schema[name] for name in kept]
    if frame.height and all(dtype.is_numeric() and dtype not in UNKNOWN_TO_ARROW for dtype in types):
        assert [call.args[0].name for call in written.call_args_list] == ["added"]


def test_a_column_that_was_changed_is_written(store: Store) -> None:
    frame = pl.DataFrame({"a": [1, None, 3], "b": [1.0, 2.0, 3.0], "c": ["x", "y", None]})
    changes = {
        "filled": pl.col("a").fill_null(0),
        "cast to another type of the same bytes": pl.col("a").cast(pl.Duration("us")),
        "cut": pl.all().slice(1),
        "turned": pl.all().reverse(),
        "shortened text": pl.col("c").str.slice(0, 0),
    }
    with bounds():
        stored = store.save(Table(frame.lazy()), "Table")
        for name, change in changes.items():
            with store.passing_on():
                rows = store.load_table(stored.digest).frame
                cut = rows.select(change) if name in ("cut", "turned") else rows.with_columns(change)
                saved = store.save(Table(cut), "Table")
            expected = frame.lazy().select(change) if name in ("cut", "turned") else frame.lazy().with_columns(change)
            assert_frame_equal(store.load_table(saved.digest).frame.collect(), expected.collect())


def test_a_passed_on_column_that_was_swept_away_meanwhile_is_written_again(store: Store) -> None:
    with bounds():
        stored = store.save(Table(pl.LazyFrame({"swept": [1.5, 2.5]})), "Table")
        with store.passing_on():
            rows = store.load_table(stored.digest).frame
            store.blobs.remove(stored.files["0.arrow"])
            saved = store.save(Table(rows), "Table")
        assert store.load_table(saved.digest).frame.collect().to_dict(as_series=False) == {"swept": [1.5, 2.5]}


def test_a_table_in_columns_can_be_had_as_one_file(store: Store) -> None:
    frame = pl.DataFrame({"a": [1, None, 3], "b": ["x", "y", None]})
    with bounds():
        stored = store.save(Table(frame.lazy()), "Table")
        with store.arrow_file(stored.digest) as path:
            assert_frame_equal(pl.read_ipc(path), frame)


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


@pytest.mark.parametrize("details", [{}, {"rows": 3, "table": "fruit"}])
def test_a_file_comes_back_with_what_it_tells_of_itself(
    store: Store, tmp_path: Path, details: dict[str, int | str]
) -> None:
    path = tmp_path / "note.txt"
    path.write_text("hello", "utf-8")
    saved = store.save(File(path, "note.txt", details), "File")
    file = store.load(saved.digest)
    assert (file.path.read_text("utf-8"), file.name, file.details) == ("hello", "note.txt", details)
    assert saved.meta.get("details", {}) == details


@pytest.mark.parametrize("digest", ["0" * 64, "../../etc/passwd", ""])
def test_an_unknown_digest_is_a_key_error(store: Store, digest: str) -> None:
    with pytest.raises(KeyError):
        store.load(digest)


def test_nothing_temporary_is_left(tmp_path: Path) -> None:
    Store.in_folder(tmp_path).save(Table(pl.LazyFrame({"a": [1]})), "Table")
    assert list((tmp_path / "tmp").iterdir()) == []


def test_what_is_read_from_files_is_streamed_where_it_is_large(store: Store, tmp_path: Path) -> None:
    """Files are not tables of the store, so only their rows tell how much there is."""
    path = tmp_path / "rows.arrow"
    frame = pl.DataFrame({"a": range(1000), "b": [float(number) for number in range(1000)]})
    frame.write_ipc(path)
    with bounds(held=100), patch.object(tables, "write_stream", wraps=tables.write_stream) as streamed:
        store.save(Table(pl.scan_ipc(path).head(10)), "Table")
        assert not streamed.called
        saved = store.save(Table(pl.scan_ipc(path)), "Table")
        assert streamed.call_count == 1
    assert_frame_equal(store.load_table(saved.digest).frame.collect(), frame)


def test_a_store_remembers_nothing_of_what_it_loads_outside_of_a_step(store: Store) -> None:
    """A server loads tables for as long as it lives, and in several threads."""
    with bounds():
        stored = store.save(Table(pl.LazyFrame({"a": [1, 2]})), "Table")
        with store.passing_on():
            store.load_table(stored.digest)
        loaded = store.load_table(stored.digest)
        with patch.object(tables, "write_column", wraps=tables.write_column) as written:
            assert store.save(loaded, "Table").digest == stored.digest
    assert written.call_count == 1


def test_the_order_in_which_long_texts_were_made_does_not_show_in_the_digest(store: Store) -> None:
    frame = pl.DataFrame({"text": ["a text that stands in a buffer", None, "and one more that does", "short"]})
    for layout in ("file", "columns"):
        with bounds(**LAYOUTS[layout]):
            digests = {store.save(Table(way.lazy()), "Table").digest for way in (frame, frame.reverse().reverse())}
            assert len(digests) == 1
            assert_frame_equal(store.load_table(digests.pop()).frame.collect(), frame)

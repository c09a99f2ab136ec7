"""Target Encoding: means of folds for the table itself, means of all rows for others."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.preprocessing import TargetEncoder

from modules.data_transformation.target_encoding import target_encoding
from modules.kit import Table
from modules.model_scoring_and_evaluation.apply_transformation import apply_transformation
from tests.modules.refusals import refusal

RANDOM = np.random.default_rng(0)
ROWS = 60
FRAME = pl.DataFrame(
    {
        "k": RANDOM.choice(["a", "b", "c"], ROWS),
        "n": RANDOM.integers(0, 3, ROWS),
        "y": RANDOM.normal(size=ROWS),
        "flag": RANDOM.random(ROWS) > 0.5,
        "class": RANDOM.choice(["red", "green", "blue"], ROWS),
        "one": ["x"] * ROWS,
        "list": [[1]] * ROWS,
    }
)


def encoded(
    target: str, frame: pl.DataFrame = FRAME, columns: tuple[str, ...] = ("k",), **options: Any
) -> pl.DataFrame:
    found = target_encoding(Table(frame.lazy()), columns=list(columns), target_column=target, **options)
    return found.results_dataset.frame.collect()


def expected_means(target: Any, kind: str, folds: Any, columns: tuple[str, ...] = ("k",), smooth: Any = "auto") -> Any:
    encoder = TargetEncoder(target_type=kind, cv=folds, smooth=smooth)
    return encoder.fit_transform(FRAME.select(columns).to_numpy(), target)


def test_means_of_a_number_are_those_of_a_public_library() -> None:
    expected = expected_means(FRAME["y"].to_numpy(), "continuous", KFold(5, shuffle=True, random_state=0), ("k", "n"))
    assert encoded("y", columns=("k", "n")).select("k", "n").to_numpy() == pytest.approx(expected)


def test_shares_of_the_last_of_two_classes() -> None:
    folds = StratifiedKFold(4, shuffle=True, random_state=7)
    expected = expected_means(FRAME["flag"].to_numpy().astype(int), "binary", folds, smooth=3)
    found = encoded("flag", number_of_folds=4, seed=7, smoothing="fixed", smoothing_rows=3)
    assert found["k"].to_numpy() == pytest.approx(expected[:, 0])


def test_more_classes_have_a_column_each() -> None:
    codes = FRAME["class"].rank("dense").to_numpy() - 1
    expected = expected_means(codes, "multiclass", StratifiedKFold(5, shuffle=True, random_state=0))
    found = encoded("class")
    assert found.columns == ["n", "y", "flag", "class", "one", "list", "k_blue", "k_green", "k_red"]
    assert found.select("k_blue", "k_green", "k_red").to_numpy() == pytest.approx(expected)


def test_no_row_sees_its_own_target() -> None:
    changed = FRAME.with_columns(y=pl.when(pl.int_range(pl.len()) == 0).then(1e6).otherwise("y"))
    options: Any = {"smoothing": "fixed", "smoothing_rows": 0.0}
    assert encoded("y", changed, **options)["k"][0] == encoded("y", FRAME, **options)["k"][0]


def replayed(frame: Any, target: str = "y", table: pl.DataFrame = FRAME, **options: Any) -> pl.DataFrame:
    options = {"smoothing": "fixed", "smoothing_rows": 0.0, **options}
    learnt = target_encoding(Table(table.lazy()), columns=["k"], target_column=target, **options)
    return apply_transformation(learnt.encoding_transformation, Table(pl.LazyFrame(frame))).frame.collect()


def test_other_tables_get_the_means_of_all_rows() -> None:
    means = dict(FRAME.group_by("k").agg(pl.col("y").mean()).iter_rows())
    found = replayed({"z": [1, 2], "k": ["b", "a"]})
    assert found.columns == ["z", "k"]
    assert found["k"].to_list() == pytest.approx([means["b"], means["a"]])


def test_what_is_not_known_gets_the_mean_of_all_rows() -> None:
    assert replayed({"k": ["new", None]})["k"].to_list() == pytest.approx([FRAME["y"].mean()] * 2)


def test_missing_values_are_a_category() -> None:
    frame = FRAME.with_columns(k=pl.when(pl.col("k") != "c").then("k"))
    expected = FRAME.filter(pl.col("k") == "c")["y"].mean()
    assert replayed({"k": [None, "c"]}, table=frame)["k"][0] == pytest.approx(expected)


def test_rows_without_a_target_get_means_but_have_no_part_in_them() -> None:
    extra = pl.DataFrame({"k": ["a", "only here"], "y": [None, float("nan")]})
    frame = pl.concat([FRAME, extra], how="diagonal_relaxed")
    options: Any = {"smoothing": "fixed", "smoothing_rows": 0.0}
    found = encoded("y", frame, **options)["k"]
    assert found[:ROWS].equals(encoded("y", FRAME, **options)["k"])
    means = FRAME.filter(pl.col("k") == "a")["y"].mean(), FRAME["y"].mean()
    assert found[ROWS:].to_list() == pytest.approx(list(means))


def test_numbers_that_are_categories_are_classes() -> None:
    table = Table(FRAME.lazy(), categorical=frozenset({"n", "k"}))
    found = target_encoding(table, columns=["k"], target_column="n").results_dataset
    assert found.names[-3:] == ["k_0", "k_1", "k_2"]
    assert found.categorical == {"n"}


def test_means_go_beside_the_values_on_wish() -> None:
    table = Table(FRAME.lazy(), {"k": "none"}, frozenset({"k"}))
    found = target_encoding(table, columns=["k"], target_column="y", output_mode="append").results_dataset
    assert found.names[-1] == "k_encoded"
    assert (found.roles, found.categorical) == ({"k": "none"}, {"k"})


def test_a_constant_target_gives_its_value() -> None:
    assert encoded("y", FRAME.with_columns(y=pl.lit(2.0)))["k"].unique().to_list() == pytest.approx([2.0])


def test_equal_seeds_give_equal_means() -> None:
    assert encoded("y").equals(encoded("y"))
    assert not encoded("y").equals(encoded("y", seed=1))


@pytest.mark.parametrize(
    ("frame", "options", "expected"),
    [
        ({"z": ["a"]}, {}, ("0001", "dataset", None, "k")),
        ({"k": [1]}, {}, ("0016", "dataset", None, "k")),
        ({"k": ["a"], "k_encoded": [1]}, {"output_mode": "append"}, ("0028", "dataset", None, "k_encoded")),
    ],
)
def test_a_replay_needs_the_same_columns(frame: Any, options: Any, expected: object) -> None:
    assert refusal(replayed, frame, **options) == expected


@pytest.mark.parametrize(
    ("target", "frame", "options", "expected"),
    [
        ("k", FRAME, {}, ("0026", "dataset", "columns", "k")),
        ("one", FRAME, {}, ("0023", "dataset", "target_column", "one")),
        ("list", FRAME, {}, ("0017", "dataset", "target_column", "list")),
        ("y", FRAME, {"columns": ("list",)}, ("0017", "dataset", "columns", "list")),
        ("y", FRAME.head(4), {}, ("0021", "dataset", None, None)),
        ("y", FRAME.with_columns(y=pl.lit(float("inf"))), {}, ("0033", "dataset", "target_column", "y")),
        ("day", FRAME.with_columns(day=pl.date(2020, 1, 1)), {}, ("0017", "dataset", "target_column", "day")),
        (
            "many",
            pl.DataFrame({"k": ["a"] * 10_001}).with_columns(many=pl.int_range(pl.len()).cast(pl.String)),
            {},
            "0129",
        ),
    ],
)
def test_what_has_no_mean_is_refused(target: str, frame: pl.DataFrame, options: Any, expected: Any) -> None:
    expected = ("0129", "dataset", "target_column", "many") if expected == "0129" else expected
    assert refusal(encoded, target, frame, **options) == expected

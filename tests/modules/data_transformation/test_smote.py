"""SMOTE: how many rows are made up, where they lie, and what is refused."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from imblearn.over_sampling import SMOTE

from modules.data_transformation.smote import smote
from modules.kit import Context, Table
from tests.modules.refusals import refusal

RANDOM = np.random.default_rng(0)
ROWS, RARE = 60, 15
FRAME = pl.DataFrame(
    {
        "x": RANDOM.normal(size=ROWS),
        "count": pl.Series(RANDOM.integers(0, 255, ROWS), dtype=pl.UInt8),
        "text": RANDOM.choice(["a", "b", "c"], ROWS),
        "kind": pl.Series(RANDOM.choice(["z", "a"], ROWS), dtype=pl.Categorical),
        "flag": RANDOM.random(ROWS) > 0.5,
        "day": [date(2020, 1, 1) + timedelta(days=int(day)) for day in RANDOM.integers(0, 99, ROWS)],
        "y": ["no"] * (ROWS - RARE) + ["yes"] * RARE,
    }
)
NUMBERS = FRAME.select("x", pl.col("count").cast(pl.Float64), "y")


def made(frame: pl.DataFrame = FRAME, **options: Any) -> pl.DataFrame:
    options = {"label_column": "y", "context": Context(), **options}
    return smote(Table(frame.lazy(), {"y": "label"}), **options).frame.collect()


@pytest.mark.parametrize(("percentage", "rare"), [(0, 15), (100, 30), (200, 45), (300, 60), (150, 38), (10, 16)])
def test_the_percentage_is_added_to_the_rarer_class(percentage: int, rare: int) -> None:
    found = made(smote_percentage=percentage)
    assert found["y"].value_counts().sort("y")["count"].to_list() == [45, rare]
    assert found.head(ROWS).equals(FRAME)


def test_the_rows_are_those_of_a_public_library() -> None:
    sampler = SMOTE(sampling_strategy={"yes": 45}, k_neighbors=3, random_state=7)
    expected, _ = sampler.fit_resample(NUMBERS.drop("y").to_numpy(), NUMBERS["y"].to_numpy())
    found = made(NUMBERS, smote_percentage=200, number_of_nearest_neighbors=3, seed=7)
    assert found.drop("y").to_numpy() == pytest.approx(expected)


def test_made_up_rows_lie_between_rows_of_the_class() -> None:
    rare, new = FRAME.filter(pl.col("y") == "yes"), made().tail(RARE)
    assert new["x"].is_between(rare["x"].min(), rare["x"].max()).all()
    assert new["day"].is_between(rare["day"].min(), rare["day"].max()).all()
    assert set(new["text"]) <= set(rare["text"])
    assert set(new["kind"].cast(pl.String)) <= set(rare["kind"].cast(pl.String))


def test_columns_keep_their_types_and_roles() -> None:
    found = smote(Table(FRAME.lazy(), {"y": "label"}), label_column="y", context=Context())
    assert (found.frame.collect().schema, found.roles) == (FRAME.schema, {"y": "label"})


def test_numbers_that_are_categories_are_not_mixed() -> None:
    frame = FRAME.with_columns(code=pl.Series([10, 20] * (ROWS // 2)))
    found = smote(Table(frame.lazy(), categorical=frozenset({"code"})), label_column="y", context=Context())
    assert set(found.frame.collect()["code"]) == {10, 20}


@pytest.mark.parametrize(
    "label", [pl.col("y") == "yes", (pl.col("y") == "yes").cast(pl.Int8), pl.col("y").cast(pl.Categorical)]
)
def test_a_label_may_have_any_plain_type(label: pl.Expr) -> None:
    found = made(FRAME.with_columns(label.alias("y")))
    assert found["y"].value_counts().sort("y")["count"].to_list() == [45, 30]


def test_equal_seeds_make_equal_rows() -> None:
    assert made().equals(made())
    assert not made().equals(made(seed=1))


def test_the_log_tells_what_was_made() -> None:
    context = Context()
    made(context=context)
    assert context.logged == ["15 rows of the class yes made up from 15"]


@pytest.mark.parametrize(
    ("frame", "options", "expected"),
    [
        (FRAME.with_columns(x=pl.lit(None)), {}, ("0018", "samples", None, "x")),
        (FRAME.with_columns(x=pl.lit(float("nan"))), {}, ("0018", "samples", None, "x")),
        (FRAME.with_columns(y=pl.Series(["yes", None] * 30)), {}, ("0018", "samples", None, "y")),
        (FRAME.select("text", "y"), {}, ("0018", "samples", None, None)),
        (FRAME.select("y"), {}, ("0018", "samples", None, None)),
        (FRAME.with_columns(y=pl.lit("one")), {}, ("0058", "samples", "label_column", "y")),
        (FRAME.with_columns(y=pl.col("text")), {}, ("0058", "samples", "label_column", "y")),
        (FRAME.clear(), {}, ("0058", "samples", "label_column", "y")),
        (FRAME, {"number_of_nearest_neighbors": 15}, ("0021", "samples", None, None)),
        (FRAME, {"number_of_nearest_neighbors": 0}, ("0005", None, "number_of_nearest_neighbors", None)),
        (FRAME, {"smote_percentage": -1}, ("0005", None, "smote_percentage", None)),
        (FRAME.with_columns(x=pl.lit(float("inf"))), {}, ("0033", "samples", None, "x")),
        (FRAME.with_columns(x=pl.lit([1])), {}, ("0017", "samples", None, "x")),
    ],
)
def test_what_makes_no_rows_is_refused(frame: pl.DataFrame, options: Any, expected: object) -> None:
    assert refusal(made, frame, **options) == expected

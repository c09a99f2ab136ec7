"""Evaluate Recommender: figures by hand and by scikit-learn."""

import math

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import ndcg_score

from modules.kit import Context, DuplicateRating, EmptyInput, InvalidDataset, ModuleError, UnexpectedColumnCount
from modules.recommendation.evaluate_recommender import evaluate_recommender

TRUTH = pl.LazyFrame(
    [("a", 1, 5.0), ("a", 2, 3.0), ("a", 3, 1.0), ("b", 1, 2.0), ("b", 2, 4.0)],
    schema=["user", "film", "stars"],
    orient="row",
)
SAID = pl.LazyFrame([("b", 2, 2.0), ("a", 1, 4.0)], schema=["User", "Item", "Rating"], orient="row")
LISTS = pl.LazyFrame({"User": ["a", "b"], "Item 1": [2, 2], "Item 2": [1, None]})


def figures(scored: pl.LazyFrame, truth: pl.LazyFrame = TRUTH) -> dict[str, float]:
    context = Context()
    found = evaluate_recommender(truth, scored, context=context).collect().row(0, named=True)
    assert context.metrics == found
    return found


def test_errors_of_ratings() -> None:
    assert figures(SAID) == {"MAE": 1.5, "RMSE": math.sqrt(2.5)}


def test_gains_of_lists() -> None:
    of_a = (3 + 5 / math.log2(3)) / (5 + 3 / math.log2(3))
    assert figures(LISTS) == {"NDCG": pytest.approx((of_a + 1) / 2)}


def test_gains_are_those_of_scikit_learn() -> None:
    random = np.random.default_rng(1)
    true = random.integers(0, 6, (20, 8))
    order = np.argsort(-random.random((20, 8)), axis=1)
    truth = pl.LazyFrame(
        [(user, item, float(true[user, item])) for user in range(20) for item in range(8)], orient="row"
    )
    lists = pl.LazyFrame({"User": range(20), **{f"Item {place + 1}": order[:, place] for place in range(3)}})
    scores = np.zeros((20, 8))
    np.put_along_axis(scores, order, np.arange(8, 0, -1.0)[None, :], axis=1)
    assert figures(lists, truth)["NDCG"] == pytest.approx(ndcg_score(true, scores, k=3))


def test_predicted_ratings_behind_items_do_no_harm() -> None:
    with_ratings = LISTS.select(
        "User", "Item 1", pl.lit(4.5).alias("Rating 1"), "Item 2", pl.lit(4.0).alias("Rating 2")
    )
    assert figures(with_ratings) == figures(LISTS)


def test_ids_of_another_type_are_found() -> None:
    assert figures(SAID.with_columns(pl.col("Item").cast(pl.String))) == figures(SAID)


@pytest.mark.parametrize(
    ("scored", "truth", "kind", "code", "port"),
    [
        (SAID.clear(), TRUTH, EmptyInput, "0003", "scored_dataset"),
        (LISTS.clear(), TRUTH, EmptyInput, "0003", "scored_dataset"),
        (LISTS.with_columns(pl.lit(None, dtype=pl.Int64).alias("Item 1"), pl.lit(None, dtype=pl.Int64).alias("Item 2")),
         TRUTH, EmptyInput, "0003", "scored_dataset"),
        (SAID, TRUTH.clear(), EmptyInput, "0003", "test_dataset"),
        (SAID.rename({"User": "user"}), TRUTH, InvalidDataset, "0018", "scored_dataset"),
        (SAID.drop("Rating"), TRUTH, InvalidDataset, "0018", "scored_dataset"),
        (LISTS.with_columns(pl.lit(1).alias("other")), TRUTH, InvalidDataset, "0018", "scored_dataset"),
        (SAID.with_columns(pl.lit(9).alias("Item")), TRUTH, InvalidDataset, "0018", "test_dataset"),
        (LISTS.with_columns(pl.lit(9).alias("Item 1")), TRUTH, InvalidDataset, "0018", "test_dataset"),
        (LISTS, TRUTH.with_columns(-pl.col("stars")), InvalidDataset, "0018", "test_dataset"),
        (SAID, TRUTH.drop("stars"), UnexpectedColumnCount, "0022", "test_dataset"),
        (SAID, pl.concat([TRUTH, TRUTH.tail(1)]), DuplicateRating, "0034", "test_dataset"),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_has_its_code(
    scored: pl.LazyFrame, truth: pl.LazyFrame, kind: type[ModuleError], code: str, port: str
) -> None:
    with pytest.raises(kind) as caught:
        figures(scored, truth)
    assert (caught.value.code, caught.value.port) == (code, port)


def test_a_pair_without_a_true_rating_is_named() -> None:
    with pytest.raises(InvalidDataset, match="User `b` has no rating of item `3`"):
        figures(SAID.with_columns(pl.lit(3).alias("Item")))

"""Evaluate Recommender: judge predicted ratings or recommended items."""

import re
from typing import Annotated

import numpy as np
import polars as pl

from modules.kit import Context, Port, module
from modules.kit.errors import EmptyInput, InvalidDataset
from modules.kit.names import listed
from modules.ml.recommending import ITEM, RATING, USER, check_one_rating_each, gain_shares, places_of, ratings_of

ITEM_COLUMN = re.compile(r"Item (\d+)")
RATING_COLUMN = re.compile(r"Rating \d+")


@module()
def evaluate_recommender(
    test_dataset: Annotated[pl.LazyFrame, Port(help="Users, items and true ratings, in this order")],
    scored_dataset: Annotated[pl.LazyFrame, Port(help="From the scoring of a recommender")],
    *,
    context: Context,
) -> Annotated[pl.LazyFrame, Port("metric", help="The figures, in one row")]:
    """Compare what a recommender says with true ratings.

    The columns of the scored table tell what it says. `User`, `Item` and `Rating` give the mean absolute error `MAE`
    and the root of the mean squared error `RMSE`. `User`, `Item 1`, `Item 2`, … give `NDCG`, the mean over users of
    the discounted gain of their lists, as a share of the best that is possible with their true ratings; the gain of an
    item is its rating, the discount of place n is log2(n + 1). Every recommended item needs a true rating, so
    recommend with From Rated Items.
    """
    truth = ratings_of(test_dataset, port="test_dataset")
    check_one_rating_each(truth, port="test_dataset")
    names = scored_dataset.collect_schema().names()
    scored = scored_dataset.collect()
    items = [name for name in names if ITEM_COLUMN.fullmatch(name)]
    if names == [USER, ITEM, RATING]:
        check_scored(scored)
        figures = _rating_errors(truth, scored)
    elif names[:1] == [USER] and items and all(name in items or RATING_COLUMN.fullmatch(name) for name in names[1:]):
        check_scored(scored)
        figures = {"NDCG": _mean_gain(truth, scored, items)}
    else:
        raise InvalidDataset(
            f"`scored_dataset` has the columns {listed(names)}; `User`, `Item`, `Rating` or `User`, `Item 1`, … are "
            "expected",
            port="scored_dataset",
            hint="Connect the output of Score SVD Recommender.",
        )
    for name, value in figures.items():
        context.metric(name, value)
    return pl.LazyFrame(figures, schema=dict.fromkeys(figures, pl.Float64))


def check_scored(scored: pl.DataFrame) -> None:
    """Check that there is something to judge; raises 0003."""
    if scored.is_empty():
        raise EmptyInput(port="scored_dataset", hint="There is no row to judge.")


def _rating_errors(truth: pl.DataFrame, scored: pl.DataFrame) -> dict[str, float]:
    said = ratings_of(scored.lazy(), port="scored_dataset")
    check_one_rating_each(said, port="scored_dataset")
    true = _true_ratings(truth, said[USER], said[ITEM])
    missed = true - said[RATING].to_numpy()
    return {"MAE": float(np.abs(missed).mean()), "RMSE": float(np.sqrt((missed**2).mean()))}


def _mean_gain(truth: pl.DataFrame, scored: pl.DataFrame, items: list[str]) -> float:
    if (truth[RATING] < 0).any():
        raise InvalidDataset("A rating of `test_dataset` is below 0, and gains cannot be negative", port="test_dataset")
    long = scored.select(USER, *items).unpivot(index=USER, on=items, value_name=ITEM).drop_nulls(ITEM)
    if long.is_empty():
        raise EmptyInput(port="scored_dataset", hint="No user is recommended any item.")
    place = long["variable"].str.slice(len(ITEM) + 1).cast(pl.Int64)
    true = _true_ratings(truth, long[USER], long[ITEM])
    lists = (
        long.with_columns(pl.Series("gain", true), place.alias("place"))
        .sort("place", maintain_order=True)
        .group_by(USER, maintain_order=True)
        .agg("gain")
    )
    users = truth[USER].unique(maintain_order=True)
    ideal = truth.group_by(USER, maintain_order=True).agg(RATING)
    rows = places_of(lists[USER], users)
    could = ideal[RATING].gather(pl.Series(rows))
    return float(gain_shares(lists["gain"].to_list(), could.to_list()).mean())


def _true_ratings(
    truth: pl.DataFrame, users: pl.Series, items: pl.Series
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The rating of each pair; raises 0018 for a pair that has none."""
    known_users, known_items = truth[USER].unique(maintain_order=True), truth[ITEM].unique(maintain_order=True)
    table = pl.DataFrame(
        {
            USER: places_of(truth[USER], known_users),
            ITEM: places_of(truth[ITEM], known_items),
            RATING: truth[RATING],
        }
    )
    pairs = pl.DataFrame({USER: places_of(users, known_users), ITEM: places_of(items, known_items)})
    found = pairs.join(table, on=[USER, ITEM], how="left", maintain_order="left")[RATING]
    if found.null_count():
        place = int(found.is_null().arg_max() or 0)
        raise InvalidDataset(
            f"User `{users[place]}` has no rating of item `{items[place]}` in `test_dataset`",
            port="test_dataset",
            hint="Score the users and items of the test table, and recommend with From Rated Items.",
        )
    return found.to_numpy()

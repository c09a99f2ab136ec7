"""Learn from ratings which items users like: matrix factorization with biases."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

from modules.kit.errors import DuplicateRating, EmptyInput, InvalidDataset, UnexpectedColumnCount, WrongColumnType
from modules.ml.columns import family_of

Floats = np.ndarray[Any, np.dtype[np.float64]]
Integers = np.ndarray[Any, np.dtype[np.int64]]

USER, ITEM, RATING = "User", "Item", "Rating"
REGULARIZATION = 0.02
"""How much large factors and biases are punished, as in the usual SVD of recommenders (Funk, 2006; Koren, 2009)."""
SPREAD = 0.1
"""The standard deviation of factors before training."""


def ratings_of(table: pl.LazyFrame, *, port: str, needed: int = 3, exactly: bool = True) -> pl.DataFrame:
    """The columns of users, items and ratings by their place, under these names; raises 0003, 0017, 0018 and 0022.

    Where less than three columns are needed, further ones are passed over.
    """
    schema = table.collect_schema()
    if len(schema) < needed or (exactly and len(schema) != needed):
        raise UnexpectedColumnCount(
            expected=needed,
            actual=len(schema),
            port=port,
            hint=f"Choose {', '.join(_HINTS[:needed])} with Select Columns in Dataset, in this order.",
        )
    names = dict(zip(schema.names()[:needed], (USER, ITEM, RATING), strict=False))
    rows = table.select(pl.col(old).alias(new) for old, new in names.items()).collect()
    if rows.is_empty():
        raise EmptyInput(port=port, hint="There is no row.")
    for old, new in names.items():
        dtype = schema[old]
        if new == RATING and not (dtype.is_numeric() or dtype == pl.Boolean):
            raise WrongColumnType(old, found=family_of(dtype), expected="a number", port=port, hint=_ORDER)
        if dtype.is_nested() or dtype in (pl.Binary, pl.Object):
            raise WrongColumnType(old, found=family_of(dtype), expected="text or a number", port=port)
        if rows[new].null_count() or (new == RATING and not rows[new].cast(pl.Float64).is_finite().all()):
            raise InvalidDataset(
                f"Column `{old}` of `{port}` has a missing or infinite value",
                port=port,
                column=old,
                hint="Put Clean Missing Data before.",
            )
    return rows.with_columns(pl.col(RATING).cast(pl.Float64)) if needed > len(_IDS) else rows


_IDS = (USER, ITEM)
_HINTS = ("the users", "the items", "the ratings")
_ORDER = "Users, items and ratings are told by their place: the first, second and third column."


def check_one_rating_each(ratings: pl.DataFrame, *, port: str) -> None:
    """Check that no user has rated an item twice; raises 0034."""
    doubled = ratings.filter(pl.struct(USER, ITEM).is_duplicated())
    if not doubled.is_empty():
        user, item = doubled.row(0)[:2]
        raise DuplicateRating(
            f"User `{user}` has rated item `{item}` more than once in `{port}`",
            port=port,
            hint="Keep one rating of each with Remove Duplicate Rows.",
        )


def places_of(values: pl.Series, known: pl.Series) -> Integers:
    """The place of each value among the known ones, -1 where it is unknown; types are brought together."""
    if values.dtype != known.dtype:
        values, known = _brought_together(values, known)
    table = pl.DataFrame({"value": known}).with_row_index("place")
    joined = pl.DataFrame({"value": values}).join(table, on="value", how="left", maintain_order="left")
    return joined["place"].cast(pl.Int64).fill_null(-1).to_numpy()


def _brought_together(values: pl.Series, known: pl.Series) -> tuple[pl.Series, pl.Series]:
    both_numbers = values.dtype.is_numeric() and known.dtype.is_numeric()
    shared = pl.Float64 if both_numbers else pl.String
    return values.cast(shared), known.cast(shared)


def factorize(
    users: Integers,
    items: Integers,
    ratings: Floats,
    *,
    factors: int,
    iterations: int,
    rate: float,
    seed: int,
    on_progress: Callable[[float], None] = lambda _: None,
) -> tuple[Floats, Floats, Floats, Floats, float, float]:
    """Factors and biases of users and items, the mean rating, and the error of the last pass (RMSE).

    Stochastic gradient descent, rating by rating. Ratings that share neither user nor item do not touch the same
    numbers, so they are taken together: the result is that of going through them one after another.
    """
    random = np.random.default_rng(seed)
    mean = float(ratings.mean())
    user_factors = random.normal(0, SPREAD, (users.max() + 1, factors))
    item_factors = random.normal(0, SPREAD, (items.max() + 1, factors))
    user_biases, item_biases = np.zeros(len(user_factors)), np.zeros(len(item_factors))
    groups = list(_independent(users, items, random.permutation(len(ratings))))
    error = 0.0
    for iteration in range(iterations):
        error = 0.0
        for group in random.permutation(len(groups)):
            chosen = groups[group]
            user, item = users[chosen], items[chosen]
            liked, offered = user_factors[user], item_factors[item]
            said = mean + user_biases[user] + item_biases[item] + np.einsum("ij,ij->i", liked, offered)
            missed = ratings[chosen] - said
            error += float(missed @ missed)
            user_biases[user] += rate * (missed - REGULARIZATION * user_biases[user])
            item_biases[item] += rate * (missed - REGULARIZATION * item_biases[item])
            user_factors[user] += rate * (missed[:, None] * offered - REGULARIZATION * liked)
            item_factors[item] += rate * (missed[:, None] * liked - REGULARIZATION * offered)
        on_progress((iteration + 1) / iterations)
    return user_factors, item_factors, user_biases, item_biases, mean, float(np.sqrt(error / len(ratings)))


def _independent(users: Integers, items: Integers, order: Integers) -> Iterator[Integers]:
    """Groups of ratings in which no user and no item stands twice."""
    next_of_user, next_of_item = [0] * (int(users.max()) + 1), [0] * (int(items.max()) + 1)
    group_of = np.empty(len(order), dtype=np.int64)
    for place, user, item in zip(order.tolist(), users[order].tolist(), items[order].tolist(), strict=True):
        group = max(next_of_user[user], next_of_item[item])
        group_of[place] = group
        next_of_user[user] = next_of_item[item] = group + 1
    by_group = np.argsort(group_of, kind="stable")
    yield from np.split(by_group, np.flatnonzero(np.diff(group_of[by_group])) + 1)


def predict(model: Any, users: Integers, items: Integers) -> Floats:
    """The rating of each pair, not bounded; an unknown user or item (-1) adds nothing."""
    known_user, known_item = users >= 0, items >= 0
    said = np.full(len(users), model.mean)
    said += np.where(known_user, model.user_biases[users], 0.0) + np.where(known_item, model.item_biases[items], 0.0)
    both = known_user & known_item
    said[both] += np.einsum("ij,ij->i", model.user_factors[users[both]], model.item_factors[items[both]])
    return said


def bounded(model: Any, ratings: Floats) -> Floats:
    """Ratings within those of the training."""
    return np.clip(ratings, model.lowest, model.highest)


def predict_all(model: Any, users: Integers) -> Floats:
    """Users × items: the rating of every item, not bounded, so that the best can be told apart."""
    said = model.mean + model.item_biases[None, :] + np.where(users >= 0, model.user_biases[users], 0.0)[:, None]
    said = said + np.where((users >= 0)[:, None], model.user_factors[users] @ model.item_factors.T, 0.0)
    found: Floats = said
    return found


def best(scores: Floats, most: int) -> Integers:
    """The places of the highest scores of each row, best first, ties by place; -1 where there are fewer.

    A score of minus infinity is never among them.
    """
    order = np.argsort(-scores, axis=1, kind="stable")[:, :most]
    taken = np.take_along_axis(scores, order, axis=1)
    return np.where(np.isneginf(taken), -1, order)


def in_pieces(length: int, width: int, *, cells: int = 1 << 24) -> Iterator[slice]:
    """Parts of so many rows that a matrix of this width stays small."""
    size = max(1, cells // max(width, 1))
    return (slice(start, start + size) for start in range(0, length, size))


def gain_shares(gains: Sequence[Sequence[float]], ideal: Sequence[Sequence[float]]) -> Floats:
    """NDCG of each list: its discounted gain as a share of that of the best list of the same length.

    The discount of place n is log2(n + 1); a list whose best has no gain counts as 1.
    """
    return np.array([_gain_share(got, could) for got, could in zip(gains, ideal, strict=True)])


def _gain_share(got: Sequence[float], could: Sequence[float]) -> float:
    highest = _discounted(sorted(could, reverse=True)[: len(got)])
    return _discounted(got) / highest if highest > 0 else 1.0


def _discounted(gains: Sequence[float]) -> float:
    return float(np.sum(np.asarray(gains) / np.log2(np.arange(2, len(gains) + 2))))

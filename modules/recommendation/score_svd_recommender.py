"""Score SVD Recommender: predict ratings, or recommend items."""

from typing import Annotated, Literal

import numpy as np
import polars as pl

from modules.kit import ColumnSchema, Param, Port, RecommenderModel, TableSchema, module
from modules.kit.errors import EmptyInput, InvalidModel, WrongLearner
from modules.kit.schema import type_name
from modules.ml.recommending import (
    ITEM,
    RATING,
    USER,
    Floats,
    Integers,
    best,
    bounded,
    check_one_rating_each,
    in_pieces,
    places_of,
    predict,
    predict_all,
    ratings_of,
)

Kind = Literal["rating_prediction", "item_recommendation"]
Selection = Literal["from_all_items", "from_rated_items", "from_unrated_items"]
ITEMS = {"recommender_prediction_kind": "item_recommendation"}


@module()
def score_svd_recommender(
    trained_svd_recommendation: Annotated[
        RecommenderModel, Port(title="Trained SVD recommendation", help="From Train SVD Recommender")
    ],
    dataset_to_score: Annotated[pl.LazyFrame, Port(help="Users and items, in this order; users alone for all items")],
    training_data: Annotated[
        pl.LazyFrame | None, Port(help="The ratings of the training, to leave out what users know")
    ] = None,
    *,
    recommender_prediction_kind: Annotated[Kind, Param("Tell ratings of pairs, or the best items of each user")] = (
        "item_recommendation"
    ),
    recommended_item_selection: Annotated[
        Selection,
        Param(
            "The items to choose from",
            titles={
                "from_all_items": "From All Items",
                "from_rated_items": "From Rated Items (for model evaluation)",
                "from_unrated_items": "From Unrated Items (to suggest new items to users)",
            },
            when=ITEMS,
        ),
    ] = "from_rated_items",
    minimum_size_of_the_recommendation_pool_for_a_single_user: Annotated[
        int,
        Param(
            "A user with fewer rated items is left out",
            ge=1,
            when={**ITEMS, "recommended_item_selection": "from_rated_items"},
        ),
    ] = 2,
    maximum_number_of_items_to_recommend_to_a_user: Annotated[
        int, Param("How many items a user is given at most", ge=1, when=ITEMS)
    ] = 5,
    whether_to_return_the_predicted_ratings_of_the_items_along_with_the_labels: Annotated[
        bool,
        Param("Put the predicted rating behind each item", title="Return the predicted ratings", when=ITEMS),
    ] = False,
) -> Annotated[pl.LazyFrame, Port("scored_dataset", help="Ratings of pairs, or items of users, the best first")]:
    """Predict how users rate items, or recommend items to users.

    Columns count by place: users first, then items. Rating Prediction gives `User`, `Item` and `Rating`, within the
    bounds of the ratings of the training. Item Recommendation gives `User`, `Item 1`, `Item 2`, …, the best first,
    with nothing where there are no more; `Rating 1`, … stand behind the items where they are asked for. Items are
    chosen from those of the user in this table (to evaluate a model), from all items of the training, or from those
    that the user has not rated in the training data, which are connected to the third input.

    A user or an item that the training did not have counts with the mean rating and the bias of the other.
    """
    model = trained_svd_recommendation
    if not isinstance(model, RecommenderModel):
        raise WrongLearner(
            port="trained_svd_recommendation", found=type(model).__name__, expected="a trained SVD recommender"
        )
    if model.kind != "svd_recommender":
        raise InvalidModel(
            f"`trained_svd_recommendation` holds a model of the kind {model.kind or 'unknown'}; one of Train SVD "
            "Recommender is expected",
            port="trained_svd_recommendation",
        )
    if recommender_prediction_kind == "rating_prediction":
        pairs = ratings_of(dataset_to_score, port="dataset_to_score", needed=2, exactly=False)
        told = predict(model, places_of(pairs[USER], model.users), places_of(pairs[ITEM], model.items))
        return pairs.with_columns(pl.Series(RATING, bounded(model, told))).lazy()
    most = maximum_number_of_items_to_recommend_to_a_user
    if recommended_item_selection == "from_rated_items":
        users, items, scores = _from_rated(
            model, dataset_to_score, most, minimum_size_of_the_recommendation_pool_for_a_single_user
        )
    else:
        known = None
        if recommended_item_selection == "from_unrated_items":
            if training_data is None:
                raise EmptyInput(
                    port="training_data", hint="Connect the ratings of the training to leave out what users know."
                )
            known = ratings_of(training_data, port="training_data", needed=2, exactly=False)
        users, items, scores = _from_model(model, dataset_to_score, most, known)
    columns = [users.rename(USER)]
    for place in range(most):
        columns.append(items[place].rename(f"{ITEM} {place + 1}"))
        if whether_to_return_the_predicted_ratings_of_the_items_along_with_the_labels:
            columns.append(pl.Series(f"{RATING} {place + 1}", scores[:, place]).fill_nan(None))
    return pl.LazyFrame(columns)


def _from_rated(
    model: RecommenderModel, table: pl.LazyFrame, most: int, pool: int
) -> tuple[pl.Series, list[pl.Series], Floats]:
    """The best of the items that stand beside each user in the table."""
    pairs = ratings_of(table, port="dataset_to_score", needed=2, exactly=False)
    check_one_rating_each(pairs, port="dataset_to_score")
    told = predict(model, places_of(pairs[USER], model.users), places_of(pairs[ITEM], model.items))
    ranked = (
        pairs.with_columns(pl.Series(RATING, told))
        .filter(pl.len().over(USER) >= pool)
        .sort(USER, pl.col(RATING), ITEM, descending=[False, True, False])
        .group_by(USER, maintain_order=True)
        .agg(pl.col(ITEM).head(most), pl.col(RATING).head(most))
    )
    items = [ranked[ITEM].list.get(place, null_on_oob=True) for place in range(most)]
    scores = [ranked[RATING].list.get(place, null_on_oob=True).to_numpy() for place in range(most)]
    found = np.column_stack(scores) if ranked.height else np.empty((0, most))
    return ranked[USER], items, bounded(model, found)


def _from_model(
    model: RecommenderModel, table: pl.LazyFrame, most: int, known: pl.DataFrame | None
) -> tuple[pl.Series, list[pl.Series], Floats]:
    """The best of the items of the training, without those that a user has rated there."""
    users = ratings_of(table, port="dataset_to_score", needed=1, exactly=False)[USER].unique(maintain_order=True)
    places = places_of(users, model.users)
    rows, rated = _rated(users, known, model) if known is not None else (None, None)
    chosen: list[Integers] = []
    found: list[Floats] = []
    for piece in in_pieces(len(users), len(model.items)):
        scores = predict_all(model, places[piece])
        if rows is not None and rated is not None:
            here = (rows >= piece.start) & (rows < piece.stop)
            scores[rows[here] - piece.start, rated[here]] = -np.inf
        order = best(scores, most)
        padded = np.full((len(order), most), -1, dtype=np.int64)
        padded[:, : order.shape[1]] = order
        chosen.append(padded)
        taken = np.take_along_axis(scores, np.maximum(padded, 0), axis=1)
        found.append(np.where(padded < 0, np.nan, bounded(model, taken)))
    order = np.concatenate(chosen)
    items = [model.items.gather(pl.Series(order[:, place]).replace(-1, None)) for place in range(most)]
    return users, items, np.concatenate(found)


def _rated(users: pl.Series, known: pl.DataFrame, model: RecommenderModel) -> tuple[Integers, Integers]:
    """What users know already, as rows of these users and places of items."""
    rows, items = places_of(known[USER], users), places_of(known[ITEM], model.items)
    both = (rows >= 0) & (items >= 0)
    return rows[both], items[both]


@score_svd_recommender.schema
def score_svd_recommender_schema(
    dataset_to_score: TableSchema | None,
    recommender_prediction_kind: Kind,
    recommended_item_selection: Selection,
    maximum_number_of_items_to_recommend_to_a_user: int,
    whether_to_return_the_predicted_ratings_of_the_items_along_with_the_labels: bool,
) -> TableSchema | None:
    """Items of the training have the type that they had there, which the table to score does not tell."""
    if dataset_to_score is None:
        return None
    dtypes = [column.dtype for column in dataset_to_score.columns[:2]]
    if recommender_prediction_kind == "rating_prediction":
        if len(dtypes) < len((USER, ITEM)):
            return None
        return TableSchema(
            (ColumnSchema(USER, dtypes[0]), ColumnSchema(ITEM, dtypes[1]), ColumnSchema(RATING, type_name(pl.Float64)))
        )
    if recommended_item_selection != "from_rated_items" or len(dtypes) < len((USER, ITEM)):
        return None
    columns = [ColumnSchema(USER, dtypes[0])]
    for place in range(1, maximum_number_of_items_to_recommend_to_a_user + 1):
        columns.append(ColumnSchema(f"{ITEM} {place}", dtypes[1]))
        if whether_to_return_the_predicted_ratings_of_the_items_along_with_the_labels:
            columns.append(ColumnSchema(f"{RATING} {place}", "Float64"))
    return TableSchema(tuple(columns))

"""Train SVD Recommender: learn from ratings which items users like."""

from typing import Annotated

import numpy as np
import polars as pl

from modules.kit import Context, ModelSchema, Param, Port, RecommenderModel, Seed, module
from modules.kit.errors import UnusableTraining
from modules.ml.recommending import ITEM, RATING, USER, check_one_rating_each, factorize, places_of, ratings_of


@module()
def train_svd_recommender(
    training_dataset_of_user_item_rating_triples: Annotated[
        pl.LazyFrame,
        Port(title="Training dataset of user-item-rating triples", help="Users, items and ratings, in this order"),
    ],
    *,
    number_of_factors: Annotated[int, Param("Numbers that describe each user and each item", ge=1)] = 200,
    number_of_recommendation_algorithm_iterations: Annotated[
        int, Param("How often all ratings are gone through", ge=1)
    ] = 30,
    learning_rate: Annotated[float, Param("How far one rating moves the numbers", gt=0, le=2)] = 0.005,
    seed: Annotated[Seed, Param("The same seed gives the same model", title="Random seed")] = 0,
    context: Context,
) -> Annotated[
    RecommenderModel, Port("trained_svd_recommendation", title="Trained SVD recommendation", help="Predicts ratings")
]:
    """Learn from the ratings of users which items they like.

    The first column of the table holds users, the second items, the third ratings; their names do not matter, and
    users and items may be of any type. A user rates an item once. A rating is told as the mean of all ratings, a bias
    of the user, a bias of the item, and the product of their factors (Funk, 2006), which stochastic gradient descent
    fits with a weight of 0.02 on their squares. The random seed is a parameter that the original lacks.
    """
    port = "training_dataset_of_user_item_rating_triples"
    table = ratings_of(training_dataset_of_user_item_rating_triples, port=port)
    check_one_rating_each(table, port=port)
    users, items = table[USER].unique().sort(), table[ITEM].unique().sort()
    ratings = table[RATING].to_numpy()
    with np.errstate(over="ignore", invalid="ignore"):
        *numbers, mean, error = factorize(
            places_of(table[USER], users),
            places_of(table[ITEM], items),
            ratings,
            factors=number_of_factors,
            iterations=number_of_recommendation_algorithm_iterations,
            rate=learning_rate,
            seed=seed,
            on_progress=context.progress,
        )
    if not np.isfinite(error) or not all(np.isfinite(values).all() for values in numbers):
        raise UnusableTraining(
            "The factors grew beyond all bounds while they were learnt",
            port=port,
            parameter="learning_rate",
            hint="Lower the learning rate.",
        )
    user_factors, item_factors, user_biases, item_biases = numbers
    context.log(f"{len(users):,} users, {len(items):,} items, {len(ratings):,} ratings; error in training {error:.4g}")
    return RecommenderModel(
        users=users,
        items=items,
        user_factors=user_factors,
        item_factors=item_factors,
        user_biases=user_biases,
        item_biases=item_biases,
        mean=mean,
        lowest=float(ratings.min()),
        highest=float(ratings.max()),
        kind="svd_recommender",
        details={
            "parameters": {
                "number_of_factors": number_of_factors,
                "number_of_recommendation_algorithm_iterations": number_of_recommendation_algorithm_iterations,
                "learning_rate": learning_rate,
                "seed": seed,
            },
            "ratings": len(ratings),
            "mean_rating": mean,
            "training_rmse": error,
        },
    )


@train_svd_recommender.schema
def train_svd_recommender_schema() -> ModelSchema:
    return ModelSchema("recommendation")

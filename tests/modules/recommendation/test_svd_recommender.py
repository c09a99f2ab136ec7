"""Train and Score SVD Recommender."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from modules.kit import (
    ClusterModel,
    Context,
    DuplicateRating,
    EmptyInput,
    InvalidDataset,
    InvalidModel,
    ModuleError,
    RecommenderModel,
    UnexpectedColumnCount,
    UnusableTraining,
    WrongColumnType,
    WrongLearner,
)
from modules.recommendation.score_svd_recommender import score_svd_recommender
from modules.recommendation.train_svd_recommender import train_svd_recommender

TRIPLES = pl.LazyFrame(
    [
        (user, item, 5.0 if (user < "e") == (item < 4) else 1.0)
        for user in "abcdefgh"
        for item in range(8)
        if (ord(user) + item) % 5
    ],
    schema=["who", "what", "stars"],
    orient="row",
)
"""Users a to d love items 0 to 3, the others the others; a few ratings of each are missing."""


def trained(table: pl.LazyFrame = TRIPLES, **options: Any) -> RecommenderModel:
    options = {"number_of_factors": 8, "learning_rate": 0.05, **options}
    return train_svd_recommender(table, **options, context=Context())


def scored(table: pl.LazyFrame, known: pl.LazyFrame | None = None, **options: Any) -> pl.DataFrame:
    return score_svd_recommender(trained(), table, known, **options).collect()


def test_ratings_that_were_left_out_are_told() -> None:
    missing = pl.LazyFrame([("a", 3), ("h", 6), ("a", 7)], schema=["user", "item"], orient="row")
    found = scored(missing, recommender_prediction_kind="rating_prediction")
    assert found.columns == ["User", "Item", "Rating"]
    assert found["Rating"].to_list() == pytest.approx([5, 5, 1], abs=1)


def test_ratings_stay_within_those_of_the_training() -> None:
    found = scored(TRIPLES, recommender_prediction_kind="rating_prediction")
    assert found["Rating"].is_between(1, 5).all()
    assert found.height == TRIPLES.collect().height


def test_strangers_get_the_mean_and_the_bias_of_the_other() -> None:
    model = trained()
    pairs = pl.LazyFrame([("zoe", 99), ("zoe", 0), ("a", 99)], schema=["u", "i"], orient="row")
    found = score_svd_recommender(model, pairs, recommender_prediction_kind="rating_prediction").collect()
    assert found["Rating"].to_list() == pytest.approx(
        [model.mean, model.mean + model.item_biases[0], model.mean + model.user_biases[0]]
    )


def test_the_gradient_steps_are_those_of_one_rating_after_another() -> None:
    model = trained(pl.LazyFrame([("a", "x", 4.0)], orient="row"), number_of_factors=2,
                    number_of_recommendation_algorithm_iterations=1, learning_rate=0.1)  # fmt: skip
    random = np.random.default_rng(0)
    user, item = random.normal(0, 0.1, (1, 2)), random.normal(0, 0.1, (1, 2))
    missed = -(user @ item.T).item()
    assert model.user_biases.tolist() == pytest.approx([0.1 * missed])
    assert model.user_factors == pytest.approx(user + 0.1 * (missed * item - 0.02 * user))


def test_rated_items_are_ranked_and_small_pools_left_out() -> None:
    table = pl.LazyFrame([("b", 7, 1), ("b", 1, 1), ("a", 0, 1)], schema=["u", "i", "r"], orient="row")
    found = scored(table, maximum_number_of_items_to_recommend_to_a_user=3)
    assert found.to_dict(as_series=False) == {"User": ["b"], "Item 1": [1], "Item 2": [7], "Item 3": [None]}


def test_all_items_are_ranked_for_each_user_once() -> None:
    users = pl.LazyFrame({"u": ["a", "h", "a"]})
    found = scored(users, recommended_item_selection="from_all_items", maximum_number_of_items_to_recommend_to_a_user=4)
    assert found["User"].to_list() == ["a", "h"]
    assert [set(row[1:]) for row in found.rows()] == [{0, 1, 2, 3}, {4, 5, 6, 7}]


def test_unrated_items_are_those_that_the_training_lacks() -> None:
    users = pl.LazyFrame({"u": ["a", "zoe"]})
    found = scored(users, TRIPLES, recommended_item_selection="from_unrated_items")
    assert [item for item in found.row(0)[1:] if item is not None] == [3]
    assert len(set(found.row(1)[1:])) == 5


def test_ratings_stand_behind_their_items_where_they_are_asked_for() -> None:
    found = scored(
        pl.LazyFrame({"u": ["a"]}),
        recommended_item_selection="from_all_items",
        maximum_number_of_items_to_recommend_to_a_user=9,
        whether_to_return_the_predicted_ratings_of_the_items_along_with_the_labels=True,
    )
    assert found.columns[:5] == ["User", "Item 1", "Rating 1", "Item 2", "Rating 2"]
    ratings = [found[f"Rating {place}"].item() for place in range(1, 10)]
    assert ratings[8] is None
    assert ratings[:8] == sorted(ratings[:8], reverse=True)


def test_ids_of_another_type_are_found() -> None:
    pairs = pl.LazyFrame({"u": pl.Series(["a"], dtype=pl.Categorical), "i": ["0"]})
    whole = scored(pairs, recommender_prediction_kind="rating_prediction")
    assert whole["Rating"].item() == pytest.approx(5, abs=1)


@pytest.mark.parametrize(
    ("table", "kind", "code"),
    [
        (TRIPLES.clear(), EmptyInput, "0003"),
        (TRIPLES.drop("stars"), UnexpectedColumnCount, "0022"),
        (TRIPLES.with_columns(pl.lit(1).alias("more")), UnexpectedColumnCount, "0022"),
        (TRIPLES.select("who", "what", pl.lit("good")), WrongColumnType, "0017"),
        (TRIPLES.with_columns(pl.lit(None, dtype=pl.String).alias("who")), InvalidDataset, "0018"),
        (TRIPLES.with_columns(pl.lit(float("inf")).alias("stars")), InvalidDataset, "0018"),
        (pl.concat([TRIPLES, TRIPLES.head(1)]), DuplicateRating, "0034"),
    ],
)
def test_a_table_that_holds_no_ratings_has_its_code(table: pl.LazyFrame, kind: type[ModuleError], code: str) -> None:
    with pytest.raises(kind) as caught:
        trained(table)
    assert (caught.value.code, caught.value.port) == (code, "training_dataset_of_user_item_rating_triples")


def test_a_rate_that_is_too_high_is_told() -> None:
    with pytest.raises(UnusableTraining) as caught:
        trained(TRIPLES.with_columns(pl.col("stars") * 1e6), learning_rate=2.0)
    assert caught.value.parameter == "learning_rate"


@pytest.mark.parametrize(
    ("options", "port"),
    [
        ({"table": TRIPLES.clear()}, "dataset_to_score"),
        ({"table": TRIPLES, "recommended_item_selection": "from_unrated_items"}, "training_data"),
    ],
)
def test_what_is_missing_is_0003(options: dict[str, Any], port: str) -> None:
    with pytest.raises(EmptyInput) as caught:
        scored(**options)
    assert (caught.value.code, caught.value.port) == ("0003", port)


def test_users_without_items_are_0022() -> None:
    with pytest.raises(UnexpectedColumnCount) as caught:
        scored(pl.LazyFrame({"u": ["a"]}))
    assert (caught.value.code, caught.value.port) == ("0022", "dataset_to_score")


def test_another_model_is_0013_or_0159() -> None:
    with pytest.raises(WrongLearner) as wrong:
        score_svd_recommender(ClusterModel(None, (), 2), TRIPLES)  # type: ignore[arg-type]  # a wrong one on purpose
    model = trained()
    other = RecommenderModel(
        model.users, model.items, model.user_factors, model.item_factors, model.user_biases, model.item_biases,
        model.mean, model.lowest, model.highest, kind="wide_and_deep",
    )  # fmt: skip
    with pytest.raises(InvalidModel) as invalid:
        score_svd_recommender(other, TRIPLES)
    assert (wrong.value.code, invalid.value.code) == ("0013", "0159")
    assert wrong.value.port == invalid.value.port == "trained_svd_recommendation"

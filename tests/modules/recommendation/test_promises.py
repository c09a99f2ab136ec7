"""The columns that the scoring of a recommender promises are those that come out."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from modules.kit import ColumnSchema, Context, TableSchema
from modules.recommendation.score_svd_recommender import score_svd_recommender, score_svd_recommender_schema
from modules.recommendation.train_svd_recommender import train_svd_recommender
from tests.modules.truth import outcome_and_promise

TRIPLES = pl.LazyFrame(
    {"\u043a\u0442\u043e": ["a", "a", "b", "b"], "film \u2116": [1, 2, 1, 2], "stars": [5, 1, 4, 2]},
    schema_overrides={"film \u2116": pl.Int16},
)


@pytest.mark.parametrize("with_ratings", [True, False])
@pytest.mark.parametrize("kind", ["rating_prediction", "item_recommendation"])
def test_promised_columns_come_out(kind: Any, with_ratings: bool) -> None:
    model = train_svd_recommender(TRIPLES, context=Context())
    options: dict[str, Any] = {
        "recommender_prediction_kind": kind,
        "recommended_item_selection": "from_rated_items",
        "maximum_number_of_items_to_recommend_to_a_user": 3,
        "whether_to_return_the_predicted_ratings_of_the_items_along_with_the_labels": with_ratings,
    }
    found = score_svd_recommender(model, TRIPLES, **options)
    assert score_svd_recommender_schema(TableSchema.of_frame(TRIPLES), **options) == TableSchema.of_frame(
        found.collect()
    )


def test_a_model_is_told_to_be_a_recommender(tmp_path: Path) -> None:
    port = "training_dataset_of_user_item_rating_triples"
    outcome, promised, _ = outcome_and_promise(tmp_path, "train_svd_recommender", {port: TRIPLES}, number_of_factors=2)
    assert outcome.kind == "done"
    assert promised["trained_svd_recommendation"].task == "recommendation"


def test_what_cannot_be_known_is_not_promised() -> None:
    users = TableSchema((ColumnSchema("u", "String"),))
    for selection in ("from_all_items", "from_unrated_items", "from_rated_items"):
        assert score_svd_recommender_schema(users, "item_recommendation", selection, 5, False) is None

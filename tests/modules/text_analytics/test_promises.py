"""The columns that text modules promise before a run are those that come out, whatever the table looks like."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from modules.kit import Table
from tests.modules.truth import assert_promise_is_kept

ODD = pl.DataFrame(
    {
        "Text": ["The cats sat on mats. They purred!", None, "the cats \u732b cats sat", "", "\U0001f431 sat"] * 3,
        "Preprocessed Text": [1] * 15,
        "\u043d\u043e\u043c\u0435\u0440 \u2116": range(15),
        "Topic 1": [0.5] * 15,
        "kind": pl.Series(["a", "b", "a", None, "b"] * 3, dtype=pl.Categorical),
        "empty": pl.Series([None] * 15, dtype=pl.Null),
    }
)
TABLES = {"odd": ODD, "one row": ODD.head(1)}
ALWAYS = {"preprocess_text": {"text_column_to_clean": "Text"}, "feature_hashing": {"target_columns": ["Text", "kind"]}}
LEARNING: dict[str, dict[str, Any]] = {
    "extract_n_gram_features_from_text": {"text_column": ["Text"], "minimum_n_gram_document_absolute_frequency": 1},
    "latent_dirichlet_allocation": {"target_columns": ["Text", "kind"], "number_of_topics_to_model": 3},
    "convert_word_to_vector": {"target_column": "Text", "minimum_word_count": 1, "length_of_word_embedding": 12},
}
KNOWN = {
    "preprocess_text": {"results_dataset"},
    "feature_hashing": {"transformed_dataset"},
    "extract_n_gram_features_from_text": {"result_vocabulary"},
    "latent_dirichlet_allocation": {"transformed_dataset", "feature_topic_matrix"},
    "convert_word_to_vector": {"vocabulary_with_embeddings"},
}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("module", KNOWN)
def test_promised_columns_come_out(module: str, table: str, tmp_path: Path) -> None:
    given = Table(TABLES[table].lazy(), {"Topic 1": "label"}, frozenset({"kind"}))
    params = {**ALWAYS, **LEARNING}[module]
    assert assert_promise_is_kept(tmp_path, module, {"dataset": given}, **params) == KNOWN[module]


@pytest.mark.parametrize("module", ALWAYS)
def test_promised_columns_come_out_of_no_rows(module: str, tmp_path: Path) -> None:
    assert assert_promise_is_kept(tmp_path, module, {"dataset": ODD.clear().lazy()}, **ALWAYS[module]) == KNOWN[module]

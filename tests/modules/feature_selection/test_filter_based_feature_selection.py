"""Filter Based Feature Selection: which columns are scored, kept and refused."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from modules.feature_selection.filter_based_feature_selection import filter_based_feature_selection
from modules.kit import Context, Table
from tests.modules.refusals import refusal

FRAME = pl.LazyFrame(
    {
        "weak": [1.0, 2.0, 1.0, 2.0, 3.0, 1.0],
        "y": [1, 2, 3, 4, 5, 6],
        "strong": [6.0, 5.0, 4.0, 3.0, 2.0, 1.0],
        "text": ["a", "a", "a", "b", "b", "b"],
        "day": [date(2020, 1, day) for day in range(1, 7)],
        "id": [1, 2, 3, 4, 5, 7],
        "score": [1, 2, 3, 4, 5, 6],
        "nothing": [None] * 6,
    }
)
TABLE = Table(FRAME, {"y": "label", "id": "none", "score": "scored_labels"}, frozenset({"text"}))


def selected(table: Table = TABLE, **options: Any) -> tuple[list[str], dict[str, float]]:
    found = filter_based_feature_selection(table, **{"target_column": "y", "context": Context(), **options})
    scores = found.features.frame.collect()
    return found.filtered_dataset.names, scores.row(0, named=True)


def test_the_target_and_the_best_feature_are_kept() -> None:
    assert selected()[0] == ["y", "strong"]


def test_features_are_listed_with_the_best_first() -> None:
    scores = selected()[1]
    assert list(scores) == ["strong", "weak", "text", "day", "nothing"]
    assert scores["strong"] == pytest.approx(1)
    assert (scores["text"], scores["nothing"]) == (0, 0)


def test_more_than_there_are_keeps_all_in_table_order() -> None:
    assert selected(number_of_desired_features=99)[0] == ["weak", "y", "strong", "text", "day", "nothing"]


def test_cleared_features_are_scored_on_wish_but_labels_and_scores_never() -> None:
    scores = selected(operate_on_feature_columns_only=False)[1]
    assert "id" in scores
    assert not {"score", "y"} & set(scores)


def test_chi_squared_takes_text_as_well() -> None:
    kept, scores = selected(feature_scoring_method="chi_squared", target_column="text")
    assert (kept, scores["strong"]) == (["strong", "text"], pytest.approx(6))


def test_the_log_names_what_cannot_be_scored() -> None:
    context = Context()
    selected(context=context)
    assert context.logged == ["These columns cannot be scored by this method and get 0: `text`, `day`, `nothing`"]


def test_a_numeric_target_that_is_a_category_has_no_size() -> None:
    frame = pl.LazyFrame({"x": [1.0, 9.0, 5.0], "y": [1, 2, 3]})
    as_number = selected(Table(frame))[1]["x"]
    as_category = selected(Table(frame, categorical=frozenset({"y"})))[1]["x"]
    assert (as_number, as_category) == (pytest.approx(0.5), pytest.approx(1))


def test_roles_are_kept() -> None:
    found = filter_based_feature_selection(TABLE, target_column="y", context=Context()).filtered_dataset
    assert found.roles == {"y": "label"}


@pytest.mark.parametrize(
    ("table", "options", "expected"),
    [
        (TABLE, {"target_column": "day"}, ("0017", "dataset", "target_column", "day")),
        (TABLE, {"target_column": "nothing"}, ("0023", "dataset", "target_column", "nothing")),
        (TABLE, {"number_of_desired_features": 0}, ("0004", None, "number_of_desired_features", None)),
        (Table(pl.LazyFrame({"y": [1]})), {}, ("0047", "dataset", None, None)),
        (Table(FRAME.clear()), {}, ("0023", "dataset", "target_column", "y")),
    ],
)
def test_what_tells_nothing_is_refused(table: Table, options: Any, expected: object) -> None:
    assert refusal(selected, table, **options) == expected

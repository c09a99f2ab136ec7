"""Apply Transformation: what was fitted on one table changes another."""

import polars as pl
import pytest

from modules.data_transformation.clean_missing_data import clean_missing_data
from modules.data_transformation.normalize_data import normalize_data
from modules.kit import ColumnNotFound, Table
from modules.model_scoring_and_evaluation.apply_transformation import apply_transformation

TRAINING = Table(pl.LazyFrame({"x": [1.0, None, 3.0]}))
OTHER = Table(pl.LazyFrame({"x": [None, 5.0], "id": [7, 8]}), {"id": "none"})


def test_missing_values_take_the_mean_of_the_training_table() -> None:
    learnt = clean_missing_data(TRAINING, columns=["x"], cleaning_mode="replace_with_mean").cleaning_transformation
    assert apply_transformation(learnt, OTHER).frame.collect().rows() == [(2.0, 7), (5.0, 8)]


def test_numbers_are_put_on_the_scale_of_the_training_table() -> None:
    learnt = normalize_data(TRAINING, columns=["x"]).transformation_function
    found = apply_transformation(learnt, OTHER)
    assert found.frame.collect()["x"].to_list() == [None, 3.0]
    assert found.roles == {"id": "none"}


def test_the_table_itself_is_not_changed() -> None:
    before = OTHER.frame.collect()
    apply_transformation(normalize_data(TRAINING, columns=["x"]).transformation_function, OTHER)
    assert OTHER.frame.collect().equals(before)


def test_a_column_that_is_needed_is_named() -> None:
    learnt = normalize_data(TRAINING, columns=["x"]).transformation_function
    with pytest.raises(ColumnNotFound, match="`x`"):
        apply_transformation(learnt, Table(pl.LazyFrame({"y": [1]})))

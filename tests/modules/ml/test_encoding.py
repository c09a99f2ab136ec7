"""The fast encoder makes what the plain scikit-learn one makes."""

import time
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import Ridge
from sklearn.preprocessing import OneHotEncoder

from modules.kit.errors import ColumnNotFound, NotFinite, TooManyUniqueValues, TypesDiffer, WrongColumnType
from modules.ml import encoding
from modules.ml.encoding import (
    check_finite,
    conformed,
    encode,
    encoded_names,
    fit_encoder,
    matrix_of,
    numeric_features,
    usable_rows,
)

FEATURES = ["size", "colour", "sold"]
QUICK_SECONDS = 5  # a fraction of a second where the time grows with the columns, a minute with their square
NUMERIC = frozenset({"size"})
ROWS = pl.DataFrame(
    {"size": [1.5, 2.5, None, 4.0], "colour": ["red", None, "blue", "red"], "sold": [True, False, None, True]}
)
NAMES = st.lists(st.sampled_from(["a", "b", "é", "", None]), min_size=1, max_size=12)


def plain_encoder(frame: pl.DataFrame) -> ColumnTransformer:
    places = [index for index, name in enumerate(FEATURES) if name not in NUMERIC]
    one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    encoder = ColumnTransformer([("one_hot", one_hot, places)], remainder="passthrough")
    return encoder.fit(matrix_of(frame, FEATURES, NUMERIC))


def dense_of(matrix: Any) -> np.ndarray[Any, Any]:
    return (matrix.toarray() if sparse.issparse(matrix) else matrix).astype(float)


@pytest.mark.parametrize("cells", [encoding.DENSE_CELLS, 0], ids=["dense", "sparse"])
@settings(deadline=None)
@given(names=NAMES, later=NAMES)
def test_it_equals_scikit_learn(cells: int, names: list[str | None], later: list[str | None]) -> None:
    training = pl.DataFrame({"size": [1.0] * len(names), "colour": names, "sold": [None, *[True] * (len(names) - 1)]})
    scoring = pl.DataFrame({"size": [2.0] * len(later), "colour": later, "sold": [False] * len(later)})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "DENSE_CELLS", cells)
        patch.setattr(encoding, "SPARSE_SHARE", 2.0)
        encoder = fit_encoder(training, FEATURES, NUMERIC, Ridge(), port="dataset")
    found = encode(scoring.cast({"colour": pl.String}), FEATURES, NUMERIC, encoder)
    dense = dense_of(found)
    matrix = matrix_of(scoring, FEATURES, NUMERIC)
    assert np.array_equal(dense, plain_encoder(training).transform(matrix).astype(float))
    assert encoder is not None
    assert np.array_equal(dense, dense_of(encoder.transform(matrix)))


def test_a_missing_category_is_a_level_and_levels_have_names() -> None:
    encoder = fit_encoder(ROWS, FEATURES, NUMERIC, Ridge(), port="dataset")
    names = ["colour_blue", "colour_red", "colour_", "sold_false", "sold_true", "sold_", "size"]
    assert encoded_names(FEATURES, NUMERIC, encoder) == names
    assert encode(ROWS, FEATURES, NUMERIC, encoder)[1, :3].tolist() == [0, 0, 1]


def test_numbers_alone_need_no_encoder() -> None:
    assert fit_encoder(ROWS, ["size"], NUMERIC, Ridge(), port="dataset") is None
    found = encode(ROWS, ["size"], NUMERIC, None)
    assert np.array_equal(found[:, 0], [1.5, 2.5, np.nan, 4.0], equal_nan=True)


def test_trees_never_get_sparse_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "DENSE_CELLS", 0)
    monkeypatch.setattr(encoding, "SPARSE_SHARE", 2.0)
    encoder = fit_encoder(ROWS, FEATURES, NUMERIC, HistGradientBoostingRegressor(), port="dataset")
    assert isinstance(encode(ROWS, FEATURES, NUMERIC, encoder), np.ndarray)


def test_numbers_that_are_marked_as_categories_are_encoded() -> None:
    schema = pl.Schema({"doors": pl.Int64(), "size": pl.Float64(), "make": pl.String()})
    assert numeric_features(schema, ["doors", "size", "make"], {"doors"}, port="dataset") == {"size"}


def test_nested_values_are_refused_by_name() -> None:
    with pytest.raises(WrongColumnType, match="`list` is List") as caught:
        numeric_features(pl.Schema({"list": pl.List(pl.Int64)}), ["list"], (), port="dataset")
    assert caught.value.code == "0017"


def test_ids_are_refused() -> None:
    rows = pl.DataFrame({"id": [f"n{index}" for index in range(1002)]})
    with pytest.raises(TooManyUniqueValues, match="1002 values in 1002 rows") as caught:
        fit_encoder(rows, ["id"], frozenset(), Ridge(), port="dataset")
    assert caught.value.code == "0014"


def test_many_values_that_repeat_are_categories() -> None:
    rows = pl.DataFrame({"id": [f"n{index % 1002}" for index in range(1050)]})
    assert fit_encoder(rows, ["id"], frozenset(), Ridge(), port="dataset") is not None


def test_infinity_is_refused_by_column() -> None:
    with pytest.raises(NotFinite, match="`size` of `dataset` holds infinity"):
        check_finite(pl.DataFrame({"size": [1.0, float("inf")]}), ["size"], port="dataset")


def test_rows_with_gaps_are_usable_where_the_learner_copes() -> None:
    rows = pl.DataFrame({"size": [1.0, None, float("nan"), float("inf")]})
    assert usable_rows(rows, ["size"], Ridge()).tolist() == [True, False, False, False]
    assert usable_rows(rows, ["size"], HistGradientBoostingRegressor()).tolist() == [True, True, True, False]


def test_columns_are_found_by_name_and_take_their_trained_type() -> None:
    types = {"size": "Float64", "colour": "String", "day": "Date", "doors": "Int64"}
    rows = pl.DataFrame({"more": [1], "doors": ["2"], "day": [date(2020, 1, 2)], "colour": [7], "size": ["1.5"]})
    found = conformed(rows, list(types), {"size"}, types, port="dataset")
    assert found.row(0, named=True) == {"size": 1.5, "colour": 7, "day": date(2020, 1, 2), "doors": 2}
    assert encoding.texts_of(found["colour"]).to_list() == ["7"]


def test_a_missing_column_is_named_with_the_nearest() -> None:
    with pytest.raises(ColumnNotFound, match="did you mean `sizes`") as caught:
        conformed(pl.DataFrame({"sizes": [1]}), ["size"], {"size"}, {"size": "Float64"}, port="dataset")
    assert caught.value.code == "0001"


@pytest.mark.parametrize("values", [["big"], [date(2020, 1, 1)], [[1.0]]])
def test_values_that_are_no_numbers_are_refused(values: list[object]) -> None:
    with pytest.raises(TypesDiffer, match="a number, as in training is expected") as caught:
        conformed(pl.DataFrame({"size": values}), ["size"], {"size"}, {"size": "Float64"}, port="dataset")
    assert caught.value.code == "0016"


def test_the_work_grows_with_the_columns_and_not_with_their_square() -> None:
    wide = pl.DataFrame({f"c{place}": [1.0, 2.0] for place in range(20_000)})
    started = time.process_time()
    check_finite(wide, wide.columns, port="dataset")
    assert usable_rows(wide, wide.columns, Ridge()).all()
    assert time.process_time() - started < QUICK_SECONDS

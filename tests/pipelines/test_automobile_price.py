"""The samples S1 and S2 equal plain scikit-learn scripts with the same split and encoding."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from modules.data_transformation.clean_missing_data import clean_missing_data
from modules.data_transformation.select_columns_in_dataset import select_columns_in_dataset
from modules.data_transformation.split_data import split_data
from modules.kit import Context, Regressor, Table
from modules.model_scoring_and_evaluation.evaluate_model import evaluate_model
from modules.model_scoring_and_evaluation.score_model import score_model
from modules.model_training.train_model import train_model
from modules.regression.boosted_decision_tree_regression import boosted_decision_tree_regression
from modules.regression.decision_forest_regression import decision_forest_regression
from modules.regression.linear_regression import linear_regression

DATA = Path(__file__).parents[2] / "samples" / "data" / "automobile-price-data-raw.csv"


@pytest.fixture(scope="module")
def cars() -> pl.DataFrame:
    return pl.read_csv(DATA)


def run_modules(cars: pl.DataFrame, learner: Regressor) -> tuple[pl.DataFrame, dict[str, float | None]]:
    chosen = [name for name in cars.columns if name != "normalized-losses"]
    kept = select_columns_in_dataset(cars.lazy(), columns=chosen)
    clean, _ = clean_missing_data(Table(kept), columns=chosen, cleaning_mode="remove_entire_row")
    train, test = split_data(clean.frame, fraction_of_rows=0.7, seed=0)
    model = train_model(learner, Table(train), label_column="price")
    scored = score_model(model, Table(test))
    context = Context()
    evaluate_model(scored, context=context)
    return scored.frame.collect(), context.metrics


def run_script(cars: pl.DataFrame, estimator: Any) -> dict[str, float]:
    clean = cars.drop("normalized-losses").drop_nulls().to_pandas()
    left = np.random.default_rng(0).permutation(len(clean))[: int(0.7 * len(clean))]
    mask = np.isin(np.arange(len(clean)), left)
    train, test = clean[mask], clean[~mask]
    texts = clean.drop(columns="price").select_dtypes(exclude="number").columns
    encode = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), texts), remainder="passthrough"
    )
    model = make_pipeline(encode, estimator)
    model.fit(train.drop(columns="price"), train["price"])
    predicted = model.predict(test.drop(columns="price"))
    return {
        "Mean_Absolute_Error": mean_absolute_error(test["price"], predicted),
        "Root_Mean_Squared_Error": root_mean_squared_error(test["price"], predicted),
        "Coefficient_of_Determination": r2_score(test["price"], predicted),
    }


def test_the_sizes_are_those_of_the_reference(cars: pl.DataFrame) -> None:
    scored, _ = run_modules(cars, linear_regression())
    assert scored.shape == (58, 26)


def test_the_metrics_equal_the_plain_script(cars: pl.DataFrame) -> None:
    _, metrics = run_modules(cars, linear_regression())
    plain = run_script(cars, Ridge(alpha=0.001))
    assert {name: metrics[name] for name in plain} == pytest.approx(plain, rel=1e-9)


def test_the_metrics_lie_near_the_published_run(cars: pl.DataFrame) -> None:
    _, metrics = run_modules(cars, linear_regression())
    r2 = metrics["Coefficient_of_Determination"]
    assert r2 is not None
    assert 0.8 < r2 < 1


def regressors() -> dict[str, tuple[Regressor, Any]]:
    return {
        "boosted": (
            boosted_decision_tree_regression(seed=0),
            HistGradientBoostingRegressor(
                max_leaf_nodes=20, min_samples_leaf=10, learning_rate=0.2, max_iter=100, random_state=0
            ),
        ),
        "forest": (
            decision_forest_regression(seed=0),
            RandomForestRegressor(n_estimators=8, max_depth=32, min_samples_leaf=1, random_state=0),
        ),
    }


@pytest.mark.parametrize("name", ["boosted", "forest"])
def test_other_regressions_equal_their_plain_scripts(cars: pl.DataFrame, name: str) -> None:
    learner, estimator = regressors()[name]
    _, metrics = run_modules(cars, learner)
    plain = run_script(cars, estimator)
    assert {name: metrics[name] for name in plain} == pytest.approx(plain, rel=1e-9)

"""Rows that learners are tried on, and the matrix that scikit-learn is given to compare with."""

from typing import Any

import numpy as np
import polars as pl

from modules.kit import SupervisedLearner, Table
from modules.ml.scoring import scores_of
from modules.ml.training import lesson_of, train

COUNT = 120
LABELS = ("price", "visits", "sold", "grade")


def _rows() -> pl.DataFrame:
    random = np.random.default_rng(0)
    size, age = random.normal(size=COUNT), random.uniform(size=COUNT)
    colour = random.choice(["blue", "green", "red"], size=COUNT)
    drawn = random.normal(size=COUNT)
    return pl.DataFrame(
        {
            "size": size,
            "age": age,
            "colour": colour,
            "price": 100 + 30 * size + 100 * age + 5 * drawn,
            "visits": random.poisson(np.exp(0.5 * size + age)),
            "sold": np.where(size + 0.5 * drawn > 0, "yes", "no"),
            "grade": np.where(size > 0.4, "a", np.where(age > 0.5, "b", "c")),
        }
    )


ROWS = _rows()
FEATURES = ROWS.drop(LABELS)
MATRIX = np.column_stack(
    [
        *((ROWS["colour"] == value).cast(pl.Float64).to_numpy() for value in ("blue", "green", "red")),
        ROWS["size"].to_numpy(),
        ROWS["age"].to_numpy(),
    ]
)


def table_with(label: str) -> Table:
    """The features and one label."""
    return Table(FEATURES.with_columns(ROWS[label]).lazy())


def scores(learner: SupervisedLearner, label: str) -> pl.DataFrame:
    """The scores of the rows that the learner was trained with."""
    model = train(learner, lesson_of(learner, table_with(label), label))
    return scores_of(model, ROWS)


def probabilities(frame: pl.DataFrame) -> np.ndarray[Any, Any]:
    """The columns of probabilities."""
    return frame.select(pl.col("^Scored Probabilities.*$")).to_numpy()

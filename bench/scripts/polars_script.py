"""Plain Polars: ``python -m bench.scripts.polars_script FILE DROPPED...``."""

import sys

import numpy as np
import polars as pl
from polars import selectors

from bench.scripts.learning import evaluate, fit, timed


def prepare() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read, select, clean, split."""
    table = (
        pl.scan_csv(sys.argv[1])
        .drop(sys.argv[2:])
        .with_columns(selectors.numeric().fill_null(selectors.numeric().mean()))
        .collect()
    )
    left = np.zeros(len(table), dtype=bool)
    left[np.random.default_rng(0).permutation(len(table))[: int(0.7 * len(table))]] = True
    mask = pl.Series(left)
    return table.filter(mask), table.filter(~mask)


def learn(parts: tuple[pl.DataFrame, pl.DataFrame]) -> float:
    """Encode, train, score, evaluate."""
    train, test = (part.drop("label").to_dummies(selectors.string()) for part in parts)
    model = fit(train.to_numpy(), parts[0]["label"].to_numpy())
    probability = model.predict_proba(test.select(train.columns).to_numpy())[:, 1]
    return evaluate(parts[1]["label"].to_numpy(), probability)


if __name__ == "__main__":
    timed(prepare, learn)

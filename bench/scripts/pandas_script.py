"""Plain pandas: ``python -m bench.scripts.pandas_script FILE DROPPED...``."""

import sys

import numpy as np
import pandas as pd
from sklearn.preprocessing import OneHotEncoder

from bench.scripts.learning import evaluate, fit, timed


def prepare() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read, select, clean, split."""
    table = pd.read_csv(sys.argv[1])
    table = table.drop(columns=sys.argv[2:])
    numbers = table.select_dtypes("number").columns
    table[numbers] = table[numbers].fillna(table[numbers].mean())
    order = np.random.default_rng(0).permutation(len(table))
    left = np.sort(order[: int(0.7 * len(table))])
    right = np.sort(order[int(0.7 * len(table)) :])
    return table.iloc[left], table.iloc[right]


def learn(parts: tuple[pd.DataFrame, pd.DataFrame]) -> float:
    """Encode, train, score, evaluate."""
    train, test = parts
    texts = train.drop(columns="label").select_dtypes(exclude="number").columns
    encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit(train[texts])

    def encoded(table: pd.DataFrame) -> np.ndarray:
        numbers = table.drop(columns=["label", *texts]).to_numpy()
        return np.hstack([encoder.transform(table[texts]), numbers])

    model = fit(encoded(train), train["label"])
    return evaluate(test["label"].to_numpy(), model.predict_proba(encoded(test))[:, 1])


if __name__ == "__main__":
    timed(prepare, learn)

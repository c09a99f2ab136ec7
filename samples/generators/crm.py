"""Write samples/data/crm-dataset-synthetic.parquet and crm-churn-labels-synthetic.csv.

Invented customers in the shape of the KDD Cup 2009 (small): 190 columns of numbers and 40 of categories without
meaning, most of them empty, and one rare answer. Run it with `python samples/generators/crm.py`; equal bytes come out.
"""

from pathlib import Path

import numpy as np
import polars as pl

ROWS = 3_000
SEED = 2009
NUMERIC, CATEGORICAL = 190, 40
TELLING_NUMBERS, TELLING_CATEGORIES = 24, 8
CHURNED = 0.073
LETTERS = list("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
DATA = Path(__file__).parents[1] / "data"


def customers(rows: int, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Draw the table of customers and, in the same order, whether they left: 1 for yes, -1 for no."""
    random = np.random.default_rng(seed)
    columns: dict[str, pl.Series] = {}
    leaning = random.normal(0, 3.7, rows)
    for place in range(1, NUMERIC + 1):
        values, missing, step = number_column(random, rows)
        if place % (NUMERIC // TELLING_NUMBERS) == 0:
            leaning += np.where(missing, 0, step)
        columns[f"Var{place}"] = emptied(values, missing)
    for place in range(NUMERIC + 1, NUMERIC + CATEGORICAL + 1):
        names, missing, step = category_column(random, rows)
        if place % (CATEGORICAL // TELLING_CATEGORIES) == 0:
            leaning += np.where(missing, 0, step)
        columns[f"Var{place}"] = emptied(names, missing)
    leaves = leaning > np.quantile(leaning, 1 - CHURNED)
    return pl.DataFrame(columns), pl.DataFrame({"Col1": np.where(leaves, 1, -1)})


def number_column(random: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Amounts with a long tail and zeros, where they are missing, and how far each moves a customer to leaving."""
    scale = 10.0 ** random.integers(0, 5)
    raw = random.lognormal(0, 1, rows) * (random.random(rows) > random.uniform(0.1, 0.8))
    missing = random.random(rows) < random.choice([0.02, 0.11, 0.97, 0.99], p=[0.15, 0.1, 0.4, 0.35])
    return (raw * scale).round(), missing, random.normal(0, 0.8) * np.minimum(raw, 4)


def category_column(random: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Codes without meaning, some of them of many levels."""
    levels = int(random.choice([2, 4, 8, 20, 60]))
    codes = np.array(["".join(random.choice(LETTERS, 4)) for _ in range(levels)])
    shares = 1 / np.arange(1, levels + 1)
    drawn = random.choice(levels, rows, p=shares / shares.sum())
    missing = random.random(rows) < random.choice([0.0, 0.03, 0.5, 0.75])
    return codes[drawn], missing, random.normal(0, 0.9, levels)[drawn]


def emptied(values: np.ndarray, missing: np.ndarray) -> pl.Series:
    """Values with gaps."""
    return pl.select(pl.when(pl.Series(~missing)).then(pl.Series(values))).to_series()


if __name__ == "__main__":
    table, labels = customers(ROWS, SEED)
    table.write_parquet(DATA / "crm-dataset-synthetic.parquet", compression_level=22)
    labels.write_csv(DATA / "crm-churn-labels-synthetic.csv")

"""Topics of texts: fit them, and tell for other texts how much of each they hold."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from modules.kit import Table
from modules.kit.errors import ColumnNotFound
from modules.ml.texts import check_text, gram_reader, texts_of


class GramAnalyzer:
    """Reads the n-grams of a text; kept with a fitted model, so it holds the figure and not the function."""

    def __init__(self, longest: int) -> None:
        self.longest = longest

    def __repr__(self) -> str:
        return f"n-grams of 1 to {self.longest} words"

    def __call__(self, text: str) -> list[str]:
        return gram_reader(self.longest)(text)


def topic_names(taken: list[str], topics: int) -> list[str]:
    """The columns of the topics: Topic 1, Topic 2, …; behind another word where the table has such columns."""
    prefix, number = "Topic", 2
    while any(f"{prefix} {index}" in taken for index in range(1, topics + 1)):
        prefix, number = f"Topic ({number})", number + 1
    return [f"{prefix} {index}" for index in range(1, topics + 1)]


def add_topics(table: Table, state: Mapping[str, Any]) -> Table:
    """Add the share of each topic to every row; raises 0001 and 0017 where the table lacks the columns of text."""
    schema = table.frame.collect_schema()
    columns = state["columns"]
    for name in columns:
        if name not in schema:
            raise ColumnNotFound(name, port="dataset", available=schema.names())
    check_text(schema, columns, port="dataset", parameter=None)
    rows = table.frame.select(columns).collect()
    names = topic_names(schema.names(), state["model"].n_components)
    shares = shares_of(rows, state)
    return table.with_frame(
        table.frame.with_columns([pl.Series(name, shares[:, index]) for index, name in enumerate(names)])
    )


def shares_of(rows: pl.DataFrame, state: Mapping[str, Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Rows × topics; each row sums to 1."""
    model = state["model"]
    if rows.is_empty():
        return np.empty((0, model.n_components))
    found: np.ndarray[Any, np.dtype[np.float64]] = model.transform(
        state["counter"].transform(texts_of(rows, state["columns"]))
    )
    return found

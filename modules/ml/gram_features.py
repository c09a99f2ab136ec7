"""Weigh the n-grams of texts by a vocabulary, one column each."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

import numpy as np
import polars as pl

from modules.kit.errors import InvalidDataset, TooFewRows, TooManyColumns
from modules.kit.names import counted, listed

Weighting = Literal["binary_weight", "tf_weight", "idf_weight", "tf_idf_weight"]

VOCABULARY: Final[Mapping[str, Any]] = {"ID": pl.Int64, "NGram": pl.String, "DF": pl.Int64, "IDF": pl.Float64}
MOST_GRAMS = 20_000
LARGEST_CELLS = 250_000_000
"""The features are dense: 2 GB of them."""


def count_grams(texts: Sequence[str], read: Callable[[str], list[str]], vocabulary: Sequence[str] | None) -> Any:
    """A fitted counter of the n-grams of a vocabulary, or of all that are found, and its matrix of texts × n-grams."""
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(analyzer=read, vocabulary=None if vocabulary is None else list(vocabulary))
    if vocabulary is None and not any(read(text) for text in texts):
        raise TooFewRows(
            port="dataset", required=1, actual=0, hint="No row has a word of the length that is asked for."
        )
    return counter, counter.fit_transform(texts) if vocabulary is None else counter.transform(texts)


def make_vocabulary(counter: Any, counts: Any, *, at_least: float, share_at_most: float) -> pl.DataFrame:
    """The n-grams that stand in enough texts and not in too many, in order; raises 0021 where none is left."""
    rows = counts.shape[0]
    found = np.bincount(counts.indices, minlength=counts.shape[1])
    kept = np.flatnonzero((found >= at_least) & (found <= share_at_most * rows))
    if not len(kept):
        raise TooFewRows(
            port="dataset",
            required=int(np.ceil(at_least)),
            actual=int(rows),
            hint="No n-gram stands in enough rows and not in too many: lower the least frequency or give more rows.",
        )
    names = counter.get_feature_names_out()[kept]
    frequency = found[kept].astype(np.int64)
    return pl.DataFrame(
        {
            "ID": np.arange(len(kept), dtype=np.int64),
            "NGram": pl.Series(names.tolist(), dtype=pl.String),
            "DF": frequency,
            "IDF": np.log(rows / frequency),
        }
    )


def check_vocabulary(table: pl.DataFrame, *, port: str) -> pl.DataFrame:
    """A vocabulary that was made before, in its own types; raises 0018."""
    if table.columns != list(VOCABULARY):
        raise InvalidDataset(
            f"`{port}` has the columns {listed(table.columns)}, and {listed(list(VOCABULARY))} are expected",
            port=port,
            hint="Connect the result vocabulary of a node in Create mode.",
        )
    for name, dtype in VOCABULARY.items():
        is_right = table.schema[name].is_numeric() if dtype != pl.String else table.schema[name] == pl.String
        if not is_right:
            expected = "text" if dtype == pl.String else "a number"
            raise InvalidDataset(f"Column `{name}` of `{port}` is not {expected}", port=port, column=name)
    table = table.select(pl.col(name).cast(dtype) for name, dtype in VOCABULARY.items())
    if table.is_empty() or any(table.null_count().row(0)):
        raise InvalidDataset(f"`{port}` is empty or lacks values, and one n-gram a row is expected", port=port)
    for name in ("NGram", "ID"):
        doubled = table.filter(pl.col(name).is_duplicated())
        if not doubled.is_empty():
            raise InvalidDataset(f"`{doubled[name][0]}` stands twice in `{port}`", port=port, column=name)
    return table


def weigh(
    counts: Any, vocabulary: pl.DataFrame, names: Sequence[str], weighting: Weighting, *, normalized: bool
) -> list[pl.Series]:
    """One column of weights for each n-gram; raises 0129 where they would not fit into memory."""
    from sklearn.preprocessing import normalize

    rows, width = counts.shape
    if width > MOST_GRAMS or rows * width > LARGEST_CELLS:
        most = min(MOST_GRAMS, LARGEST_CELLS // max(rows, 1))
        raise TooManyColumns(
            f"The vocabulary has {counted(width, 'n-gram')} for {counted(rows, 'row')}; at most {most:,} columns fit",
            port="dataset",
            hint="Raise the least document frequency, lower the size of n-grams, or use Feature Hashing.",
        )
    weights = counts.astype(np.float64)
    if weighting in ("binary_weight", "idf_weight"):
        weights.data[:] = 1.0
    if weighting in ("idf_weight", "tf_idf_weight"):
        weights = weights.multiply(vocabulary["IDF"].to_numpy()).tocsr()
    if normalized:
        weights = normalize(weights, norm="l2", copy=False)
    by_column = weights.tocsc()
    return [pl.Series(name, by_column[:, [place]].toarray().ravel()) for place, name in enumerate(names)]

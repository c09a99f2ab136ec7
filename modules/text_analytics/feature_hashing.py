"""Feature Hashing: a fixed number of columns for the words of any text."""

from typing import Annotated

import numpy as np
import polars as pl

from modules.kit import Columns, Param, Port, module
from modules.kit.errors import DuplicateColumn, TooManyColumns
from modules.kit.names import counted
from modules.ml.texts import check_text, gram_reader

MOST_FEATURES = 1 << 16
"""Columns beyond this take longer to handle than any learner gains by them."""
CHUNK_CELLS = 1 << 23


@module()
def feature_hashing(
    dataset: pl.LazyFrame,
    *,
    target_columns: Annotated[Columns, Param("The columns of text")],
    hashing_bitsize: Annotated[
        int,
        Param("2 to this power is the number of columns for each text column", title="Hashing bitsize", ge=1, le=31),
    ] = 10,
    n_grams: Annotated[
        int, Param("The most words that are taken together; 0 and 1 take single words", title="N-grams", ge=0, le=10)
    ] = 2,
) -> Annotated[pl.LazyFrame, Port("transformed_dataset", help="The table with the counts at its end")]:
    """Count the words and n-grams of texts in a fixed number of columns.

    Each n-gram is given a column by its hash (MurmurHash3), so no vocabulary is needed and other texts get the same
    columns. Several n-grams may share a column. Words are taken in small letters; n-grams do not reach over the `|||`
    that Preprocess Text puts between sentences. A missing text has only zeros. The columns are dense: above 12 bits
    they take much memory, and more than 65,536 columns are refused.
    """
    schema = dataset.collect_schema()
    check_text(schema, target_columns, port="dataset", parameter="target_columns")
    width = 1 << hashing_bitsize
    if width * len(target_columns) > MOST_FEATURES:
        raise TooManyColumns(
            f"{hashing_bitsize} bits make {counted(width * len(target_columns), 'column')} of "
            f"{counted(len(target_columns), 'text column')}; {MOST_FEATURES:,} are allowed",
            port="dataset",
            parameter="hashing_bitsize",
            hint="Lower the number of bits.",
        )
    names = {text: [f"{text} - Hashing feature {index}" for index in range(1, width + 1)] for text in target_columns}
    for feature in (feature for features in names.values() for feature in features):
        if feature in schema:
            raise DuplicateColumn(feature, port="dataset")
    read = gram_reader(max(n_grams, 1))
    rows = max(1, CHUNK_CELLS // (width * max(len(target_columns), 1)))

    def hashed(table: pl.DataFrame) -> pl.DataFrame:
        from sklearn.feature_extraction.text import HashingVectorizer

        hasher = HashingVectorizer(analyzer=read, n_features=width, norm=None, alternate_sign=False, dtype=np.float64)
        columns = []
        for text, features in names.items():
            texts = table[text].cast(pl.String).fill_null("").to_list()
            matrix = hasher.transform(texts).toarray(order="F") if texts else np.empty((0, width))
            columns += [pl.Series(feature, matrix[:, place].astype(np.int32)) for place, feature in enumerate(features)]
        return table.hstack(columns)

    def in_pieces(table: pl.DataFrame) -> pl.DataFrame:
        return pl.concat(hashed(piece) for piece in table.iter_slices(rows)) if table.height else hashed(table)

    added = {feature: pl.Int32() for features in names.values() for feature in features}
    return dataset.map_batches(in_pieces, streamable=True, schema={**schema, **added})

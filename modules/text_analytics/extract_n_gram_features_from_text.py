"""Extract N-Gram Features from Text: one column for each n-gram of a vocabulary."""

from typing import Annotated, Literal, NamedTuple

import polars as pl

from modules.kit import Columns, ColumnSchema, Learns, Param, Port, TableSchema, module
from modules.kit.errors import EmptyInput, TooLarge
from modules.kit.schema import type_name
from modules.ml.columns import free_name
from modules.ml.gram_features import VOCABULARY, Weighting, check_vocabulary, count_grams, make_vocabulary, weigh
from modules.ml.texts import TEXT_COLUMNS, check_text, gram_reader, texts_of

CREATE = {"vocabulary_mode": "create"}


class Features(NamedTuple):
    """The table with its features, and the vocabulary that gives other tables the same ones."""

    results_dataset: Annotated[pl.LazyFrame, Port(help="The table with one column for each n-gram at its end")]
    result_vocabulary: Annotated[
        pl.LazyFrame, Port(help="Each n-gram with the number of rows that hold it, and its weight")
    ]


@module(title="Extract N-Gram Features from Text", learns=Learns(when=CREATE))
def extract_n_gram_features_from_text(
    dataset: pl.DataFrame,
    input_vocabulary: Annotated[pl.DataFrame | None, Port(help="The vocabulary to use; ReadOnly needs one")] = None,
    *,
    text_column: Annotated[
        Columns,
        Param("The column of text; the words of several count together", initial=TEXT_COLUMNS, port="dataset"),
    ],
    vocabulary_mode: Annotated[
        Literal["create", "read_only"],
        Param("Make a vocabulary of these texts, or use the one that is connected", titles={"read_only": "ReadOnly"}),
    ] = "create",
    n_grams_size: Annotated[
        int, Param("The most words of an n-gram; 3 takes single words, pairs and triples", title="N-Grams size", ge=1)
    ] = 1,
    weighting_function: Annotated[
        Weighting,
        Param(
            "What stands in the column of an n-gram: whether it is there, how often, how rare it is, or both",
            titles={
                "binary_weight": "Binary Weight",
                "tf_weight": "TF Weight",
                "idf_weight": "IDF Weight",
                "tf_idf_weight": "TF-IDF Weight",
            },
        ),
    ] = "binary_weight",
    minimum_word_length: Annotated[int, Param("Shorter words are passed over", ge=1)] = 3,
    maximum_word_length: Annotated[int, Param("Longer words are passed over", ge=2)] = 25,
    minimum_n_gram_document_absolute_frequency: Annotated[
        float,
        Param(
            "An n-gram stands in at least so many rows",
            title="Minimum n-gram document absolute frequency",
            ge=1,
            when=CREATE,
        ),
    ] = 5,
    maximum_n_gram_document_ratio: Annotated[
        float,
        Param(
            "An n-gram stands in at most this share of the rows",
            title="Maximum n-gram document ratio",
            ge=0.0001,
            le=1,
            when=CREATE,
        ),
    ] = 1,
    normalize_n_gram_feature_vectors: Annotated[
        bool, Param("Divide the features of each row by their length", title="Normalize n-gram feature vectors")
    ] = False,
) -> Features:
    """Make one column for each n-gram that texts hold, and a vocabulary to make the same of other texts.

    Words are taken in small letters; those of another length are passed over before n-grams are formed, and no n-gram
    reaches over the `|||` that Preprocess Text puts between sentences. IDF is the natural logarithm of the number of
    rows over the number of rows that hold the n-gram. ReadOnly counts n-grams of the connected vocabulary and takes
    their weights from it: use it for test data and in services.

    All other columns are passed on, the text among them: leave it out before you train a model.
    """
    if minimum_word_length > maximum_word_length:
        raise TooLarge(
            f"`minimum_word_length` is {minimum_word_length}, and at most {maximum_word_length}, the greatest length, "
            "is expected",
            parameter="minimum_word_length",
        )
    check_text(dataset.schema, text_column, port="dataset", parameter="text_column")
    if dataset.is_empty():
        raise EmptyInput(port="dataset", hint="There is no text to read.")
    read = gram_reader(n_grams_size, shortest_word=minimum_word_length, longest_word=maximum_word_length)
    texts = texts_of(dataset, text_column)
    if vocabulary_mode == "create":
        counter, counts = count_grams(texts, read, None)
        vocabulary = make_vocabulary(
            counter,
            counts,
            at_least=minimum_n_gram_document_absolute_frequency,
            share_at_most=maximum_n_gram_document_ratio,
        )
        places = [counter.vocabulary_[gram] for gram in vocabulary["NGram"]]
        counts = counts[:, places]
    else:
        if input_vocabulary is None:
            raise EmptyInput(port="input_vocabulary", hint="ReadOnly needs a vocabulary that was made before.")
        vocabulary = check_vocabulary(input_vocabulary, port="input_vocabulary")
        _, counts = count_grams(texts, read, vocabulary["NGram"].to_list())
    taken = set(dataset.columns)
    prefix = "+".join(text_column)
    names = [free_name(f"{prefix}.[{gram}]", taken, "") for gram in vocabulary["NGram"]]
    columns = weigh(counts, vocabulary, names, weighting_function, normalized=normalize_n_gram_feature_vectors)
    return Features(dataset.hstack(columns).lazy(), vocabulary.lazy())


@extract_n_gram_features_from_text.schema
def extract_n_gram_features_from_text_schema() -> tuple[None, TableSchema]:
    """The features depend on the words; the vocabulary always looks the same."""
    return None, TableSchema(tuple(ColumnSchema(name, type_name(dtype)) for name, dtype in VOCABULARY.items()))

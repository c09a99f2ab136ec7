"""Convert Word to Vector: a vocabulary with word embeddings."""

from typing import Annotated, Literal

import numpy as np
import polars as pl

from modules.kit import Column, ColumnSchema, Context, DataPath, Param, Port, Seed, TableSchema, module
from modules.kit.errors import EmptyInput, TooFewRows
from modules.ml.texts import check_text, texts_of
from modules.ml.vector_files import read_vectors
from modules.ml.word_vectors import Corpus, Training, corpus_of, learn_vectors

Strategy = Literal["word2vec", "fasttext", "pretrained_vectors"]
VOCABULARY = "Vocabulary"
LEARNT = {"word2vec_strategy": ("word2vec", "fasttext")}
GIVEN = {"word2vec_strategy": "pretrained_vectors"}


@module()
def convert_word_to_vector(
    dataset: pl.DataFrame,
    *,
    target_column: Annotated[Column, Param("The column of text")],
    word2vec_strategy: Annotated[
        Strategy,
        Param(
            "Where the vectors come from: learnt of these texts, by words or by parts of words, or from a file",
            title="Word2Vec strategy",
            titles={"word2vec": "Word2Vec", "fasttext": "FastText", "pretrained_vectors": "Pretrained vectors"},
        ),
    ] = "word2vec",
    vectors_file: Annotated[
        DataPath,
        Param(
            "A text with a word and its numbers in each line, such as glove.6B.100d.txt; may be zipped",
            title="File of vectors",
            when=GIVEN,
        ),
    ],
    word2vec_training_algorithm: Annotated[
        Literal["skip_gram", "cbow"],
        Param(
            "Tell a word from each word near it, or from all of them together",
            title="Word2Vec training algorithm",
            titles={"skip_gram": "Skip_gram", "cbow": "CBOW"},
            when=LEARNT,
        ),
    ] = "skip_gram",
    length_of_word_embedding: Annotated[int, Param("Numbers in a vector", ge=10, le=2000, when=LEARNT)] = 100,
    context_window_size: Annotated[int, Param("How far words count as near each other", ge=1, le=100, when=LEARNT)] = 5,
    number_of_epochs: Annotated[int, Param("How often the texts are gone through", ge=1, le=1024, when=LEARNT)] = 5,
    maximum_vocabulary_size: Annotated[
        int, Param("The most frequent words are kept", ge=10, le=2_147_483_647)
    ] = 10_000,
    minimum_word_count: Annotated[int, Param("Rarer words are left out first", ge=1, le=100)] = 5,
    seed: Annotated[Seed, Param("The same seed gives the same vectors", title="Random seed", when=LEARNT)] = 0,
    context: Context,
) -> Annotated[pl.LazyFrame, Port("vocabulary_with_embeddings", help="One row for each word, the most frequent first")]:
    """Make a vocabulary of a column of text, with a vector for each word.

    The columns are `Vocabulary` and `Embedding dim 0`, `Embedding dim 1`, …; words that stand in like places have like
    vectors. The result is a vocabulary, not a vector for each text. Words are taken in small letters; a sentence ends
    where Preprocess Text puts `|||`.

    Word2Vec and FastText are learnt here by negative sampling, without gensim, whose licence does not fit. Vectors
    that somebody else has learnt, GloVe for one, come from a file of yours: nothing is fetched. Words that the file
    lacks are left out, and its length of vectors counts. The seed is a parameter that the original lacks.
    """
    check_text(dataset.schema, [target_column], port="dataset", parameter="target_column")
    if dataset.is_empty():
        raise EmptyInput(port="dataset", hint="There is no text to read.")
    corpus = corpus_of(texts_of(dataset, [target_column]), at_least=minimum_word_count, most=maximum_vocabulary_size)
    if not corpus.words:
        raise TooFewRows(
            port="dataset",
            required=minimum_word_count,
            actual=dataset.height,
            hint=f"No word stands {minimum_word_count} times in the texts: lower the minimum word count.",
        )
    context.log(f"{len(corpus.words):,} words, {len(corpus.text):,} times in the texts")
    if word2vec_strategy == "pretrained_vectors":
        return _from_file(corpus, vectors_file, context)
    training = Training(
        length=length_of_word_embedding,
        window=context_window_size,
        epochs=number_of_epochs,
        skip_gram=word2vec_training_algorithm == "skip_gram",
        with_parts=word2vec_strategy == "fasttext",
        seed=seed,
    )
    vectors = learn_vectors(corpus, training, on_progress=context.progress)
    return _table(list(corpus.words), vectors.astype(np.float64))


def _from_file(corpus: Corpus, vectors_file: str, context: Context) -> pl.LazyFrame:
    if not vectors_file:
        raise EmptyInput(parameter="vectors_file", hint="Upload a file of word vectors.")
    known, length = read_vectors(context.data_path(vectors_file), set(corpus.words))
    words = [word for word in corpus.words if word in known]
    if not words:
        raise TooFewRows(port="dataset", required=1, actual=0, hint="The file has no vector for any word of the texts.")
    if len(words) < len(corpus.words):
        context.log(f"The file has no vector for {len(corpus.words) - len(words):,} of them, which are left out")
    return _table(words, np.stack([known[word] for word in words]).reshape(len(words), length))


def _table(words: list[str], vectors: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> pl.LazyFrame:
    columns = [pl.Series(name, vectors[:, place]) for place, name in enumerate(_names(vectors.shape[1]))]
    return pl.LazyFrame([pl.Series(VOCABULARY, words, pl.String), *columns])


def _names(length: int) -> list[str]:
    return [f"Embedding dim {place}" for place in range(length)]


@convert_word_to_vector.schema
def convert_word_to_vector_schema(word2vec_strategy: Strategy, length_of_word_embedding: int) -> TableSchema | None:
    """A file decides over the length of its vectors."""
    if word2vec_strategy == "pretrained_vectors":
        return None
    dims = [ColumnSchema(name, "Float64") for name in _names(length_of_word_embedding)]
    return TableSchema((ColumnSchema(VOCABULARY, "String"), *dims))

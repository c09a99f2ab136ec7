"""Latent Dirichlet Allocation: topics of texts."""

from typing import Annotated, Any, NamedTuple

import numpy as np
import polars as pl

from modules.kit import Columns, ColumnSchema, Context, Param, Port, Seed, Table, TableSchema, Transform, module
from modules.kit.errors import EmptyInput, OutOfRange, TooFewRows
from modules.ml.texts import TEXT_COLUMNS, check_text, texts_of
from modules.ml.topics import GramAnalyzer, add_topics, topic_names

ALL = {"show_all_options": True}
DICTIONARY = {"build_dictionary_of_ngrams": True}
NO_DICTIONARY = {"build_dictionary_of_ngrams": False}
LARGEST_CELLS = 1 << 27
"""Topics × n-grams, of which a fit holds several copies of 1 GB."""
FEATURE = "Feature"


class Topics(NamedTuple):
    """What the topics are, and how much of each a text holds."""

    transformed_dataset: Annotated[Table, Port(help="The table with the share of each topic at its end")]
    feature_topic_matrix: Annotated[Table, Port(help="Each n-gram with its weight in each topic")]
    lda_transformation: Annotated[
        Transform, Port(title="LDA transformation", help="Finds the same topics in another table")
    ]


@module()
def latent_dirichlet_allocation(
    dataset: Table,
    *,
    target_columns: Annotated[
        Columns, Param("The columns of text; those of a row count together", initial=TEXT_COLUMNS)
    ],
    number_of_topics_to_model: Annotated[int, Param("How many topics to look for", ge=1, le=1000)] = 5,
    n_grams: Annotated[int, Param("The most words that are taken together", title="N-grams", ge=1, le=10)] = 2,
    normalize: Annotated[
        bool, Param("In the feature topic matrix, let the weights of each topic sum to 1, so that they are shares")
    ] = True,
    show_all_options: Annotated[bool, Param("Set the figures of the method")] = False,
    rho_parameter: Annotated[
        float, Param("Prior of words in a topic; small gives topics of few words", gt=0, le=1, when=ALL)
    ] = 0.01,
    alpha_parameter: Annotated[
        float, Param("Prior of topics in a text; small gives texts of few topics", gt=0, le=1, when=ALL)
    ] = 0.01,
    estimated_number_of_documents: Annotated[
        int, Param("How many texts there are in all", ge=1, le=2_147_483_647, when=ALL)
    ] = 1000,
    size_of_the_batch: Annotated[int, Param("Texts in one step of the fit", ge=1, le=1024, when=ALL)] = 32,
    initial_value_of_iteration_count: Annotated[
        int, Param("Large gives the first steps less weight: the learning offset", ge=1, when=ALL)
    ] = 10,
    power_applied_to_the_iteration: Annotated[
        float,
        Param("How fast later steps lose weight: the learning decay", ge=0.5, le=1, when=ALL),
    ] = 0.5,
    number_of_training_iterations: Annotated[
        int, Param("How often all texts are gone through", ge=1, le=1024, when=ALL)
    ] = 25,
    build_dictionary_of_ngrams: Annotated[
        bool, Param("Count n-grams by name; off counts them by hash, which takes one pass and hides their names")
    ] = True,
    maximum_size_of_ngram_dictionary: Annotated[
        int, Param("The most frequent n-grams are kept", ge=1, le=2_147_483_647, when=DICTIONARY)
    ] = 20_000,
    number_of_hash_bits: Annotated[
        int, Param("2 to this power is the number of hashes", ge=1, le=31, when=NO_DICTIONARY)
    ] = 12,
    seed: Annotated[Seed, Param("The same seed gives the same topics", title="Random seed")] = 0,
    context: Context,
) -> Topics:
    """Find topics in texts, and tell how much of each topic every text holds.

    A topic is a distribution over words and n-grams; the columns `Topic 1`, `Topic 2`, … are the probabilities of the
    topics in each row and sum to 1. A row without any word has all topics alike. Words are taken in small letters;
    n-grams do not reach over the `|||` that Preprocess Text puts between sentences. Remove stop words before. The fit
    is scikit-learn's online variational Bayes (Hoffman, Blei and Bach, 2010). A topic may come out empty.

    The original has no random seed; here it is a parameter, so that a run can be repeated.
    """
    from sklearn.decomposition import LatentDirichletAllocation

    check_text(dataset.frame.collect_schema(), target_columns, port="dataset", parameter="target_columns")
    texts = texts_of(dataset.frame.select(target_columns).collect(), target_columns)
    if not texts:
        raise EmptyInput(port="dataset", hint="There is no text to read.")
    analyzer = GramAnalyzer(n_grams)
    if not any(analyzer(text) for text in texts):
        raise TooFewRows(port="dataset", required=1, actual=0, hint="No row has a word.")
    counter = _counter(
        analyzer,
        most=maximum_size_of_ngram_dictionary if build_dictionary_of_ngrams else None,
        bits=number_of_hash_bits,
    )
    if not build_dictionary_of_ngrams and (1 << number_of_hash_bits) * number_of_topics_to_model > LARGEST_CELLS:
        most = max(1, int(np.log2(LARGEST_CELLS // number_of_topics_to_model)))
        raise OutOfRange(parameter="number_of_hash_bits", low=1, high=most, actual=number_of_hash_bits)
    counts = counter.fit_transform(texts)
    if counts.shape[1] * number_of_topics_to_model > LARGEST_CELLS:
        most = LARGEST_CELLS // number_of_topics_to_model
        raise OutOfRange(
            parameter="maximum_size_of_ngram_dictionary", low=1, high=most, actual=maximum_size_of_ngram_dictionary
        )
    model = LatentDirichletAllocation(
        n_components=number_of_topics_to_model,
        topic_word_prior=rho_parameter,
        doc_topic_prior=alpha_parameter,
        total_samples=estimated_number_of_documents,
        batch_size=size_of_the_batch,
        learning_offset=float(initial_value_of_iteration_count),
        learning_decay=power_applied_to_the_iteration,
        max_iter=number_of_training_iterations,
        learning_method="online",
        random_state=seed,
    ).fit(counts)
    context.log(f"{len(texts):,} texts, {counts.shape[1]:,} n-grams, perplexity {model.bound_:,.1f}")
    state = {"columns": list(target_columns), "counter": counter, "model": model}
    return Topics(
        add_topics(dataset, state),
        Table(_matrix(counter, model, normalize=normalize).lazy(), {FEATURE: "none"}),
        Transform("latent_dirichlet_allocation", add_topics, state),
    )


def _counter(analyzer: GramAnalyzer, *, most: int | None, bits: int) -> Any:
    from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer

    if most is not None:
        return CountVectorizer(analyzer=analyzer, max_features=most)
    return HashingVectorizer(analyzer=analyzer, n_features=1 << bits, norm=None, alternate_sign=False)


def _matrix(counter: Any, model: Any, *, normalize: bool) -> pl.DataFrame:
    weights = model.components_
    if normalize:
        weights = weights / weights.sum(axis=1, keepdims=True)
    named = hasattr(counter, "vocabulary_")
    names = counter.get_feature_names_out().tolist() if named else [f"Hash {i}" for i in range(weights.shape[1])]
    columns = [pl.Series(name, weights[index]) for index, name in enumerate(topic_names([], len(weights)))]
    return pl.DataFrame([pl.Series(FEATURE, names, pl.String), *columns])


@latent_dirichlet_allocation.schema
def latent_dirichlet_allocation_schema(
    dataset: TableSchema | None, number_of_topics_to_model: int
) -> tuple[TableSchema | None, TableSchema, None]:
    topics = [ColumnSchema(name, "Float64") for name in topic_names([], number_of_topics_to_model)]
    matrix = TableSchema((ColumnSchema(FEATURE, "String", "none"), *topics))
    if dataset is None:
        return None, matrix, None
    added = [ColumnSchema(name, "Float64") for name in topic_names(dataset.names, number_of_topics_to_model)]
    return dataset.with_columns(*added), matrix, None

"""Preprocess Text: clean and simplify a column of English text."""

from typing import Annotated, Literal

import polars as pl

from modules.kit import Column, Param, Port, module
from modules.kit.errors import EmptyInput, TookTooLong, UnexpectedColumnCount
from modules.ml.columns import free_name
from modules.ml.english import LONGEST_MATCH_SECONDS, Cleaning, english_stop_words, text_cleaner, words_of
from modules.ml.texts import check_text, compiled


@module()
def preprocess_text(
    dataset: pl.LazyFrame,
    stop_words: Annotated[
        pl.LazyFrame | None, Port(help="One column of words; takes the place of the built-in list")
    ] = None,
    *,
    language: Annotated[Literal["english"], Param("The language of the text")] = "english",
    expand_verb_contractions: Annotated[bool, Param("Write isn't as is not")] = True,
    text_column_to_clean: Annotated[Column, Param("The column of text", port="dataset")],
    remove_stop_words: Annotated[bool, Param("Leave out words that say little, such as the and of")] = True,
    use_lemmatization: Annotated[bool, Param("Write each word in its base form: mice as mouse, went as go")] = True,
    detect_sentences: Annotated[bool, Param("Put ||| between sentences")] = True,
    normalize_case_to_lowercase: Annotated[bool, Param("Write everything in small letters")] = True,
    remove_numbers: Annotated[bool, Param("Leave out numbers; digits inside words stay")] = True,
    remove_special_characters: Annotated[bool, Param("Leave out what is neither a letter nor a digit")] = True,
    remove_duplicate_characters: Annotated[bool, Param("Write a letter at most twice in a row")] = True,
    remove_email_addresses: Annotated[bool, Param("Leave out addresses such as ann@example.com")] = True,
    remove_urls: Annotated[
        bool, Param("Leave out what begins with http, https, ftp or www", title="Remove URLs")
    ] = True,
    normalize_backslashes_to_slashes: Annotated[bool, Param("Write \\ as /")] = True,
    split_tokens_on_special_characters: Annotated[bool, Param("Take good-bye as two words")] = True,
    custom_regular_expression: Annotated[
        str, Param("What is replaced before anything else, as a Python regular expression; blank replaces nothing")
    ] = "",
    custom_replacement_string: Annotated[str, Param("What stands in its place; \\1 is the first group")] = "",
) -> Annotated[pl.LazyFrame, Port("results_dataset", help="The table with the cleaned text in a new column")]:
    """Clean and simplify a column of English text.

    Adds a column `Preprocessed <column>`; the original stays. The custom expression runs first, then addresses are
    left out, contractions written in full, sentences found, and each word taken to its base form. A missing text
    stays missing.

    Sentences and base forms come from simplemma: a dictionary and rules, no statistical model, so `saw` is always
    `see`, and `3test` is a word. A special character leaves nothing in its place; the original writes `|` there,
    which all that reads the text would take for a word. The stop words are those of scikit-learn, unless a table of
    your own is connected.
    """
    schema = dataset.collect_schema()
    check_text(schema, [text_column_to_clean], port="dataset", parameter="text_column_to_clean")
    ignored: frozenset[str] = frozenset()
    if remove_stop_words:
        ignored = english_stop_words() if stop_words is None else _words_of(stop_words)
    cleaning = Cleaning(
        expand_verb_contractions=expand_verb_contractions,
        stop_words=ignored,
        use_lemmatization=use_lemmatization,
        detect_sentences=detect_sentences,
        normalize_case_to_lowercase=normalize_case_to_lowercase,
        remove_numbers=remove_numbers,
        remove_special_characters=remove_special_characters,
        remove_duplicate_characters=remove_duplicate_characters,
        remove_email_addresses=remove_email_addresses,
        remove_urls=remove_urls,
        normalize_backslashes_to_slashes=normalize_backslashes_to_slashes,
        split_tokens_on_special_characters=split_tokens_on_special_characters,
    )
    simplified = text_cleaner(cleaning)
    pattern = compiled(custom_regular_expression, custom_replacement_string)

    def clean(texts: pl.Series) -> pl.Series:
        return pl.Series(
            texts.name, [None if text is None else simplified(replaced(text)) for text in texts], pl.String
        )

    def replaced(text: str) -> str:
        if pattern is None:
            return text
        try:
            found: str = pattern.sub(custom_replacement_string, text, timeout=LONGEST_MATCH_SECONDS)
        except TimeoutError:
            raise TookTooLong(
                f"The custom regular expression did not end within {LONGEST_MATCH_SECONDS:g} s on one text; "
                "repetitions inside repetitions, as in (a+)+, are the usual cause"
            ) from None
        return found

    column = pl.col(text_column_to_clean).cast(pl.String)
    cleaned = column.map_batches(clean, return_dtype=pl.String, is_elementwise=True)
    return dataset.with_columns(cleaned.alias(free_name(f"Preprocessed {text_column_to_clean}", schema.names(), "")))


def _words_of(table: pl.LazyFrame) -> frozenset[str]:
    names = table.collect_schema().names()
    if len(names) != 1:
        raise UnexpectedColumnCount(
            expected=1, actual=len(names), port="stop_words", hint="Choose the column of words before."
        )
    words = words_of(table.collect().to_series().to_list())
    if not words:
        raise EmptyInput(port="stop_words", hint="Give it one word a row, or disconnect it.")
    return words

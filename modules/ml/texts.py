"""Columns of text, and the n-grams of their words."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from modules.kit.errors import NotConvertible, WrongColumnType
from modules.ml.columns import family_of, is_text
from modules.ml.english import SENTENCE_MARK

WORD = re.compile(r"\w+")
TEXT_COLUMNS = {"base": "none", "rules": [{"op": "include", "by": "types", "values": ["string"]}]}
"""The selection of a new node that takes every column of text."""


def check_text(schema: Mapping[str, pl.DataType], names: Sequence[str], *, port: str, parameter: str | None) -> None:
    """Check that columns hold text; raises 0017. A column without any value passes."""
    for name in names:
        if not is_text(schema[name]) and schema[name] != pl.Null:
            raise WrongColumnType(name, found=family_of(schema[name]), expected="text", port=port, parameter=parameter)


def compiled(pattern: str, replacement: str) -> Any:
    """A regular expression whose replacement is right, too; None where there is none. Raises 0002."""
    import regex

    if not pattern:
        return None
    try:
        found = regex.compile(pattern)
    except regex.error as error:
        raise NotConvertible(
            value=pattern,
            to=f"a regular expression: {error}",
            parameter="custom_regular_expression",
            hint="Write a backslash before a character that is meant as it stands.",
        ) from None
    try:
        regex.compile(f"(?:{pattern})|").sub(replacement, "")
    except (regex.error, IndexError) as error:
        raise NotConvertible(
            value=replacement,
            to=f"a replacement for this expression: {error}",
            parameter="custom_replacement_string",
            hint="\\1 stands for the first group in round brackets.",
        ) from None
    return found


def texts_of(frame: pl.DataFrame, columns: Sequence[str]) -> list[str]:
    """One text for each row: those of several columns are as different sentences; a missing one is empty."""
    joined = pl.concat_str(
        [pl.col(name).cast(pl.String) for name in columns], separator=f" {SENTENCE_MARK} ", ignore_nulls=True
    )
    return frame.select(joined.fill_null("")).to_series().to_list()


def word_lists(text: str) -> Iterator[list[str]]:
    """The words of each sentence, in small letters."""
    for sentence in text.lower().split(SENTENCE_MARK):
        yield WORD.findall(sentence)


def gram_reader(longest: int, *, shortest_word: int = 1, longest_word: int | None = None) -> Callable[[str], list[str]]:
    """A function from a text to its n-grams of 1 to `longest` words, joined by `_`.

    Words of another length are passed over first; no n-gram reaches over a sentence mark.
    """

    def read(text: str) -> list[str]:
        found: list[str] = []
        for words in word_lists(text):
            kept = [
                word
                for word in words
                if len(word) >= shortest_word and (longest_word is None or len(word) <= longest_word)
            ]
            found += kept
            for size in range(2, min(longest, len(kept)) + 1):
                found += ["_".join(kept[start : start + size]) for start in range(len(kept) - size + 1)]
        return found

    return read

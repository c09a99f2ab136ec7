"""Titles made from identifiers, and the nearest of several names."""

import difflib
from collections.abc import Iterable

ACRONYMS = frozenset({"csv", "id", "json", "pca", "sql", "svd", "svm", "tsv", "url", "zip"})
SMALL_WORDS = frozenset({"and", "as", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to", "vs", "with"})
LISTED_NAMES = 8
"""A message lists at most this many names; more would hide the sentence around them."""
SHOWN_VALUE_CHARACTERS = 80


def title_of(identifier: str) -> str:
    """Turn `cleaning_mode` into "Cleaning mode"."""
    words = [word.upper() if word in ACRONYMS else word for word in identifier.split("_") if word]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def heading_of(identifier: str) -> str:
    """Turn `select_columns_in_dataset` into "Select Columns in Dataset"."""
    words = [word for word in identifier.split("_") if word]
    return " ".join(_heading_word(word, first=index == 0) for index, word in enumerate(words))


def _heading_word(word: str, *, first: bool) -> str:
    if word in ACRONYMS:
        return word.upper()
    if word in SMALL_WORDS and not first:
        return word
    return word[:1].upper() + word[1:]


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Find the name that the writer most likely meant, or nothing."""
    known = list(dict.fromkeys(names))
    by_folded = {known_name.casefold(): known_name for known_name in reversed(known)}
    if name.casefold() in by_folded:
        return by_folded[name.casefold()]
    short = name.casefold()[:200]
    matches = difflib.get_close_matches(short, by_folded, n=1, cutoff=0.6)
    if matches:
        return by_folded[matches[0]]
    longer = [folded for folded in by_folded if len(short) > 2 and folded.startswith(short)]
    return by_folded[min(longer, key=len)] if longer else None


def offer(name: str, names: Iterable[str]) -> str:
    """Write "; did you mean `price`?" or nothing, ready to end a sentence."""
    match = nearest(name, names)
    return f"; did you mean `{match}`?" if match is not None else ""


def listed(names: Iterable[object]) -> str:
    """Write `a`, `b` and 5 more."""
    shown = [f"`{name}`" for name in names]
    if len(shown) <= LISTED_NAMES:
        return ", ".join(shown) or "none"
    return f"{', '.join(shown[:LISTED_NAMES])} and {len(shown) - LISTED_NAMES} more"


def counted(count: int, noun: str) -> str:
    """Write "1 row" or "3 rows"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def shown(value: object) -> str:
    """Write a value so that a message stays one readable line."""
    text = value if isinstance(value, str) else repr(value)
    text = text.replace("\n", " ")
    return text if len(text) <= SHOWN_VALUE_CHARACTERS else text[: SHOWN_VALUE_CHARACTERS - 1] + "…"

"""Clean and simplify English text: contractions, sentences, tokens, base forms."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache

SENTENCE_MARK = "|||"
"""Stands between sentences; no n-gram reaches over it."""

CACHED_WORDS = 1 << 17

LONGEST_MATCH_SECONDS = 2.0
"""For one text: some patterns take for ever on some texts."""

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
URL = re.compile(r"(?:https?://|ftp://|www\.)[^\s<>\"']+", re.IGNORECASE)
REPEATED = re.compile(r"(.)\1{2,}", re.DOTALL)
NUMBER = re.compile(r"[+-]?\d(?:[\d.,:/]*\d)?(?:st|nd|rd|th|%)?", re.IGNORECASE)
SPLIT_TOKEN = re.compile(r"\d+(?:[.,:/]\d+)*%|\d+(?:[.,:/]\d+)+|[^\W_]+|[^\w\s]|_")
SPECIAL = re.compile(r"[^\w\s]|_")
CONTRACTED = re.compile(r"[^\W\d_]*'[^\W\d_]+")
WHOLE_CONTRACTIONS = {
    "won't": "will not",
    "shan't": "shall not",
    "can't": "can not",
    "ain't": "is not",
    "let's": "let us",
    "y'all": "you all",
    "'tis": "it is",
    "'twas": "it was",
    "ma'am": "madam",
    "i'm": "I am",
    "'em": "them",
    "'cause": "because",
}
ENDINGS = {"n't": " not", "'re": " are", "'ve": " have", "'ll": " will", "'d": " would"}
BEFORE_IS = frozenset(
    ("it", "he", "she", "that", "this", "what", "who", "where", "there", "here", "how", "when", "why")
)
POSSESSIVE = re.compile(r"(?<=\w)'s?(?=\s|$|[^\w'])", re.IGNORECASE)
APOSTROPHES = re.compile("[\u2018\u2019\u02bc\u00b4`]")


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What is done to a text; each step is as in Preprocess Text."""

    expand_verb_contractions: bool = True
    stop_words: frozenset[str] = frozenset()
    use_lemmatization: bool = True
    detect_sentences: bool = True
    normalize_case_to_lowercase: bool = True
    remove_numbers: bool = True
    remove_special_characters: bool = True
    remove_duplicate_characters: bool = True
    remove_email_addresses: bool = True
    remove_urls: bool = True
    normalize_backslashes_to_slashes: bool = True
    split_tokens_on_special_characters: bool = True


def text_cleaner(cleaning: Cleaning) -> Callable[[str], str]:
    """A function that gives words in their simple form, a blank between them and the mark between sentences."""

    @lru_cache(maxsize=CACHED_WORDS)
    def word_of(token: str) -> str | None:
        return _word(token, cleaning)

    def clean(text: str) -> str:
        sentences = []
        for sentence in _sentences(text, cleaning):
            words = [word for token in _tokens(sentence, cleaning) if (word := word_of(token)) is not None]
            if words:
                sentences.append(" ".join(words))
        return f" {SENTENCE_MARK} ".join(sentences)

    return clean


def _sentences(text: str, cleaning: Cleaning) -> list[str]:
    if cleaning.remove_urls:
        text = URL.sub(" ", text)
    if cleaning.remove_email_addresses and "@" in text:
        text = EMAIL.sub(" ", text)
    if cleaning.normalize_backslashes_to_slashes:
        text = text.replace("\\", "/")
    text = APOSTROPHES.sub("'", text)
    if cleaning.expand_verb_contractions:
        text = expand_contractions(text)
    if cleaning.remove_duplicate_characters:
        text = REPEATED.sub(r"\1\1", text)
    return split_sentences(text) if cleaning.detect_sentences else [text]


def expand_contractions(text: str) -> str:
    """``isn't`` becomes ``is not``; a capital letter at the front stays."""
    return CONTRACTED.sub(lambda found: _full_form(found[0]), text) if "'" in text else text


def _full_form(written: str) -> str:
    word = written.lower()
    full = WHOLE_CONTRACTIONS.get(word)
    if full is not None:
        return full[:1].upper() + full[1:] if written[:1].isupper() else full
    for ending, meant in ENDINGS.items():
        if word.endswith(ending) and len(word) > len(ending):
            return written[: -len(ending)] + meant
    if word.endswith("'s") and word[:-2] in BEFORE_IS:
        return written[:-2] + " is"
    return written


def split_sentences(text: str) -> list[str]:
    """The sentences of an English text, in order."""
    from simplemma import split_sentences as split

    return split(text, lang="en")


def _word(token: str, cleaning: Cleaning) -> str | None:
    """What is written for a token; None where it is left out."""
    if cleaning.remove_numbers and NUMBER.fullmatch(token):
        return None
    word = lemma_of(token) if cleaning.use_lemmatization else token
    if not cleaning.stop_words.isdisjoint((token.lower(), word.lower())):
        return None
    return word.lower() if cleaning.normalize_case_to_lowercase else word


def _tokens(sentence: str, cleaning: Cleaning) -> list[str]:
    if cleaning.remove_special_characters:
        sentence = POSSESSIVE.sub(" ", sentence)
    if cleaning.split_tokens_on_special_characters:
        tokens = SPLIT_TOKEN.findall(sentence)
        if cleaning.remove_special_characters:
            tokens = [token for token in tokens if token[0].isalnum()]
        return tokens
    tokens = sentence.split()
    if cleaning.remove_special_characters:
        tokens = [
            token if cleaning.remove_numbers and NUMBER.fullmatch(token) else SPECIAL.sub("", token) for token in tokens
        ]
    return [token for token in tokens if token]


def lemma_of(token: str) -> str:
    """The base form of an English word: ``mice`` gives ``mouse``, ``went`` gives ``go``."""
    from simplemma import lemmatize

    return lemmatize(token, lang="en")


def english_stop_words() -> frozenset[str]:
    """Words that say little, such as ``the`` and ``of``: the list of scikit-learn."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset(ENGLISH_STOP_WORDS)


def words_of(values: Collection[object]) -> frozenset[str]:
    """The entries of a list of stop words, without regard to case and blanks around them."""
    return frozenset(str(value).strip().lower() for value in values if value is not None) - {""}

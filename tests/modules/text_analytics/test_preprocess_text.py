"""Preprocess Text: each step by itself, and all together."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.kit import EmptyInput, NotConvertible, TookTooLong, UnexpectedColumnCount, WrongColumnType
from modules.text_analytics.preprocess_text import preprocess_text

STEPS = [
    parameter.name
    for parameter in preprocess_text.spec.parameters
    if parameter.kind == "boolean" and parameter.name != "split_tokens_on_special_characters"
]


def cleaned(text: str | None, stop_words: pl.LazyFrame | None = None, **options: Any) -> str | None:
    table = pl.LazyFrame({"Text": [text]}, schema={"Text": pl.String})
    found = preprocess_text(table, stop_words, text_column_to_clean="Text", **options).collect()
    return found["Preprocessed Text"].item()


def with_only(*steps: str) -> dict[str, bool]:
    return {step: step in steps for step in STEPS}


def test_all_steps_together() -> None:
    text = "The cats weren't running to John's house! Write to ann@example.org or see https://example.org/a?b 42 times."
    assert cleaned(text) == "cat run john house ||| write time"


@pytest.mark.parametrize(
    ("step", "text", "expected"),
    [
        ("expand_verb_contractions", "isn't Won't I'm they've he'll", "is not Will not I am they have he will"),
        ("expand_verb_contractions", "it's John's", "it is John ' s"),
        ("expand_verb_contractions", "isn\u2019t", "is not"),
        ("remove_stop_words", "the cat and I", "cat"),
        ("use_lemmatization", "mice went home", "mouse go home"),
        ("detect_sentences", "It rains. Is Mr. Smith wet? Yes", "It rains . ||| Is Mr . Smith wet ? ||| Yes"),
        ("normalize_case_to_lowercase", "A Big CAT", "a big cat"),
        ("remove_numbers", "1 2.5 3,000 10% 3rd 3test b2b", "3test b2b"),
        ("remove_special_characters", "a-b (c) d_e !?", "a b c d e"),
        ("remove_duplicate_characters", "soooo aab 1111", "soo aab 11"),
        ("remove_email_addresses", "to ann.b@mail.example.org now", "to now"),
        ("remove_urls", "at http://a.b/c https://d ftp://e www.f.org ok", "at ok"),
        ("normalize_backslashes_to_slashes", "a\\b", "a / b"),
    ],
)  # fmt: skip
def test_each_step_by_itself(step: str, text: str, expected: str) -> None:
    assert cleaned(text, **with_only(step)) == expected


def test_tokens_stay_whole_where_they_are_not_split() -> None:
    options = with_only("remove_special_characters", "remove_numbers")
    assert cleaned("MS---WORD e-mail, 2.5", **options, split_tokens_on_special_characters=False) == "MSWORD email"
    assert cleaned("MS---WORD", **options, split_tokens_on_special_characters=True) == "MS WORD"


def test_the_custom_expression_comes_first() -> None:
    options = {"custom_regular_expression": r"(\w+)@(\w+)\.org", "custom_replacement_string": r"\2 \1"}
    assert cleaned("ann@mail.org", **options) == "mail ann"


@pytest.mark.parametrize(
    ("pattern", "replacement", "parameter"),
    [("(", "", "custom_regular_expression"), ("a", r"\1", "custom_replacement_string")],
)
def test_an_expression_that_cannot_be_read_is_0002(pattern: str, replacement: str, parameter: str) -> None:
    with pytest.raises(NotConvertible) as caught:
        cleaned("a", custom_regular_expression=pattern, custom_replacement_string=replacement)
    assert (caught.value.code, caught.value.parameter) == ("0002", parameter)


def test_an_expression_that_never_ends_is_stopped() -> None:
    with pytest.raises(TookTooLong, match="custom regular expression"):
        cleaned("a" * 60 + "b", custom_regular_expression="(a|aa)+$")


def test_a_table_of_stop_words_takes_the_place_of_the_list() -> None:
    words = pl.LazyFrame({"word": ["Cat ", None]})
    assert (
        cleaned("the cats and the dog", words, **with_only("remove_stop_words", "use_lemmatization"))
        == "the and the dog"
    )


def test_stop_words_in_two_columns_are_0022() -> None:
    with pytest.raises(UnexpectedColumnCount) as caught:
        cleaned("a", pl.LazyFrame({"a": ["x"], "b": ["y"]}))
    assert (caught.value.code, caught.value.port) == ("0022", "stop_words")


def test_an_empty_table_of_stop_words_is_0003() -> None:
    with pytest.raises(EmptyInput) as caught:
        cleaned("a", pl.LazyFrame({"a": []}, schema={"a": pl.String}))
    assert caught.value.port == "stop_words"


def test_numbers_are_no_text() -> None:
    with pytest.raises(WrongColumnType) as caught:
        preprocess_text(pl.LazyFrame({"Text": [1]}), text_column_to_clean="Text")
    assert (caught.value.code, caught.value.column, caught.value.parameter) == ("0017", "Text", "text_column_to_clean")


def test_a_missing_text_stays_missing_and_an_empty_one_empty() -> None:
    assert cleaned(None) is None
    assert cleaned(" ... ") == ""


def test_the_original_stays_and_no_column_is_replaced() -> None:
    table = pl.LazyFrame({"Text": ["Cats"], "Preprocessed Text": ["mine"]})
    found = preprocess_text(table, text_column_to_clean="Text").collect()
    assert found.to_dict(as_series=False) == {
        "Text": ["Cats"],
        "Preprocessed Text": ["mine"],
        "Preprocessed Text2": ["cat"],
    }


def test_nothing_is_read_before_it_is_asked_for() -> None:
    def explode(_: pl.DataFrame) -> pl.DataFrame:
        raise AssertionError("read")

    table = pl.LazyFrame({"Text": ["a"]}).map_batches(explode, schema={"Text": pl.String})
    assert preprocess_text(table, text_column_to_clean="Text").collect_schema()["Preprocessed Text"] == pl.String


@given(st.text())
def test_any_text_is_cleaned_to_single_blanks_and_small_letters(text: str) -> None:
    found = cleaned(text)
    assert found is not None
    assert found == " ".join(found.split())
    assert found == found.lower()

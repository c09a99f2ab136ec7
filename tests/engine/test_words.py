"""Explanations as sentences. The page says the same from the same file: frontend/src/pipeline/explanation.test.ts."""

import json
from pathlib import Path
from typing import get_args

import pytest

from designer.engine.explanation import CauseKind, Explanation, Outcome
from designer.engine.words import in_words, shown_value

CASES = json.loads((Path(__file__).parents[1] / "fixtures" / "explanations.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["sentence"] for case in CASES])
def test_an_explanation_reads_as_agreed(case: dict[str, object]) -> None:
    assert in_words(Explanation.model_validate(case["explanation"])).sentence == case["sentence"]


def test_every_outcome_and_every_kind_of_cause_is_among_the_cases() -> None:
    told = [Explanation.model_validate(case["explanation"]) for case in CASES]
    assert {explanation.outcome for explanation in told} == set(get_args(Outcome))
    own = {cause.kind for explanation in told for cause in explanation.causes}
    roots = {root.kind for explanation in told for cause in explanation.causes for root in cause.roots}
    assert own == set(get_args(CauseKind)) - {"varied"}
    assert roots == set(get_args(CauseKind)) - {"input"}


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.75, "0.75"), (4.0, "4"), (7, "7"), (True, "on"), (False, "off"), (None, "blank"), ("mean", "“mean”")],
)
def test_values_are_written_as_people_write_them(value: object, shown: str) -> None:
    assert shown_value(value) == shown  # type: ignore[arg-type]  # any value

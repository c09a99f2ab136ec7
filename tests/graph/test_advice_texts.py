"""Whatever the guard can say, the page has words for, and the guide a place."""

import json
from pathlib import Path
from typing import get_args

import pytest

from designer.graph.advice.advice import Code
from designer.graph.advice.repair import RepairKind

ROOT = Path(__file__).parents[2]
WORDS = json.loads((ROOT / "frontend/src/i18n/en/advice.json").read_text("utf-8"))


@pytest.mark.parametrize("code", get_args(Code))
def test_each_doubt_has_a_title_and_a_text(code: str) -> None:
    assert WORDS[f"title_{code}"]
    assert [key for key in WORDS if key == f"text_{code}" or key.startswith(f"text_{code}_")]


@pytest.mark.parametrize("kind", get_args(RepairKind))
def test_each_repair_has_words_on_its_button(kind: str) -> None:
    assert WORDS[f"repair_{kind}"]


@pytest.mark.parametrize("code", get_args(Code))
def test_the_guide_lists_each_doubt(code: str) -> None:
    guide = (ROOT / "docs/leak-guard.md").read_text("utf-8")
    assert f"`{code}`" in guide
    assert WORDS[f"title_{code}"] in guide

"""docs/engine.md draws the transitions that the code allows, and tells its figures."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from designer import settings
from designer.engine.retries import (
    FIRST_DELAY_SECONDS,
    LONGEST_DELAY_SECONDS,
    LONGEST_TROUBLE_SECONDS,
    LOST_AT_MOST,
    TROUBLE_AT_MOST,
)
from designer.engine.state import RUN_MAY_FOLLOW, STEP_MAY_FOLLOW
from designer.live.runs import CATCH_UP_SECONDS
from designer.runs.advance import TOLD_AT_ONCE
from designer.runs.queue import WAITING_STEPS
from designer.runs.retention import UNUSED_FOR
from designer.runs.worker import HEARTBEATS_IN_A_LEASE, INSISTS_SECONDS, SAME_RUN_SECONDS, TOLD_BY_EACH

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "engine.md").read_text("utf-8")
TEXT = " ".join(PAGE.split())
DIAGRAMS = re.findall(r"```mermaid\n(.+?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("diagram", "may_follow"), list(zip(DIAGRAMS, (STEP_MAY_FOLLOW, RUN_MAY_FOLLOW), strict=True)))
def test_the_diagrams_show_each_transition_that_is_allowed_and_no_other(
    diagram: str, may_follow: Mapping[str, frozenset[str]]
) -> None:
    drawn = set(re.findall(r"^\s+(\w+) --> (\w+): \S", diagram, re.MULTILINE))
    assert drawn == {(before, after) for after, all_before in may_follow.items() for before in all_before}


@pytest.mark.parametrize(
    "said",
    [
        f"a message for each, but at most {TOLD_AT_ONCE}, goes to the broker",
        f"A user with {WAITING_STEPS} steps waiting",
        f"after `retry_delay` ({FIRST_DELAY_SECONDS:g} s), twice that",
        f"at most {LONGEST_DELAY_SECONDS / 60:g} minutes or the first wait",
        f"again at once, by whoever is free, at most {LOST_AT_MOST} times",
        f"again after {FIRST_DELAY_SECONDS:g} s, 2 s, …, {LONGEST_TROUBLE_SECONDS:g} s",
        f"{LONGEST_TROUBLE_SECONDS:g} s, at most {TROUBLE_AT_MOST} times",
        f"(`DESIGNER_LEASE_SECONDS`, {settings.LEASE_SECONDS:g})",
        f"asks the database every {CATCH_UP_SECONDS:g} seconds",
        f"Every {settings.STORE_SWEEP_SECONDS / 60:g} minutes one worker of all",
        f"used in the last {UNUSED_FOR.total_seconds() / 60:g} minutes",
    ],
)
def test_the_figures_are_those_of_the_code(said: str) -> None:
    assert said in TEXT


def test_figures_in_words_are_those_of_the_code() -> None:
    assert (HEARTBEATS_IN_A_LEASE, "attempts four times in that time" in TEXT) == (4, True)
    assert (TOLD_BY_EACH, "sees more waiting sends two" in TEXT) == (2, True)
    assert (INSISTS_SECONDS, "tries for ten minutes" in TEXT) == (600, True)
    assert (SAME_RUN_SECONDS, "within a quarter of a second it is given the next step of the same run" in TEXT) == (
        0.25,
        True,
    )


def test_every_file_that_the_page_names_is_there() -> None:
    named = re.findall(r"`((?:designer/|tests/)?(?:\w+/)+\w+\.(?:py|json))`", PAGE)
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).exists() and not (ROOT / "designer" / name).exists()] == []

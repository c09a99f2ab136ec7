"""Scores are found by role, else by name."""

import pytest

from modules.kit.errors import ModuleError
from modules.ml.scores import score_columns

TWO_CLASS = ["y", "Scored Labels", "Scored Probabilities"]


@pytest.mark.parametrize(
    ("names", "task"),
    [
        (["y", "Scored Labels"], "regression"),
        (TWO_CLASS, "two_class"),
        (["y", "Scored Probabilities_a", "Scored Probabilities_b", "Scored Labels"], "multiclass"),
        (["y", "Scored Probabilities_a", "Scored Labels"], "multiclass"),
        (["Assignments", "DistancesToClusterCenter no.0", "DistancesToClusterCenter no.1"], "clustering"),
        (["Labels", "Regression Scored Labels"], "regression"),
        (["Labels", "Binary Class Scored Labels", "Binary Class Scored Probabilities"], "two_class"),
        (["Labels", "Multi Class Scored Labels"], "multiclass"),
    ],
)
def test_names_are_enough_where_roles_were_lost(names: list[str], task: str) -> None:
    assert score_columns(names, {"y": "label"}, port="scored_dataset").task == task


def test_roles_count_more_than_names() -> None:
    roles = {"y": "label", "guess": "scored_labels", "chance": "scored_probabilities"}
    found = score_columns(["guess", "chance", "y"], roles, port="scored_dataset")
    assert (found.task, found.label, found.scored, found.probabilities) == ("two_class", "y", "guess", ("chance",))


@pytest.mark.parametrize(
    ("names", "roles", "code"),
    [
        (TWO_CLASS, {}, "0024"),
        (["y", "z", "Scored Labels"], {"y": "label", "z": "label"}, "0037"),
        (["y"], {"y": "label"}, "0025"),
        (["Labels", "Binary Class Scored Labels"], {}, "0025"),
    ],
)
def test_what_is_missing_has_a_code(names: list[str], roles: dict[str, str], code: str) -> None:
    with pytest.raises(ModuleError) as caught:
        score_columns(names, roles, port="scored_dataset")
    assert (caught.value.code, caught.value.port) == (code, "scored_dataset")

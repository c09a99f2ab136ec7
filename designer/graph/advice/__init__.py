"""The leak guard: what would make a model look better than it is; docs/leak-guard.md says it for users.

A rule is a function of a scene in the tuple `RULES`, and knows of no other rule.
"""

from designer.graph.advice.advice import Advice, with_dismissals
from designer.graph.advice.facts import NO_FACTS, Facts
from designer.graph.advice.flow import follow
from designer.graph.advice.rules.judging import (
    models_are_judged_by_other_rows,
    models_are_refined_by_other_rows,
    settings_are_chosen_by_other_rows,
)
from designer.graph.advice.rules.label import features_are_not_made_of_the_label, features_do_not_give_the_label_away
from designer.graph.advice.rules.preparation import (
    folds_are_prepared_apart,
    test_rows_are_prepared_by_the_training,
    training_is_prepared_without_test_rows,
)
from designer.graph.advice.rules.repeats import sides_have_nothing_in_common
from designer.graph.advice.rules.time import time_order_is_kept
from designer.graph.advice.scene import Rule, Scene
from designer.graph.graph import Graph
from designer.graph.schemas import Schemas

RULES: tuple[Rule, ...] = (
    training_is_prepared_without_test_rows,
    test_rows_are_prepared_by_the_training,
    folds_are_prepared_apart,
    models_are_judged_by_other_rows,
    settings_are_chosen_by_other_rows,
    models_are_refined_by_other_rows,
    time_order_is_kept,
    features_are_not_made_of_the_label,
    features_do_not_give_the_label_away,
    sides_have_nothing_in_common,
)


def advise(graph: Graph, schemas: Schemas, facts: Facts = NO_FACTS) -> list[Advice]:
    """All doubts about a graph, finished or not, in the order of the rules; one for each wire, code and column."""
    scene = Scene(follow(graph), schemas, facts)
    found: dict[tuple[str, str, str, str | None], Advice] = {}
    for rule in RULES:
        for one in rule(scene):
            place = (one.code, one.node, one.key, one.column)
            if place not in found or (found[place].repair is None and one.repair is not None):
                found[place] = one
    return with_dismissals(list(found.values()), graph.document)

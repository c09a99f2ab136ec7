"""A model is judged by rows that neither its training nor the choice of its settings has seen."""

from collections.abc import Iterator

from designer.graph.advice.advice import Advice, doubt
from designer.graph.advice.flow import Judgement, share
from designer.graph.advice.repairs.judging import cross_validate, judge_by_others
from designer.graph.advice.scene import Scene

UNJUDGED = frozenset({"ClusterModel"})
"""Groups have no right answer that a model could have learnt by heart."""


def models_are_judged_by_other_rows(scene: Scene) -> Iterator[Advice]:
    """No row by which figures are made was in the training."""
    for judgement in scene.flows.judgements:
        training, rows = judgement.training, judgement.flow.rows
        if not judgement.is_read or training.model in UNJUDGED or not share(training.flow.rows, rows):
            continue
        nodes = {"test": judgement.node, "training": training.node}
        if all(any(known.holds_all_of(one) for known in training.flow.rows) for one in rows):
            yield doubt(
                "scored_on_training",
                judgement.node,
                judgement.port,
                f"the rows are those that '{training.node}' has trained the model with, so its figures are too good",
                "Judge by rows that are split off before the training.",
                nodes=nodes,
                repair=judge_by_others(scene.flows, judgement),
            )
        else:
            yield doubt(
                "rows_on_both_sides",
                judgement.node,
                judgement.port,
                f"some of the rows may be among those that '{training.node}' has trained the model with",
                "Take both sides from one and the same split.",
                nodes=nodes,
            )


def settings_are_chosen_by_other_rows(scene: Scene) -> Iterator[Advice]:
    """The rows by which settings are chosen are neither those of the training nor those that judge the outcome."""
    for training in scene.flows.trainings.values():
        if training.validation is None:
            continue
        chosen_by = training.validation_flow.rows
        judges = [one for one in scene.flows.judgements if one.training == training and _reuses(one)]
        if judges:
            yield doubt(
                "tuned_on_test",
                training.node,
                training.validation,
                f"settings are chosen by rows that '{judges[0].node}' judges the model by, so its figures are too good",
                "Choose settings by folds of the training rows, or by a third part of the data.",
                nodes={"training": training.node, "test": judges[0].node},
                repair=cross_validate(scene.flows, training),
            )
        elif share(training.flow.rows, chosen_by):
            yield doubt(
                "tuned_on_training",
                training.node,
                training.validation,
                "settings are chosen by rows that are trained with, which favours what learns them by heart",
                "Choose settings by folds of the training rows, or by a part that is split off.",
                nodes={"training": training.node},
                repair=cross_validate(scene.flows, training),
            )


def models_are_refined_by_other_rows(scene: Scene) -> Iterator[Advice]:
    """What is changed of a trained model, such as how sure it is, is learnt from rows that it has not seen."""
    for training in scene.flows.trainings.values():
        for first in sorted(training.refines):
            if share(scene.flows.trainings[first].flow.rows, training.flow.rows):
                yield doubt(
                    "refined_by_training",
                    training.node,
                    training.port,
                    f"the rows are among those that '{first}' has trained the model with, on which it is too sure",
                    "Take rows that are split off before the training.",
                    nodes={"training": first},
                )


def _reuses(judgement: Judgement) -> bool:
    return (
        judgement.is_read
        and judgement.is_held_out
        and share(judgement.training.validation_flow.rows, judgement.flow.rows)
    )

"""Test rows must not take part in what prepares the rows that a model is trained on, nor prepare themselves."""

from collections.abc import Iterable, Iterator

from designer.graph.advice import parts
from designer.graph.advice.advice import Advice, doubt
from designer.graph.advice.flow import Fit, Judgement, share
from designer.graph.advice.repairs.move_behind_split import move_behind_split
from designer.graph.advice.repairs.replay_training import leave_out, replay_training
from designer.graph.advice.scene import Scene

TAKEN = {"values": "figures", "columns": "a choice of columns", "model": "a model"}


def training_is_prepared_without_test_rows(scene: Scene) -> Iterator[Advice]:
    """Nothing on the way to a training has learnt from rows that judge the model."""
    told: set[Fit] = set()
    for judgement in scene.flows.judgements:
        fits = judgement.training.flow.fits - told if judgement.is_held_out else ()
        for fit in in_order(fits):
            if share(fit.rows, judgement.flow.rows):
                told.add(fit)
                yield from _seen_before(scene, fit, judgement)


def _seen_before(scene: Scene, fit: Fit, judgement: Judgement) -> Iterator[Advice]:
    flows = scene.flows
    below = flows.graph.downstream_closure((fit.node,))
    split = next((node for node in flows.split_nodes(judgement) if node in below), None)
    wire = next(iter(flows.wires_towards(fit.node, split or judgement.training.node)), None)
    if wire is None:
        return
    nodes = {"fitted": fit.node, "test": judgement.node, **({"split": split} if split else {})}
    when = f"before '{split}' divides them" if split else f"by which '{judgement.node}' judges the model"
    repair = move_behind_split(scene, fit.node, split) if split and fit.learnt != "model" else None
    if fit.learnt == "rows":
        yield doubt(
            "resampled_before_split",
            wire.target,
            wire.input,
            f"'{fit.node}' makes up rows from rows {when}: the model is trained on neighbours of test rows",
            "Split first, and resample the training side only.",
            nodes=nodes,
            repair=repair,
        )
    else:
        yield doubt(
            "fitted_before_split",
            wire.target,
            wire.input,
            f"'{fit.node}' takes {TAKEN[fit.learnt]} from rows {when}: test rows shape what the model is trained on",
            "Split first, learn from the training side, and replay it on the other with Apply Transformation.",
            nodes=nodes,
            values={"learnt": fit.learnt},
            repair=repair,
        )


def folds_are_prepared_apart(scene: Scene) -> Iterator[Advice]:
    """Neither columns are chosen nor rows made up before folds of them judge each other.

    What only changes values, such as a scale, is let pass: the figures hardly change, and nothing but folds by hand
    would help.
    """
    for key in scene.graph.order:
        spec = scene.flows.spec(key)
        if spec is None or not parts.cross_validates(spec):
            continue
        flow = scene.flows.into[key][parts.table_inputs(spec)[0]]
        for fit in in_order(flow.fits):
            wire = next(iter(scene.flows.wires_towards(fit.node, key)), None)
            if wire is None or fit.learnt not in ("columns", "rows") or not share(fit.rows, flow.rows):
                continue
            did = "makes up rows from" if fit.learnt == "rows" else "chooses columns by"
            yield doubt(
                "fitted_before_folds",
                wire.target,
                wire.input,
                f"'{fit.node}' {did} all rows before '{key}' holds some of them out, so its figures are too good",
                "Judge by rows that are split off before, or read the figures as an upper bound.",
                nodes={"fitted": fit.node, "test": key},
                values={"learnt": fit.learnt},
            )


def test_rows_are_prepared_by_the_training(scene: Scene) -> Iterator[Advice]:
    """Rows that judge a model are prepared as those of the training were, and none of them is made up."""
    told: set[Fit] = set()
    for judgement in scene.flows.judgements:
        fits = judgement.flow.fits - judgement.training.flow.fits - told if judgement.is_held_out else ()
        for fit in in_order(fits):
            if fit.learnt != "model" and share(fit.rows, judgement.flow.rows):
                told.add(fit)
                yield from _prepared_apart(scene, fit, judgement)


def _prepared_apart(scene: Scene, fit: Fit, judgement: Judgement) -> Iterator[Advice]:
    wire = next(iter(scene.flows.wires_towards(fit.node, judgement.node)), None)
    if wire is None:
        return
    nodes = {"fitted": fit.node, "test": judgement.node, "training": judgement.training.node}
    if fit.learnt == "rows":
        yield doubt(
            "resampled_test",
            wire.target,
            wire.input,
            f"'{fit.node}' makes up some of the rows by which '{judgement.node}' judges the model",
            "Judge by rows as they are.",
            nodes=nodes,
            repair=leave_out(scene.flows, fit.node),
        )
    else:
        yield doubt(
            "fitted_on_test",
            wire.target,
            wire.input,
            f"'{fit.node}' prepares test rows by what they teach it, not as the training rows were prepared",
            "Replay what was learnt from the training rows, with Apply Transformation.",
            nodes=nodes,
            values={"learnt": fit.learnt},
            repair=replay_training(scene.flows, fit, judgement),
        )


def in_order(fits: Iterable[Fit]) -> list[Fit]:
    """By node, so that the same graph gives the same advice."""
    return sorted(fits, key=lambda fit: (fit.node, fit.learnt))

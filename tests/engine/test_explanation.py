"""Why a node ran or was reused: one difference, followed upstream to its root."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.engine.explanation import Explainer, Explanation
from designer.engine.words import in_words
from designer.graph.plan import Step
from tests.engine.facts import Engine, dataset, step, with_library

CARS = dataset("cars")
KEEP = step("keep", "cars")
CLEAN = step("clean", "keep")
SPLIT = step("split", "clean")
CHAIN = (CARS, KEEP, CLEAN, SPLIT)


def told(engine: Engine, node: str) -> Explanation:
    return in_words(Explainer(engine.runs[0], engine.earlier).explain(node))


def kinds(explanation: Explanation) -> list[str]:
    return [cause.kind for cause in explanation.causes]


def with_params(one: Step, **params: object) -> Step:
    return one.model_copy(update={"params": {**one.params, **params}})


def test_a_node_that_never_ran_is_new() -> None:
    engine = Engine()
    engine.run(*CHAIN)
    explanation = told(engine, "clean")
    assert (explanation.outcome, kinds(explanation), explanation.compared_with) == ("ran", ["first"], None)


def test_nothing_changed_nothing_runs() -> None:
    engine = Engine()
    engine.run(*CHAIN)
    engine.run(*CHAIN)
    explanation = told(engine, "split")
    assert (explanation.outcome, explanation.causes, explanation.compared_with) == ("reused", (), 1)


def test_a_changed_parameter_is_named_with_both_values() -> None:
    engine = Engine()
    engine.run(*CHAIN)
    engine.run(CARS, KEEP, CLEAN, with_params(SPLIT, depth=2))
    [cause] = told(engine, "split").causes
    assert (cause.kind, cause.name, cause.before, cause.after) == ("parameter", "depth", 1, 2)


def test_a_change_is_followed_upstream_to_its_root() -> None:
    engine = Engine()
    engine.run(*CHAIN)
    engine.run(CARS, with_params(KEEP, depth=2), CLEAN, SPLIT)
    [cause] = told(engine, "split").causes
    assert (cause.kind, cause.source, cause.name) == ("input", "clean", "from_clean")
    assert [(root.kind, root.node, root.name) for root in cause.roots] == [("parameter", "keep", "depth")]
    assert told(engine, "split").sentence == (
        "It ran because its input from `clean` changed, since `depth` of `keep` went from 1 to 2."
    )


def test_a_node_that_ran_again_and_gave_the_same_lets_the_rest_be_reused() -> None:
    engine = Engine()
    engine.run(*CHAIN, gives={"clean": "same"})
    engine.run(CARS, KEEP, with_params(CLEAN, depth=2), SPLIT, gives={"clean": "same"})
    explanation = told(engine, "split")
    assert (explanation.outcome, explanation.same_again, explanation.causes) == ("reused", ("clean",), ())


def test_a_new_version_of_a_dataset_is_the_root() -> None:
    engine = Engine()
    engine.run(*CHAIN)
    engine.run(dataset("cars", 2), KEEP, CLEAN, SPLIT)
    [cause] = told(engine, "split").causes
    assert [(root.kind, root.node) for root in cause.roots] == [("dataset", "cars")]
    assert told(engine, "cars").outcome == "given"
    assert kinds(told(engine, "cars")) == ["dataset"]


@pytest.mark.parametrize(
    ("change", "kind"),
    [({"fingerprint": "g"}, "code"), ({"version": 2}, "version"), ({"module": "make_other"}, "module")],
)
def test_a_changed_module_is_the_reason(change: dict[str, object], kind: str) -> None:
    engine = Engine()
    engine.run(*CHAIN)
    engine.run(CARS, KEEP, CLEAN, SPLIT.model_copy(update=change))
    assert kinds(told(engine, "split")) == [kind]


def test_a_changed_library_is_the_reason() -> None:
    engine = Engine()
    engine.run(*CHAIN)
    engine.run(CARS, KEEP, CLEAN, SPLIT.model_copy(update={"force": True}))
    before = with_library(engine.runs[1], "split", polars="0.1", gone="1")
    causes = Explainer(engine.runs[0], (before,)).explain("split").causes
    assert {(cause.kind, cause.name, cause.before) for cause in causes} >= {
        ("library", "polars", "0.1"),
        ("library", "gone", "1"),
    }


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"force": True}, "forced"),
        ({"allow_reuse": False}, "always"),
        ({"deterministic": False}, "random"),
        ({"reads_outside": True}, "outside"),
        ({"drawn": ("seed",)}, "seed"),
    ],
)
def test_a_node_that_runs_in_any_case_says_why(change: dict[str, object], kind: str) -> None:
    engine = Engine()
    node = SPLIT.model_copy(update=change)
    engine.run(CARS, KEEP, CLEAN, node)
    engine.run(CARS, KEEP, CLEAN, node)
    explanation = told(engine, "split")
    assert (kinds(explanation), explanation.ends_reuse) == ([kind], kind != "forced")


def test_a_drawn_seed_is_no_changed_parameter() -> None:
    engine = Engine()
    engine.run(CARS, KEEP, CLEAN, with_params(SPLIT, seed=1).model_copy(update={"drawn": ("seed",)}))
    engine.run(CARS, KEEP, CLEAN, with_params(SPLIT, seed=2).model_copy(update={"drawn": ("seed",)}))
    assert kinds(told(engine, "split")) == ["seed"]


def test_reuse_that_ends_above_is_the_root_below() -> None:
    engine = Engine()
    web = step("web", reads_outside=True)
    engine.run(web, step("clean", "web"), gives={"web": "one"})
    engine.run(web, step("clean", "web"), gives={"web": "other"})
    [cause] = told(engine, "clean").causes
    assert [(root.kind, root.node) for root in cause.roots] == [("outside", "web")]


def test_a_stored_output_that_is_gone_is_the_reason() -> None:
    engine = Engine()
    engine.run(*CHAIN)
    engine.lose_everything()
    engine.run(*CHAIN)
    assert kinds(told(engine, "keep")) == ["missing_output"]


def test_a_failure_before_is_the_reason() -> None:
    engine = Engine()
    engine.run(*CHAIN, ends={"clean": "failed"})
    engine.run(*CHAIN)
    [cause] = told(engine, "clean").causes
    assert (cause.kind, cause.before) == ("no_result", "failed")
    assert kinds(told(engine, "split")) == ["first"]


def test_another_source_is_told_as_such_only_if_it_gives_other_data() -> None:
    engine = Engine()
    other = step("other", "keep", module="make_clean")
    engine.run(*CHAIN)
    engine.run(CARS, KEEP, CLEAN, other, SPLIT.model_copy(update={"inputs": step("split", "other").inputs}))
    assert kinds(told(engine, "split")) == ["wiring", "wiring"]


def test_each_node_is_compared_with_the_run_in_which_it_took_part() -> None:
    engine = Engine()
    engine.run(*CHAIN)
    engine.run(CARS, with_params(KEEP, depth=2))
    engine.run(CARS, with_params(KEEP, depth=2), CLEAN, SPLIT)
    keep, clean = told(engine, "keep"), told(engine, "clean")
    assert (keep.outcome, keep.compared_with) == ("reused", 2)
    assert clean.compared_with == 1
    assert [root.node for root in clean.causes[0].roots] == ["keep"]


def test_a_result_of_long_ago_is_told_from_one_of_the_last_run() -> None:
    engine = Engine()
    for depth in (1, 2, 1):
        engine.run(CARS, with_params(KEEP, depth=depth))
    explanation = told(engine, "keep")
    assert (explanation.outcome, kinds(explanation)) == ("reused", ["parameter"])


def test_what_needs_a_failed_node_names_it() -> None:
    engine = Engine()
    engine.run(*CHAIN, ends={"keep": "failed"})
    explanation = told(engine, "split")
    assert (explanation.outcome, explanation.stopped_by) == ("skipped", "keep")


def test_what_a_run_did_not_begin_after_a_failure_names_it_too() -> None:
    engine = Engine()
    engine.run(CARS, KEEP, step("other"), ends={"keep": "failed", "other": "cancelled"})
    assert told(engine, "other").outcome == "stopped"
    stopped_by_hand = Explainer(engine.runs[0], is_cancelled=True).explain("other")
    assert stopped_by_hand.outcome == "cancelled"


def test_roots_of_a_long_chain_are_found_without_recursion_and_quickly() -> None:
    engine = Engine()
    chain = [step("n0"), *(step(f"n{i}", f"n{i - 1}") for i in range(1, 2000))]
    engine.run(*chain)
    engine.run(with_params(chain[0], depth=2), *chain[1:])
    started = time.perf_counter()
    explainer = Explainer(engine.runs[0], engine.earlier)
    explanations = [explainer.explain(one.node) for one in chain]
    assert time.perf_counter() - started < 2
    assert {cause.roots[0].node for explanation in explanations[1:] for cause in explanation.causes} == {"n0"}


@st.composite
def changes(draw: st.DrawFn) -> tuple[list[Step], list[Step], set[str]]:
    """A graph, the same with some parameters changed, and the nodes where they are."""
    before: list[Step] = []
    for index in range(draw(st.integers(1, 8))):
        above = draw(st.sets(st.integers(0, index - 1), max_size=3)) if index else set()
        before.append(step(f"n{index}", *(f"n{i}" for i in sorted(above))))
    changed = draw(st.sets(st.sampled_from([one.node for one in before])))
    after = [with_params(one, depth=2) if one.node in changed else one for one in before]
    return before, after, changed


@given(changes())
def test_a_node_runs_exactly_if_a_change_reaches_it_and_every_root_is_a_change(
    drawn: tuple[list[Step], list[Step], set[str]],
) -> None:
    before, after, changed = drawn
    engine = Engine()
    engine.run(*before)
    engine.run(*after)
    reached: set[str] = set()
    for one in after:
        if one.node in changed or one.upstream & reached:
            reached.add(one.node)
        explanation = told(engine, one.node)
        assert explanation.outcome == ("ran" if one.node in reached else "reused")
        for cause in explanation.causes:
            roots = cause.roots if cause.kind == "input" else (cause,)
            assert roots
            assert {root.node for root in roots} <= changed

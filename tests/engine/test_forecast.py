"""What a submission would do is what it then does."""

from collections.abc import Iterable, Mapping

from hypothesis import given

from designer.engine.explanation import Explanation
from designer.engine.forecast import Known, forecast
from designer.graph.plan import Step
from tests.engine.facts import Engine, dataset, plan_of, step
from tests.engine.test_explanation import CARS, CHAIN, CLEAN, KEEP, SPLIT, changes, kinds, with_params


def foretold(engine: Engine, *steps: Step) -> dict[str, Explanation]:
    def lookup(keys: Iterable[str]) -> Mapping[str, Known]:
        return {key: engine.results[key] for key in keys if key in engine.results}

    datasets = {one.node: one.dataset.digest for one in steps if one.dataset}
    return forecast(plan_of(*steps), tuple(engine.runs), lookup, datasets=datasets)


def outcomes(found: dict[str, Explanation]) -> dict[str, str]:
    return {node: explanation.outcome for node, explanation in found.items()}


def test_everything_will_run_the_first_time() -> None:
    found = foretold(Engine(), *CHAIN)
    assert outcomes(found) == {"cars": "given", "keep": "will_run", "clean": "will_run", "split": "will_run"}
    assert kinds(found["split"]) == ["first"]


def test_what_has_not_changed_will_be_reused() -> None:
    engine = Engine()
    engine.run(*CHAIN)
    found = foretold(engine, *CHAIN)
    assert set(outcomes(found).values()) == {"given", "will_reuse"}
    assert found["split"].origin is not None
    assert found["split"].origin.run_number == 1


def test_what_is_below_a_change_may_run() -> None:
    engine = Engine()
    engine.run(*CHAIN)
    found = foretold(engine, CARS, with_params(KEEP, depth=2), CLEAN, SPLIT)
    assert outcomes(found) == {"cars": "given", "keep": "will_run", "clean": "may_run", "split": "may_run"}
    [cause] = found["split"].causes
    assert [(root.node, root.name) for root in cause.roots] == [("keep", "depth")]


def test_what_is_changed_itself_will_run_whatever_comes_from_above() -> None:
    engine = Engine()
    engine.run(*CHAIN)
    found = foretold(engine, CARS, with_params(KEEP, depth=2), with_params(CLEAN, depth=2), SPLIT)
    assert found["clean"].outcome == "will_run"
    assert kinds(found["clean"]) == ["parameter", "input"]


def test_a_changed_parameter_set_back_will_be_reused() -> None:
    engine = Engine()
    engine.run(*CHAIN)
    engine.run(CARS, with_params(KEEP, depth=2), CLEAN, SPLIT)
    assert set(outcomes(foretold(engine, *CHAIN)).values()) == {"given", "will_reuse"}


def test_where_reuse_ends_is_marked() -> None:
    engine = Engine()
    web = step("web", reads_outside=True)
    engine.run(web, step("clean", "web"))
    found = foretold(engine, web, step("clean", "web"))
    assert (found["web"].outcome, found["web"].ends_reuse) == ("will_run", True)
    assert (found["clean"].outcome, found["clean"].ends_reuse) == ("may_run", False)


def test_lost_outputs_will_be_made_again() -> None:
    engine = Engine()
    engine.run(*CHAIN)
    engine.lose_everything()
    assert kinds(foretold(engine, *CHAIN)["keep"]) == ["missing_output"]


def test_a_forced_node_will_run_and_what_is_below_it_may() -> None:
    engine = Engine()
    engine.run(*CHAIN)
    found = foretold(engine, CARS, KEEP.model_copy(update={"force": True}), CLEAN, SPLIT)
    assert (outcomes(found)["keep"], outcomes(found)["clean"]) == ("will_run", "may_run")


def test_a_source_without_inputs_is_known_too() -> None:
    engine = Engine()
    engine.run(step("make"))
    assert outcomes(foretold(engine, step("make"))) == {"make": "will_reuse"}


def test_another_dataset_is_no_reason_of_its_own() -> None:
    engine = Engine()
    engine.run(*CHAIN)
    found = foretold(engine, dataset("cars", 2), KEEP, CLEAN, SPLIT)
    assert outcomes(found) == {"cars": "given", "keep": "will_run", "clean": "may_run", "split": "may_run"}


@given(changes())
def test_a_forecast_comes_true(drawn: tuple[list[Step], list[Step], set[str]]) -> None:
    before, after, _ = drawn
    engine = Engine()
    engine.run(*before)
    expected = outcomes(foretold(engine, *after))
    run = engine.run(*after)
    for node, facts in run.nodes.items():
        assert (expected[node] == "will_reuse") == (facts.status == "reused")

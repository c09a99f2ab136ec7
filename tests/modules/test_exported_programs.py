"""Every module, exported as a program that knows nothing of ours, gives what the engine gives."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from designer.engine.step import Done, Failed
from designer.errors import InvalidDocument
from modules.kit import Definition
from tests.exporting.programs import Interpreter, assert_same_outputs, interpreter, write_program
from tests.modules.test_common import (
    DEFINITIONS,
    LEARNERS,
    UNCODED,
    Trial,
    chain_to,
    needs_a_sandbox,
    scored_with,
    trial_of,
)

__all__ = ["trial_of"]

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Interpreter]:
    with interpreter(tmp_path_factory.mktemp("elsewhere")) as running:
        yield running


def check_program(trial: Trial, nodes: Mapping[str, Any], target: str, elsewhere: Interpreter, folder: Path) -> None:
    try:
        plan = trial.compile(nodes, target)
    except InvalidDocument as error:
        pytest.skip(f"not runnable as it stands: {error}")
    path, program = write_program(trial.examine(nodes).graph, plan, trial.store, folder)
    given = elsewhere.run(path, [step.variable for step in program.steps], folder)
    outcomes = trial.run(plan)
    failed = [outcome.failure for outcome in outcomes.values() if isinstance(outcome, Failed)]
    if failed:
        assert given["error"]["message"] == failed[0].message or failed[0].code == UNCODED, given
        return
    assert "error" not in given, given["error"]["said"]
    engine = {
        node: {port: trial.store.load(output.digest) for port, output in outcome.outputs.items()}
        for node, outcome in outcomes.items()
        if isinstance(outcome, Done)
    }
    assert_same_outputs(program, plan, engine, given["values"])


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_a_module_gives_the_same_elsewhere(
    definition: Definition, trial_of: Callable[[str], Trial], elsewhere: Interpreter, tmp_path: Path
) -> None:
    if needs_a_sandbox(definition.spec):
        pytest.skip("runs a script of its own")
    check_program(trial_of("ordinary"), chain_to(definition), definition.spec.id, elsewhere, tmp_path)


@pytest.mark.parametrize("definition", LEARNERS)
def test_a_learner_learns_the_same_elsewhere(
    definition: Definition, trial_of: Callable[[str], Trial], elsewhere: Interpreter, tmp_path: Path
) -> None:
    nodes, target = scored_with(definition)
    check_program(trial_of("ordinary"), nodes, target, elsewhere, tmp_path)

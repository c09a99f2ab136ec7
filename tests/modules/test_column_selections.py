"""Columns that are not there, and inputs that are not connected, are refused alike by every module."""

from collections.abc import Callable
from typing import Any

import pytest

from designer.engine.step import Failed
from modules.kit import Definition, Parameter
from tests.modules.test_common import CATALOG, DEFINITIONS, Trial, chain_to, trial_of

__all__ = ["trial_of"]

pytestmark = pytest.mark.filterwarnings("ignore")

NOWHERE = ["nowhere"]
NOTHING = {"base": "none", "rules": []}
SELECTIONS = [
    pytest.param(definition, parameter, id=f"{definition.spec.id}-{parameter.name}")
    for definition in CATALOG
    for parameter in definition.spec.parameters
    if parameter.kind in ("column", "columns")
]
MAY_BE_EMPTY = [param for param in SELECTIONS if param.values[1].optional and param.values[1].kind == "columns"]
NEEDED = [param for param in SELECTIONS if param not in MAY_BE_EMPTY]


def nodes_with(definition: Definition, parameter: Parameter, value: Any) -> dict[str, Any]:
    """A pipeline that ends in a module with one selection, under values by which it counts."""
    nodes = chain_to(definition)
    node = nodes[definition.spec.id]
    condition = {name: values[0] for name, values in next(iter(parameter.conditions), {}).items()}
    others = {item.name: ["number"] for item in definition.spec.parameters if item.kind == "columns"}
    params = {**others, **node["params"], **condition, parameter.name: value}
    return {**nodes, definition.spec.id: {**node, "params": params}}


def told(trial: Trial, definition: Definition, parameter: Parameter, value: Any) -> list[tuple[str, Any, Any, Any]]:
    problems = trial.examine(nodes_with(definition, parameter, value)).problems
    return [(item.code, item.node, item.key, item.found) for item in problems if item.key == f"params.{parameter.name}"]


@pytest.mark.parametrize(("definition", "parameter"), SELECTIONS)
def test_a_column_that_is_not_there_is_told_before_a_run(
    definition: Definition, parameter: Parameter, trial_of: Callable[[str], Trial]
) -> None:
    expected = ("unknown_column", definition.spec.id, f"params.{parameter.name}", "nowhere")
    assert told(trial_of("ordinary"), definition, parameter, NOWHERE) == [expected]


@pytest.mark.parametrize(("definition", "parameter"), NEEDED)
def test_a_selection_of_nothing_is_told_before_a_run(
    definition: Definition, parameter: Parameter, trial_of: Callable[[str], Trial]
) -> None:
    expected = ("column_selection_0011", definition.spec.id, f"params.{parameter.name}", None)
    assert told(trial_of("ordinary"), definition, parameter, NOTHING) == [expected]


@pytest.mark.parametrize(("definition", "parameter"), MAY_BE_EMPTY)
def test_some_selections_may_be_empty(
    definition: Definition, parameter: Parameter, trial_of: Callable[[str], Trial]
) -> None:
    assert told(trial_of("ordinary"), definition, parameter, NOTHING) == []


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"by": "indices", "values": ["99"]}, "column_selection_0060"),
        ({"by": "indices", "values": ["1-"]}, "column_selection_0059"),
    ],
)
def test_indices_are_checked_before_a_run(rule: dict[str, Any], code: str, trial_of: Callable[[str], Trial]) -> None:
    definition = CATALOG.get("select_columns_in_dataset")
    parameter = definition.spec.parameter("columns")
    assert parameter is not None
    value = {"base": "none", "rules": [{"op": "include", **rule}]}
    found = told(trial_of("ordinary"), definition, parameter, value)
    assert found == [(code, "select_columns_in_dataset", "params.columns", None)]


@pytest.mark.parametrize(("definition", "parameter"), SELECTIONS)
@pytest.mark.parametrize(("value", "code", "column"), [(NOWHERE, "0001", "nowhere"), (NOTHING, "0011", None)])
def test_a_run_refuses_what_could_not_be_told_before(
    definition: Definition,
    parameter: Parameter,
    value: Any,
    code: str,
    column: str | None,
    trial_of: Callable[[str], Trial],
) -> None:
    """As where the columns that arrive are known after a run only."""
    if value is NOTHING and parameter.optional and parameter.kind == "columns":
        pytest.skip("may be empty")
    trial = trial_of("ordinary")
    plan = trial.compile(nodes_with(definition, parameter, ["number"]), definition.spec.id)
    *before, last = plan.steps
    changed = last.model_copy(update={"params": {**last.params, parameter.name: value}})
    outcome = trial.run(plan.model_copy(update={"steps": (*before, changed)}))[definition.spec.id]
    assert isinstance(outcome, Failed)
    failure = outcome.failure
    expected = (code, definition.spec.id, parameter.name, parameter.port, column)
    assert (failure.code, failure.module, failure.parameter, failure.port, failure.column) == expected


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_an_input_that_is_not_connected_is_told_before_a_run(
    definition: Definition, trial_of: Callable[[str], Trial]
) -> None:
    needed = {port.name for port in definition.spec.inputs if port.required}
    nodes = {definition.spec.id: {"module": definition.spec.id}}
    problems = [item for item in trial_of("ordinary").examine(nodes).problems if item.code == "missing_input"]
    assert {item.key for item in problems} == {f"inputs.{name}" for name in needed}
    assert {item.node for item in problems} <= {definition.spec.id}

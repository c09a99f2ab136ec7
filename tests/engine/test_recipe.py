"""What a result depends on, and what it does not."""

import pytest
from pydantic import JsonValue

from designer.engine.recipe import Recipe, recipe_of
from designer.graph.plan import Step

STEP = Step(
    node="split",
    kind="module",
    module="split_data",
    version=1,
    entry="modules.data_transformation.split_data:split_data",
    fingerprint="f",
    params={"seed": 0, "fraction_of_rows": 0.5},
)
INPUTS = {"dataset": ("a" * 64,)}


def key(step: Step, inputs: dict[str, tuple[str, ...]] = INPUTS) -> str:
    recipe = recipe_of(step, inputs)
    assert recipe is not None
    return recipe.key


def test_the_name_of_a_node_is_not_part_of_the_key() -> None:
    assert key(STEP) == key(STEP.model_copy(update={"node": "other", "retries": 2, "timeout_seconds": 9}))


@pytest.mark.parametrize(
    "change", [{"module": "x"}, {"version": 2}, {"fingerprint": "g"}, {"params": {"seed": 1, "fraction_of_rows": 0.5}}]
)
def test_what_the_result_depends_on_is(change: dict[str, JsonValue]) -> None:
    assert key(STEP) != key(STEP.model_copy(update=change))


def test_the_content_of_the_inputs_is() -> None:
    assert key(STEP) != key(STEP, {"dataset": ("b" * 64,)})


def test_the_order_of_parameters_is_not() -> None:
    assert key(STEP) == key(STEP.model_copy(update={"params": {"fraction_of_rows": 0.5, "seed": 0}}))


def test_versions_of_libraries_are() -> None:
    recipe = recipe_of(STEP, INPUTS)
    assert recipe is not None
    assert {"python", "polars", "scikit-learn"} <= set(recipe.environment)
    other = recipe.model_copy(update={"environment": {**recipe.environment, "polars": "0"}})
    assert other.key != recipe.key


def test_a_recipe_survives_json_with_its_key() -> None:
    recipe = recipe_of(STEP, INPUTS)
    assert recipe is not None
    assert Recipe.model_validate_json(recipe.model_dump_json()).key == recipe.key


@pytest.mark.parametrize("change", [{"deterministic": False}, {"allow_reuse": False}])
def test_what_must_not_be_reused_has_none(change: dict[str, JsonValue]) -> None:
    assert recipe_of(STEP.model_copy(update=change), INPUTS) is None

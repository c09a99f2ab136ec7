"""Web Service Input and Output: they pass tables on, and their names differ."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from designer.graph.checks import check
from designer.graph.graph import build
from designer.graph.reading import read
from modules import catalog
from modules.kit import EmptyInput, Table
from modules.web_service.web_service_input import web_service_input
from modules.web_service.web_service_output import web_service_output
from tests.modules.truth import assert_promise_is_kept

TABLE = Table(pl.LazyFrame({"a": [1, 2], "\u0431": ["x", None]}), {"a": "label"}, frozenset({"\u0431"}))


@pytest.mark.parametrize("module", ["web_service_input", "web_service_output"])
def test_a_run_passes_the_table_on_with_its_roles(module: str, tmp_path: Path) -> None:
    assert assert_promise_is_kept(tmp_path, module, {"dataset": TABLE}) == {f"{module}_data"}


@pytest.mark.parametrize("module", [web_service_input, web_service_output])
def test_a_name_is_needed(module: Any) -> None:
    with pytest.raises(EmptyInput) as caught:
        module(TABLE, name=" ")
    assert (caught.value.code, caught.value.parameter) == ("0003", "name")


def problems(**nodes: dict[str, Any]) -> list[tuple[str, str | None]]:
    data = {"data": {"module": "enter_data_manually", "params": {"data": "a\n1"}}}
    full = {key: {"inputs": {"dataset": "data.dataset"}, **node} for key, node in nodes.items()}
    document = read({"format": "designer/pipeline@1", "nodes": {**data, **full}})
    return [(found.code, found.node) for found in check(build(document, catalog.load(), {}))]


def test_two_inputs_of_one_name_are_told() -> None:
    node = {"module": "web_service_input"}
    assert problems(first=node, second=node) == [("value_used_twice", "second")]
    assert problems(first=node, second={**node, "params": {"name": "other"}}) == []
    assert problems(first=node, second={**node, "disabled": True}) == []


def test_an_input_and_an_output_may_have_one_name() -> None:
    same = {"params": {"name": "rows"}}
    assert (
        problems(first={"module": "web_service_input", **same}, second={"module": "web_service_output", **same}) == []
    )

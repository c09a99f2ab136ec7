"""A text is read and examined in one go: every error at once, each with its line."""

import pytest

from designer.errors import InvalidDocument, Problem
from designer.graph.examination import read_and_examine
from designer.graph.graph import DatasetEntry
from modules.kit import Catalog

BAD = """\
format: designer/pipeline@1
nodes:
  cars: {dataset: cars}
  split:
    module: halve
    commment: divide
    inputs: {dataset: cars}
    params:
      share: 7
  keep:
    module: keep_column
    inputs:
      dataset: split
  split:
    module: halve
"""


def problems_of(text: str, catalog: Catalog, datasets: dict[str, DatasetEntry]) -> list[Problem]:
    with pytest.raises(InvalidDocument) as caught:
        read_and_examine(text, catalog, datasets)
    return caught.value.problems


def test_shape_and_graph_problems_are_told_together(catalog: Catalog, datasets: dict[str, DatasetEntry]) -> None:
    found = {(p.code, p.node, p.line) for p in problems_of(BAD, catalog, datasets)}
    assert found == {
        ("duplicate_key", None, 14),
        ("unknown_key", "split", 6),
        ("wrong_value", "split", 9),
        ("unknown_module", "keep", 11),
        ("unknown_port", "keep", 13),
    }


@pytest.mark.parametrize("indent", ["  ", "\t"])
def test_json_has_lines_too(catalog: Catalog, datasets: dict[str, DatasetEntry], indent: str) -> None:
    lines = ["{", '"format": "designer/pipeline@1",', '"nodes": {"a": {', '"module": "halv"', "}}}"]
    text = "\n".join(indent + line for line in lines).lstrip()
    assert [p.line for p in problems_of(text, catalog, datasets) if p.code == "unknown_module"] == [4]


def test_a_good_text_is_examined(catalog: Catalog, datasets: dict[str, DatasetEntry]) -> None:
    text = "format: designer/pipeline@1\nnodes: {cars: {dataset: cars@1}}"
    found = read_and_examine(text, catalog, datasets)
    assert found.problems == []
    assert found.to_json()["problems"] == []


def test_a_version_that_is_not_there_is_unknown(catalog: Catalog, datasets: dict[str, DatasetEntry]) -> None:
    text = "format: designer/pipeline@1\nnodes: {cars: {dataset: cars@2}}"
    assert [p.code for p in problems_of(text, catalog, datasets)] == ["unknown_dataset"]

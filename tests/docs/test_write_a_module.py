"""The example of docs/write-a-module.md works as the page says."""

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
import pytest

from modules.catalog import definitions_in
from modules.kit import Module, TableSchema, WrongColumnType
from modules.kit.schema import ColumnSchema

PAGE = Path(__file__).parents[2] / "docs" / "write-a-module.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
NAME = "modules.data_transformation.add_ratio"


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The first block as a file, under the name that the page gives it."""
    path = tmp_path / "add_ratio.py"
    path.write_text(BLOCKS[0], "utf-8")
    made = ModuleType(NAME)
    made.__file__ = str(path)
    exec(compile(BLOCKS[0], path, "exec"), made.__dict__)  # noqa: S102  our own page
    monkeypatch.setitem(sys.modules, NAME, made)
    return made


def test_the_file_is_a_module_of_its_folder(example: ModuleType) -> None:
    (found,) = definitions_in(example)
    spec = found.spec
    assert (spec.id, spec.title, spec.category) == ("add_ratio", "Add Ratio", "Data Transformation")
    assert [parameter.kind for parameter in spec.parameters] == ["column", "column", "text", "choice"]
    assert all(parameter.help for parameter in spec.parameters)


def test_the_call_gives_what_the_page_says(example: ModuleType) -> None:
    assert NAME in sys.modules
    exec(BLOCKS[1], {})  # noqa: S102  our own page


def test_the_function_is_lazy_from_end_to_end(example: ModuleType) -> None:
    empty = pl.LazyFrame(schema={"a": pl.Int64, "b": pl.Int64})
    result = example.add_ratio(empty, numerator="a", denominator="b")
    assert result.collect_schema() == {"a": pl.Int64, "b": pl.Int64, "ratio": pl.Float64}


def test_the_declared_columns_are_the_real_ones(example: ModuleType) -> None:
    add_ratio: Module[..., Any] = example.add_ratio
    exec(BLOCKS[2], {"add_ratio": add_ratio})  # noqa: S102  our own page
    assert add_ratio.schema_function is not None
    before = TableSchema((ColumnSchema("a", "Int64"),))
    assert add_ratio.schema_function(before, "ratio").names == ["a", "ratio"]
    assert add_ratio.schema_function(None, "ratio") is None


def test_a_text_is_refused_by_name(example: ModuleType) -> None:
    table = pl.LazyFrame({"a": [1], "b": ["x"]})
    with pytest.raises(WrongColumnType, match="`b`") as caught:
        example.add_ratio(table, numerator="a", denominator="b")
    assert caught.value.parameter == "denominator"

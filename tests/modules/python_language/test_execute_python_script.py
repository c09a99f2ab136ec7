"""Execute Python Script: tables in, tables out, through the sandbox."""

from pathlib import Path

import polars as pl
import pytest

from designer.engine.sandbox import Limits, ScriptSandbox
from modules.kit import Context, EmptyInput, ScriptFailed, Table
from modules.python_language.execute_python_script import TEMPLATE, Results, execute_python_script

TABLE = Table(pl.LazyFrame({"a": [1, 2], "b": ["x", None]}))


def run(script: str, folder: Path, *tables: Table) -> Results:
    sandbox = ScriptSandbox(Limits(wall_seconds=60), lambda _: None, folder)
    return execute_python_script(*tables, script=script, context=Context(folder, sandbox))


def test_the_template_passes_its_table_on(tmp_path: Path) -> None:
    first, second = run(TEMPLATE, tmp_path, TABLE)
    assert first.collect().equals(TABLE.frame.collect())
    assert second.collect().width == 0


def test_two_tables_come_out_of_two(tmp_path: Path) -> None:
    script = "def azureml_main(one, two):\n    return one.assign(c=1), two[['a']]"
    first, second = run(script, tmp_path, TABLE, TABLE)
    assert (first.collect().columns, second.collect().columns) == (["a", "b", "c"], ["a"])


def test_an_input_without_a_wire_is_none(tmp_path: Path) -> None:
    script = (
        "import pandas as pd\ndef azureml_main(one=None, two=None):\n    return pd.DataFrame({'none': [one is None]})"
    )
    assert run(script, tmp_path).result_dataset.collect().item() is True


def test_an_error_names_the_line_of_the_script(tmp_path: Path) -> None:
    with pytest.raises(ScriptFailed, match=r"line 2.*ZeroDivisionError") as caught:
        run("def azureml_main(one, two):\n    return 1 / 0", tmp_path, TABLE)
    assert "line 2, in azureml_main" in (caught.value.traceback or "")


def test_an_empty_script_is_told(tmp_path: Path) -> None:
    with pytest.raises(EmptyInput):
        run(" ", tmp_path)

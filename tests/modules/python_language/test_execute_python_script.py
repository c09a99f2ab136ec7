"""Execute Python Script: tables in, tables out, through the sandbox."""

import zipfile
from pathlib import Path

import polars as pl
import pytest

from designer.engine.sandbox import Limits, ScriptSandbox
from modules.kit import ArchiveNotReadable, Context, EmptyInput, File, NamesNotText, ScriptFailed, Table
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


def bundled(folder: Path, **files: str) -> File:
    path = folder / "scripts.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return File(path, path.name)


BUNDLED = (
    "import pandas as pd\nfrom tools.words import WORD\n"
    "def azureml_main(one=None, two=None):\n"
    "    return pd.DataFrame({'word': [WORD, open('./Script Bundle/data.txt').read()]}),\n"
)


def test_modules_and_files_of_a_bundle_are_found(tmp_path: Path) -> None:
    bundle = bundled(tmp_path, **{"tools__words.py": "WORD = 'found'", "data.txt": "read"})
    context = Context(tmp_path, ScriptSandbox(Limits(wall_seconds=60), lambda _: None, tmp_path))
    first, _ = execute_python_script(None, None, bundle, script=BUNDLED, context=context)
    assert first.collect()["word"].to_list() == ["found", "read"]


def test_a_bundle_cannot_write_beside_its_folder(tmp_path: Path) -> None:
    bundle = bundled(tmp_path, **{"..__..__result.json": "{}", "tools__words.py": "WORD = 1"})
    context = Context(tmp_path, ScriptSandbox(Limits(wall_seconds=60), lambda _: None, tmp_path))
    script = "import os\nimport pandas as pd\ndef azureml_main():\n    return pd.DataFrame({'n': os.listdir('..')})"
    first, _ = execute_python_script(None, None, bundle, script=script, context=context)
    assert "result.json" not in first.collect()["n"].to_list()


def test_a_bundle_that_is_no_zip_archive_is_0102(tmp_path: Path) -> None:
    path = tmp_path / "scripts.zip"
    path.write_bytes(b"PK and no more")
    context = Context(tmp_path, ScriptSandbox(Limits(wall_seconds=60), lambda _: None, tmp_path))
    with pytest.raises(ArchiveNotReadable) as caught:
        execute_python_script(None, None, File(path, path.name), script=BUNDLED, context=context)
    assert (caught.value.code, caught.value.port) == ("0102", "script_bundle")


@pytest.mark.parametrize("columns", ["[1]", "pd.MultiIndex.from_tuples([('a', 'b')])"])
def test_column_names_that_are_no_text_are_0155(columns: str, tmp_path: Path) -> None:
    script = f"import pandas as pd\ndef azureml_main():\n    return pd.DataFrame([[1]], columns={columns})"
    with pytest.raises(NamesNotText, match="column name") as caught:
        run(script, tmp_path)
    assert caught.value.code == "0155"

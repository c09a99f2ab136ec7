"""Scripts of users: what they may return, and what happens to those that misbehave."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import psutil
import pytest

from designer.engine.family import family
from designer.engine.sandbox import Limits, ScriptSandbox
from modules.kit import ModuleError, OutOfMemory, ScriptFailed, Table, TookTooLong

CARS = Table(pl.LazyFrame({"price": [1.5, None], "make": ["a", "b"]}))
LIMITS = Limits(wall_seconds=60, memory_bytes=600_000_000, file_bytes=10_000_000, process_count=20)


def run(script: str, *inputs: Table | None, limits: Limits = LIMITS) -> list[pl.DataFrame]:
    return ScriptSandbox(limits, lambda text: None).run_python(script, inputs)


def failure(script: str, *inputs: Table | None, limits: Limits = LIMITS) -> ModuleError:
    with pytest.raises(ModuleError) as caught:
        run(script, *inputs, limits=limits)
    return caught.value


def returning(expression: str) -> str:
    return f"import pandas as pd\ndef azureml_main(dataframe1=None, dataframe2=None):\n    return {expression}\n"


def test_a_table_goes_in_as_pandas_and_comes_out() -> None:
    (found,) = run(
        "def azureml_main(dataframe1=None, dataframe2=None):\n"
        "    assert dataframe2 is None\n"
        "    dataframe1['twice'] = dataframe1['price'] * 2\n"
        "    return dataframe1,\n",
        CARS,
        None,
    )
    assert found.to_dict(as_series=False) == {"price": [1.5, None], "make": ["a", "b"], "twice": [3.0, None]}


@pytest.mark.parametrize(
    ("expression", "heights"),
    [
        ("pd.DataFrame({'a': [1, 2]})", [2]),
        ("(pd.DataFrame({'a': [1]}), pd.DataFrame({'b': []}))", [1, 0]),
        ("[pd.DataFrame({'a': [1]})]", [1]),
        ("(pd.DataFrame({'a': [1]}), None)", [1]),
        ("None", []),
        ("()", []),
    ],
)
def test_what_a_script_may_return(expression: str, heights: list[int]) -> None:
    assert [frame.height for frame in run(returning(expression))] == heights


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("3", "returned int; a pandas DataFrame or a tuple of them is expected"),
        ("pd.Series([1])", "`.to_frame()` makes a table of it"),
        ("(None, pd.DataFrame())", "returned NoneType as value 1"),
        ("(pd.DataFrame(),) * 3", "returned 3 values; at most 2 tables"),
        ("pd.DataFrame([[1, 2]], columns=['a', 'a'])", "the column name `a` stands twice"),
        ("pd.DataFrame({'a': [1, 'x']})", "Column `a` of what `azureml_main` returned holds values of types"),
        ("pd.DataFrame({'a': [object()]})", "Column `a`"),
    ],
)
def test_what_it_may_not_return_is_told_in_words(expression: str, said: str) -> None:
    error = failure(returning(expression))
    assert isinstance(error, ScriptFailed)
    assert said in error.message


@pytest.mark.parametrize(
    "head", ["azureml_main()", "azureml_main(one)", "azureml_main(*tables)", "azureml_main(one, two, three=3)"]
)
def test_a_function_gets_as_many_tables_as_it_takes(head: str) -> None:
    assert run(f"def {head}:\n    pass\n", CARS, CARS) == []


def test_every_type_of_column_survives() -> None:
    frame = pl.DataFrame(
        {
            "whole": [1, 2],
            "flag": [True, False],
            "day": pl.Series(["2020-01-01", None]).str.to_date(),
            "text": ["ä", None],
            "kind": pl.Series(["x", "y"], dtype=pl.Categorical),
        }
    )
    (found,) = run(returning("dataframe1"), Table(frame.lazy()))
    assert found.cast({"day": pl.Date}).equals(frame)


def test_the_traceback_shows_the_script_with_its_own_lines() -> None:
    error = failure("import pandas as pd\n\ndef azureml_main(dataframe1):\n    return dataframe1['prize']\n", CARS)
    assert error.message == "The script failed in line 4: KeyError: 'prize'"
    assert error.parameter == "script"
    assert error.traceback is not None
    assert "File \"<script>\", line 4, in azureml_main\n    return dataframe1['prize']" in error.traceback
    assert "script_runner" not in error.traceback
    assert "site-packages" not in error.traceback


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("def azureml_main(:\n    pass", "The script failed in line 1: SyntaxError"),
        ("x = 1\nx = 1 / 0", "The script failed in line 2: ZeroDivisionError: division by zero"),
        ("x = 1", "The script defines no function `azureml_main`"),
        ("import sys\nsys.exit(3)", "The script ended in line 2: sys.exit(3) was called"),
        ("import os\nos._exit(3)", "The script ended its process (exit code 3) before `azureml_main` returned"),
        ("import os\nos.kill(os.getpid(), 11)", "The script ended its process (signal SIGSEGV)"),
        ("import sys\nsys.stdout = None\ndef azureml_main():\n    return 1", "returned int"),
    ],
)
def test_each_way_to_fail_has_its_words(script: str, said: str) -> None:
    assert said in failure(script).message


def test_a_loop_without_end_is_stopped() -> None:
    error = failure("while True: pass", limits=Limits(wall_seconds=1))
    assert isinstance(error, TookTooLong)
    assert error.message == "The script did not end within 1 s"


def test_a_giant_allocation_fails_at_once() -> None:
    error = failure("import numpy as np\nx = np.ones(50 * 2**27)")
    assert isinstance(error, OutOfMemory)
    assert "failed in line 2 and asked for too much memory" in error.message


def test_memory_that_grows_is_stopped_with_the_size_it_reached() -> None:
    error = failure("keep = []\nwhile True:\n    keep.append(bytes(range(256)) * 40_000)")
    assert isinstance(error, OutOfMemory)
    assert re.search(r"(reached|used) [\d,]+ MB", error.message)


def test_shared_memory_counts_too() -> None:
    script = "import mmap, time\nm = mmap.mmap(-1, 2_000_000_000)\nm.write(b'x' * 1_500_000_000)\ntime.sleep(30)"
    assert isinstance(failure(script, limits=Limits(memory_bytes=2 << 29)), OutOfMemory)


def descendants() -> set[int]:
    """Processes of this one that run; other tests may keep some for the whole session."""
    return {process.pid for process in family(os.getpid())[1:] if process.status() != psutil.STATUS_ZOMBIE}


def test_a_fork_bomb_is_ended_whole() -> None:
    before = descendants()
    error = failure("import os\nwhile True:\n    os.fork()")
    assert "processes; 20 are allowed" in error.message
    assert descendants() <= before


def test_a_copy_of_the_process_returns_nothing() -> None:
    assert run("import os\nimport pandas as pd\ndef azureml_main():\n    os.fork()\n    return pd.DataFrame()") != []


def test_what_leaves_the_group_is_ended_too() -> None:
    script = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        print('escaped', flush=True)\n"
        "        time.sleep(60)\n"
        "    os._exit(0)\n"
        "time.sleep(0.5)\n"
        "def azureml_main(): pass\n"
    )
    before = descendants()
    heard: list[str] = []
    assert ScriptSandbox(LIMITS, heard.append).run_python(script, []) == []
    assert "".join(heard) == "escaped\n"
    assert descendants() <= before


def test_what_others_start_meanwhile_goes_on() -> None:
    starter = "import subprocess, time; time.sleep(0.5); subprocess.run(['sleep', '600'])"
    with subprocess.Popen([sys.executable, "-c", starter], start_new_session=True) as other:  # noqa: S603  our own code
        run("import time\ntime.sleep(1)\ndef azureml_main(): pass")
        started = [process.name() for process in family(other.pid)[1:]]
        os.killpg(other.pid, signal.SIGKILL)
    assert started == ["sleep"]


def test_a_file_cannot_outgrow_its_limit() -> None:
    error = failure("with open('big', 'wb') as file:\n    file.write(bytes(20_000_000))")
    assert "File too large" in error.message


def test_the_environment_holds_nothing_of_the_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    (found,) = run(returning("pd.DataFrame({'name': sorted(__import__('os').environ)})"))
    assert not {"DATABASE_URL", "AWS_SECRET_ACCESS_KEY", "DESIGNER_SECRET_KEY"} & set(found["name"])


def test_the_product_cannot_be_imported() -> None:
    assert "ModuleNotFoundError" in failure("import designer").message


def test_what_a_script_prints_is_heard_while_it_runs() -> None:
    heard: list[tuple[float, str]] = []
    sandbox = ScriptSandbox(LIMITS, lambda text: heard.append((time.monotonic(), text)))
    script = "import sys, time\nprint('one')\ntime.sleep(0.5)\nprint('two', file=sys.stderr)\ndef azureml_main(): pass"
    sandbox.run_python(script, [])
    assert "".join(text for _, text in heard) == "one\ntwo\n"
    assert heard[-1][0] - heard[0][0] > 0.3


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    ScriptSandbox(LIMITS, lambda text: None, tmp_path).run_python("def azureml_main(): pass", [CARS])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "trick",
    [
        "os.symlink('/etc/passwd', folder / 'result0.arrow')",
        "os.symlink('/etc/passwd', folder / 'result.json')",
        "(folder / 'result.json').write_text('[1]')",
        "(folder / 'result.json').write_text('{\"tables\": [\"../../etc/passwd\"]}')",
    ],
)
def test_a_forged_result_opens_no_other_file(trick: str) -> None:
    script = f"import os, pathlib\nfolder = pathlib.Path.cwd().parent\n{trick}\n"
    forged = script + "(folder / 'result.json').exists() or (folder / 'result.json').write_text("
    check: Callable[[], ModuleError] = lambda: failure(forged + '\'{"tables": ["result0.arrow"]}\')\nos._exit(0)')  # noqa: E731  used twice below
    assert isinstance(check(), ScriptFailed)

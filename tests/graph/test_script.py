"""Pipelines as plain Python."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from designer.engine import plain_context
from designer.engine.sandbox import Limits, ScriptSandbox
from designer.graph.examination import examine
from designer.graph.export.program import Program, program_of
from designer.graph.export.source import Source
from designer.graph.export.style import complaints
from designer.graph.graph import DatasetEntry
from designer.graph.plan import compile_plan
from designer.graph.reading import read
from designer.graph.script import script_of
from designer.store.artifacts import Store
from modules import catalog
from modules.kit import Context, Sandbox, Table, TableSchema
from tests.exporting.programs import interpreter, write_program

ROWS = pl.DataFrame({"a": [1, 2, 3, 4], "b": [0.5, None, 1.5, 2.0], "name": ["x", "y", "x", None]})
COLUMNS = {"base": "none", "rules": [{"op": "include", "by": "types", "values": ["numeric"]}]}
SCRIPT = """import pandas as pd

FACTOR = 2


def doubled(values):
    return values * FACTOR


def azureml_main(dataframe1=None, dataframe2=None):
    # twice as much
    dataframe1["twice"] = doubled(dataframe1["a"])
    return dataframe1, pd.DataFrame({"rows": [len(dataframe1)]})
"""

Exported = Callable[..., tuple[Program, str, Path]]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.in_folder(tmp_path / "store")


@pytest.fixture
def exported(store: Store, tmp_path: Path) -> Exported:
    """Exports nodes over a small table; a file of that program."""

    def export(parameters: dict[str, Any] | None = None, **nodes: Any) -> tuple[Program, str, Path]:
        table = Table(ROWS.lazy(), {"name": "label"}, frozenset({"name"}))
        entry = DatasetEntry("data", 1, store.save(table, "Table").digest, TableSchema.of(table))
        document = {
            "format": "designer/pipeline@1",
            "name": 'A "name" \\ of ours',
            "parameters": parameters or {},
            "nodes": {"rows": {"dataset": "data"}, **nodes},
        }
        graph = examine(read(document), catalog.load(), {"data": entry}).graph
        path, program = write_program(graph, compile_plan(graph), store, tmp_path)
        return program, path.read_text("utf-8"), path

    return export


def values_of(program: Program, path: Path) -> dict[str, Any]:
    with interpreter(path.parent) as running:
        answer = running.run(path, [step.variable for step in program.steps], path.parent)
    assert "error" not in answer, answer["error"]["said"]
    return answer["values"]  # type: ignore[no-any-return]  # any value


def select(**params: Any) -> dict[str, Any]:
    return {"module": "select_columns_in_dataset", "inputs": {"dataset": "rows"}, "params": params}


def main_of(text: str) -> str:
    return text.partition("def main(")[2].partition("\n\n\n")[0]


def test_nothing_of_ours_is_imported(exported: Exported) -> None:
    _, text, _ = exported(kept=select(columns=["a"]))
    imports = [line for line in text.splitlines() if line.startswith(("import ", "from "))]
    assert [line for line in imports if "modules" in line or "designer" in line] == []


def test_a_comment_stands_above_its_step(exported: Exported) -> None:
    _, text, _ = exported(kept={**select(columns=["a"]), "comment": "Only\nthe first"})
    assert "    # Only\n    # the first\n    kept = " in main_of(text)


def test_columns_are_written_as_the_names_that_they_mean(exported: Exported) -> None:
    _, text, _ = exported(kept=select(columns=COLUMNS))
    assert 'KEPT_COLUMNS = ["a", "b"]' in text


def test_columns_that_no_one_knows_before_the_run_are_chosen_by_it(exported: Exported) -> None:
    script = {"module": "execute_python_script", "inputs": {"dataset1": "rows"}, "params": {"script": SCRIPT}}
    node = {**select(columns=COLUMNS), "inputs": {"dataset": "changed.result_dataset"}}
    program, text, path = exported(changed=script, kept=node)
    assert "resolve(" in main_of(text)
    rows = pl.read_ipc(values_of(program, path)["kept"]["rows"])
    assert rows.columns == ["a", "b", "twice"]


def test_a_script_comes_out_as_its_own_functions(exported: Exported) -> None:
    script = {"module": "execute_python_script", "inputs": {"dataset1": "rows"}, "params": {"script": SCRIPT}}
    program, text, path = exported(first=script, second=script)
    assert "def first_azureml_main(dataframe1=None, dataframe2=None):\n    # twice as much" in text
    assert "return values * SECOND_FACTOR" in text
    found = values_of(program, path)["second"]
    assert pl.read_ipc(found["result_dataset"]["rows"])["twice"].to_list() == [2, 4, 6, 8]
    assert found["result_dataset"]["roles"] == {"name": "label"}


@pytest.mark.parametrize(
    "first_line", ["print('at once')", "from math import *", "import numpy as np; np.random.seed(1)"]
)
def test_a_script_that_does_something_at_once_does_so_when_its_node_runs(exported: Exported, first_line: str) -> None:
    node = {
        "module": "execute_python_script",
        "inputs": {"dataset1": "rows"},
        "params": {"script": f"{first_line}\n{SCRIPT}"},
    }
    program, text, path = exported(changed=node)
    assert "def changed_azureml_main" not in text
    found = values_of(program, path)["changed"]
    assert pl.read_ipc(found["result_dataset"]["rows"])["twice"].to_list() == [2, 4, 6, 8]


def test_a_script_gives_what_it_gives_in_the_sandbox(exported: Exported) -> None:
    node = {"module": "execute_python_script", "inputs": {"dataset1": "rows"}, "params": {"script": SCRIPT}}
    program, _, path = exported(changed=node)
    given = ScriptSandbox(Limits(), lambda _: None).run_python(SCRIPT, [Table(ROWS.lazy()), None])
    found = values_of(program, path)["changed"]
    assert [pl.read_ipc(found[port]["rows"]).to_dicts() for port in found] == [frame.to_dicts() for frame in given]
    assert [pl.read_ipc(found[port]["rows"]).schema for port in found] == [frame.schema for frame in given]


def test_a_persons_own_lint_is_excused(exported: Exported) -> None:
    text = SCRIPT.replace("    # twice as much\n", "    l = 1\n    try:\n        pass\n    except:\n        pass\n")
    node = {"module": "execute_python_script", "inputs": {"dataset1": "rows"}, "params": {"script": text}}
    _, code, _ = exported(changed=node)
    assert "l = 1  # noqa: E741, F841" in code
    assert "except:  # noqa: E722" in code


def test_two_nodes_of_a_module_share_its_function(exported: Exported) -> None:
    _, text, _ = exported(one=select(columns=["a"]), other=select(columns=["b"]))
    assert text.count("def select_columns_in_dataset(") == 1


def test_a_pipeline_parameter_is_one_constant_for_all_its_nodes(exported: Exported) -> None:
    split = {
        "module": "split_data",
        "inputs": {"dataset": "rows"},
        "params": {"fraction_of_rows": {"$parameter": "share"}},
    }
    _, text, _ = exported({"share": {"type": "float", "default": 0.25}}, one=split, other=split)
    assert "SHARE = 0.25\n" in text
    assert main_of(text).count("fraction_of_rows=SHARE") == 2


def test_seeds_are_those_of_the_plan(exported: Exported) -> None:
    program, text, _ = exported(learner={"module": "two_class_logistic_regression"})
    [constant] = program.steps[-1].constants if program.steps[-1].node == "learner" else program.steps[0].constants
    assert constant.name == "LEARNER_SEED"
    assert f"seed={constant.name}" in main_of(text)


@pytest.mark.parametrize(
    "node", ["split_data", "main", "output", "pl", "list", "class", "l", "computed", "Table", "a-b", "x" * 64]
)
def test_any_name_of_a_node_will_do(exported: Exported, node: str) -> None:
    program, _, path = exported(**{node: {"module": "split_data", "inputs": {"dataset": "rows"}}})
    [step] = [step for step in program.steps if step.node == node]
    assert len(values_of(program, path)[step.variable]) == 2


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n",
        "one line",
        'quotes """ and \\ back\n',
        "trailing \nspace",
        "long " * 100,
        "tab\there\n",
        "\x00\n",
        "…" * 300,
    ],
)
def test_any_text_comes_through(exported: Exported, text: str) -> None:
    _, code, _ = exported(typed={"module": "enter_data_manually", "params": {"data": text}})
    found: dict[str, Any] = {}
    line = code.partition("TYPED_DATA = ")[2]
    end = line.index("\n\n\n")
    exec("DATA = " + line[:end], found)  # noqa: S102  the code under test
    assert found["DATA"] == text


def test_the_columns_roles_of_a_dataset_are_kept(exported: Exported) -> None:
    program, _, path = exported(kept=select(columns=["a", "name"]))
    found = values_of(program, path)["kept"]
    assert (found["roles"], found["categorical"]) == ({"name": "label"}, ["name"])


def test_the_header_names_the_packages_in_their_versions(exported: Exported) -> None:
    program, text, _ = exported(kept=select(columns=["a"]))
    assert text.startswith('# /// script\n# requires-python = ">=3.11"\n')
    assert f'#     "polars=={pl.__version__}",\n' in text
    assert [requirement.partition("==")[0] for requirement in program.requirements] == ["polars"]


def test_a_module_that_is_gone_is_named(exported: Exported, store: Store) -> None:
    document = read({"format": "designer/pipeline@1", "nodes": {"learner": {"module": "linear_regression"}}})
    graph = examine(document, catalog.load(), {}).graph
    plan = compile_plan(graph)
    gone = plan.model_copy(update={"steps": (plan.steps[0].model_copy(update={"module": "gone"}),)})
    with pytest.raises(Exception, match="'gone@1' is no longer there"):
        program_of(Source(graph, gone, {}))


def test_a_program_is_written_the_same_each_time(exported: Exported) -> None:
    program, text, path = exported(kept=select(columns=["a"]))
    assert script_of(program, path.name) == text
    assert complaints(text, path.name) == ""


R_SCRIPT = """azureml_main <- function(dataframe1, dataframe2) {
  dataframe1$twice <- dataframe1$a * 2
  list(dataset1 = dataframe1, dataset2 = data.frame(drawn = runif(2)))
}
"""


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_an_r_script_gives_what_it_gives_in_the_sandbox(exported: Exported) -> None:
    params = {"script": R_SCRIPT, "random_seed": 7}
    program, _, path = exported(
        changed={"module": "execute_r_script", "inputs": {"dataset1": "rows"}, "params": params}
    )
    inputs = [Table(ROWS.lazy(), categorical=frozenset({"name"})), None]
    given = ScriptSandbox(Limits(), lambda _: None).run_r(R_SCRIPT, inputs, seed=7)
    found = values_of(program, path)["changed"]
    frames = [pl.read_ipc(found[port]["rows"]) for port in found]
    assert [frame.to_dicts() for frame in frames] == [frame.to_dicts() for frame in given]


def public_names(kind: type[object]) -> set[str]:
    return {name for name in dir(kind) if not name.startswith("_")}


def test_a_program_has_all_that_steps_are_given_in_a_run() -> None:
    assert public_names(Context) <= public_names(plain_context.Context)
    assert public_names(Sandbox) <= public_names(plain_context.Sandbox)


def test_a_learner_of_a_script_is_trained_and_used(exported: Exported) -> None:
    script = """import pandas as pd


class AzureMLModel:
    def train(self, features, label):
        self.mean = label.mean()

    def predict(self, features):
        return pd.DataFrame({"Scored Labels": [self.mean] * len(features)})
"""
    program, _, path = exported(
        learner={"module": "create_python_model", "params": {"script": script}},
        train={
            "module": "train_model",
            "inputs": {"untrained_model": "learner", "dataset": "rows"},
            "params": {"label_column": "a"},
        },
        score={"module": "score_model", "inputs": {"trained_model": "train", "dataset": "rows"}},
    )
    rows = pl.read_ipc(values_of(program, path)["score"]["rows"])
    assert rows["Scored Labels"].to_list() == [2.5] * 4

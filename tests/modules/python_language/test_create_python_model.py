"""Create Python Model: checked here, trained and used in the sandbox."""

from pathlib import Path

import polars as pl
import pytest

from designer.engine.sandbox import Limits, ScriptSandbox
from designer.store.artifacts import Store
from modules.kit import (
    ColumnNotFound,
    Context,
    DuplicateColumn,
    EmptyInput,
    FeatureMissing,
    MissingLabel,
    PredictiveModel,
    ScriptFailed,
    ScriptLearner,
    ScriptModel,
    Table,
    TypesDiffer,
    WrongLearner,
)
from modules.model_scoring_and_evaluation.evaluate_model import evaluate_model
from modules.model_scoring_and_evaluation.score_model import score_model
from modules.model_training.train_model import train_model
from modules.python_language.create_python_model import TEMPLATE, create_python_model

pytestmark = pytest.mark.filterwarnings("ignore:1 row")

TABLE = Table(
    pl.LazyFrame(
        {
            "size": [1.0, 2.0, 8.0, 9.0, 1.5, 8.5],
            "weight": [2, 1, 7, 9, 2, 8],
            "kind": ["a", "a", "b", "b", "a", None],
        }
    )
)
MEAN = """
import os
import pandas as pd
class AzureMLModel:
    def __init__(self):
        self.model = None
    def train(self, df_train, df_label):
        print("trained on", list(df_train.columns), len(df_label))
        self.model = df_label.value_counts().idxmax()
        open("trained-here", "w").close()
    def predict(self, df):
        assert not os.path.exists("trained-here")
        return pd.DataFrame({"Most": [self.model] * len(df)})
"""


@pytest.fixture
def context(tmp_path: Path) -> Context:
    heard: list[str] = []
    made = Context(tmp_path, ScriptSandbox(Limits(wall_seconds=60), heard.append, tmp_path))
    made.logged = heard
    return made


def trained(context: Context, script: str = MEAN, table: Table = TABLE, label: str = "kind") -> PredictiveModel:
    return train_model(create_python_model(script=script), table, label_column=label, context=context)


def test_the_template_learns_is_scored_and_can_even_be_evaluated(context: Context) -> None:
    scored = score_model(trained(context, TEMPLATE), TABLE, context=context)
    rows = scored.frame.collect()
    assert rows["Scored Labels"].to_list() == ["a", "a", "b", "b", "a", "b"]
    assert rows.columns == ["size", "weight", "kind", "Scored Labels", "Scored Probabilities"]
    assert dict(scored.roles) == {
        "kind": "label",
        "Scored Labels": "scored_labels",
        "Scored Probabilities": "scored_probabilities",
    }
    assert evaluate_model(scored, context=Context()).frame.collect()["Accuracy"].item() == 1


def test_training_and_scoring_are_different_processes_and_the_script_is_run_in_both(context: Context) -> None:
    model = trained(context)
    assert "".join(context.logged) == "trained on ['size', 'weight'] 5\n"
    found = score_model(model, TABLE, append_score_columns_to_output=False, context=context).frame.collect()
    assert found.columns == ["kind", "Most"]
    assert found["Most"].unique().to_list() == ["a"]


def test_the_script_is_never_run_and_the_state_never_read_outside_of_the_sandbox(
    context: Context, tmp_path: Path
) -> None:
    script = MEAN + "\n    def __reduce__(self):\n        return (open, ('/proc/self/nonsense',))\n"
    learner = create_python_model(script=script)
    model = trained(context, script)
    store = Store.in_folder(tmp_path / "store")
    kept = [store.load(store.save(value, "PredictiveModel").digest) for value in (learner, model)]
    assert isinstance(kept[0], ScriptLearner)
    assert isinstance(kept[1], ScriptModel)
    with pytest.raises(ScriptFailed, match="nonsense"):
        score_model(kept[1], TABLE, context=context)


def test_a_neutral_name_of_the_class_will_do(context: Context) -> None:
    model = trained(context, MEAN.replace("AzureMLModel", "PythonModel"))
    assert score_model(model, TABLE, context=context).names[-1] == "Most"


def test_text_and_missing_values_arrive_as_they_are(context: Context) -> None:
    script = (
        "import pandas as pd\n"
        "class AzureMLModel:\n"
        "    def train(self, x, y): self.seen = x['kind'].isna().sum()\n"
        "    def predict(self, x): return pd.DataFrame({'missing': x['kind'].isna(), 'seen': self.seen})\n"
    )
    found = score_model(trained(context, script, label="size"), TABLE, context=context).frame.collect()
    assert found["missing"].to_list() == [False] * 5 + [True]
    assert found["seen"].unique().to_list() == [1]


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("class AzureMLModel:\n  def f(:", "cannot be read in line 2"),
        ("class azuremlmodel: pass", "defines no class `AzureMLModel`"),
        ("class AzureMLModel:\n  def predict(self, df): pass", r"line 1 has no method `train\(self, df_train, df_l"),
        ("class AzureMLModel:\n  def train(self, a, b): pass", r"no method `predict\(self, df\)`"),
        ("class AzureMLModel:\n  def train(self, a): pass\n  def predict(self, df): pass", "`train` in line 2 is exp"),
        ("class AzureMLModel:\n  def train(s, a, b, *, c): pass\n  def predict(s, d): pass", "`train` in line 2"),
    ],
)  # fmt: skip
def test_a_script_without_the_class_is_told_before_anything_runs(script: str, said: str) -> None:
    with pytest.raises(ScriptFailed, match=said) as caught:
        create_python_model(script=script)
    assert (caught.value.code, caught.value.parameter) == ("0085", "script")


def test_an_empty_script_is_0003() -> None:
    with pytest.raises(EmptyInput):
        create_python_model(script="  ")


@pytest.mark.parametrize(
    ("train", "predict", "said"),
    [
        ("1 / 0", "None", r"failed in line 3: ZeroDivisionError"),
        ("setattr(self, 'f', lambda: 0)", "None", "cannot be kept"),
        ("None", "None", "`predict` returned nothing"),
        ("None", "3", "`predict` returned int"),
        ("None", "x.rename(columns=str.upper).head(2)", "`predict` returned 2 rows for 6 rows"),
        ("None", "x['no']", "failed in line 4: KeyError"),
    ],
)
def test_what_fails_in_the_script_has_its_words(context: Context, train: str, predict: str, said: str) -> None:
    script = (
        "import pandas as pd\n"
        "class AzureMLModel:\n"
        f"    def train(self, x, y): {train}\n"
        f"    def predict(self, x): return {predict}\n"
    )
    with pytest.raises(ScriptFailed, match=said):
        score_model(trained(context, script), TABLE, context=context)


def test_scores_with_the_name_of_a_column_are_0028(context: Context) -> None:
    with pytest.raises(DuplicateColumn) as caught:
        score_model(trained(context, MEAN.replace('"Most"', '"kind"')), TABLE, context=context)
    assert (caught.value.code, caught.value.column) == ("0028", "kind")


def test_features_are_found_by_name_and_type(context: Context) -> None:
    model = trained(context)
    with pytest.raises(ColumnNotFound):
        score_model(model, Table(TABLE.frame.drop("weight")), context=context)
    with pytest.raises(TypesDiffer):
        score_model(model, Table(TABLE.frame.with_columns(pl.lit("x").alias("weight"))), context=context)
    assert score_model(model, Table(TABLE.frame.select("weight", "size")), context=context).names == [
        *("weight", "size", "Most")
    ]


def test_what_cannot_be_learnt_from_has_its_code(context: Context) -> None:
    with pytest.raises(FeatureMissing):
        trained(context, table=Table(TABLE.frame.select("kind")))
    with pytest.raises(EmptyInput):
        trained(context, table=Table(TABLE.frame.clear()))
    with pytest.raises(MissingLabel):
        trained(context, table=Table(TABLE.frame.tail(1)))
    with pytest.raises(EmptyInput):
        score_model(trained(context), Table(TABLE.frame.clear()), context=context)


def test_whoever_wants_a_built_in_model_is_told_that_it_is_none(context: Context) -> None:
    with pytest.raises(WrongLearner) as caught:
        trained(context).pipeline[-1]
    assert caught.value.code == "0013"

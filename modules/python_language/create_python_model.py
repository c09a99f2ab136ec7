"""Create Python Model: a learner of your own."""

from typing import Annotated

from modules.kit import ModelSchema, Param, Port, Script, ScriptLearner, module
from modules.kit.errors import EmptyInput
from modules.ml.script_models import check_learner_script

TEMPLATE = '''import pandas as pd
from sklearn.linear_model import LogisticRegression


class AzureMLModel:
    """Trained by Train Model, used by Score Model."""

    def __init__(self):
        self.model = LogisticRegression()

    def train(self, df_train, df_label):
        """Learn from a DataFrame of features and a Series of labels."""
        self.model.fit(df_train, df_label)

    def predict(self, df):
        """A DataFrame whose column names differ from those of the features."""
        return pd.DataFrame(
            {"Scored Labels": self.model.predict(df), "Scored Probabilities": self.model.predict_proba(df)[:, 1]}
        )
'''


@module()
def create_python_model(
    *,
    script: Annotated[
        Script, Param("Defines the class AzureMLModel", title="Python script", language="python")
    ] = TEMPLATE,
) -> Annotated[ScriptLearner, Port("untrained_model", help="For Train Model")]:
    """Define a learner of your own in Python.

    The script defines a class `AzureMLModel` (or `PythonModel`) with `train(self, df_train, df_label)`, which takes a
    pandas data frame and a series, and `predict(self, df)`, which returns a data frame of as many rows, whose columns
    have other names than those it was given. Train Model trains it, Score Model uses it. Text and missing values arrive
    as they are.

    Nothing of the script runs in this node, and never in the server: Train Model and Score Model run it in a process of
    its own, with limits, each time anew. What the learner keeps between the two must be something that `pickle` can
    write. numpy, pandas, scikit-learn, scipy and polars are there.
    """
    if not script.strip():
        raise EmptyInput(parameter="script", hint="Define a class AzureMLModel with train and predict.")
    check_learner_script(script)
    return ScriptLearner(script)


@create_python_model.schema
def create_python_model_schema() -> ModelSchema:
    return ModelSchema("script")

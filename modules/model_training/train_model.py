"""Train Model: fit a learner to a labelled table."""

import warnings
from dataclasses import replace
from typing import Annotated

from modules.kit import (
    Column,
    Context,
    ModelSchema,
    Param,
    Port,
    PredictiveModel,
    ScriptLearner,
    SupervisedLearner,
    Table,
    TableSchema,
    module,
)
from modules.ml.explaining import importances_of
from modules.ml.learners import first_values
from modules.ml.script_models import train_script
from modules.ml.training import lesson_of, train


@module()
def train_model(
    untrained_model: Annotated[
        SupervisedLearner | ScriptLearner, Port(help="A classification or regression learner, or one of your own")
    ],
    dataset: Table,
    *,
    label_column: Annotated[Column, Param("The column to predict", port="dataset")],
    model_explanations: Annotated[
        bool, Param("Tell how much each feature adds to the predictions; takes some more time")
    ] = False,
    context: Context | None = None,
) -> Annotated[PredictiveModel, Port("trained_model", help="Predicts the label from the features")]:
    """Fit a classification or regression learner.

    Features are all columns but the label, scores and those whose feature flag is cleared. Numbers
    are used as they are; everything else, also numbers that are marked as categories, is one-hot
    encoded, a missing value being a category of its own. Rows without a label are dropped, and so
    are rows with a missing number unless the learner copes with them; the log counts them.
    Categories that were not seen are ignored later. A learner in range mode is trained with the
    first value of each of its lists.

    A learner of Create Python Model gets the features as they are, and is trained in a process of its own;
    it has no explanations.
    """
    if isinstance(untrained_model, ScriptLearner):
        return train_script(untrained_model, dataset, label_column, (context or Context()).sandbox)
    lesson = lesson_of(untrained_model, dataset, label_column)
    if first := first_values(untrained_model.parameters):
        said = ", ".join(f"{name} = {value}" for name, value in first.items())
        warnings.warn(f"The learner holds lists of values; the first of each is used: {said}", stacklevel=2)
    model = train(untrained_model, lesson)
    if not model_explanations:
        return model
    return replace(model, details={**model.details, "explanations": importances_of(model, lesson.rows)})


@train_model.schema
def train_model_schema(
    untrained_model: ModelSchema | None, dataset: TableSchema | None, label_column: str
) -> ModelSchema:
    features = tuple(n for n in dataset.with_role_of("feature") if n != label_column) if dataset else None
    known = untrained_model or ModelSchema()
    # Of a quantile regression, the classes are the quantiles; those of a classification are in the data.
    classes = known.classes if known.task == "quantile_regression" else None
    return ModelSchema(known.task, label_column, features, classes)

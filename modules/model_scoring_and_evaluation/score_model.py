"""Score Model: predict with a trained model."""

from typing import Annotated

from modules.kit import (
    AnomalyModel,
    ColumnSchema,
    Context,
    ModelSchema,
    Param,
    Port,
    PredictiveModel,
    ScriptModel,
    Table,
    TableSchema,
    module,
)
from modules.kit.errors import WrongLearner
from modules.ml.scores import LABELS, PROBABILITIES, quantile_column, score_role
from modules.ml.scoring import scores_of
from modules.ml.script_models import role_of_score, scores_of_script


@module()
def score_model(
    trained_model: Annotated[
        PredictiveModel | AnomalyModel, Port(help="A model of Train Model or Train Anomaly Detection Model")
    ],
    dataset: Table,
    *,
    append_score_columns_to_output: Annotated[
        bool, Param("Keep the columns of the table; off gives the scores and the true label only")
    ] = True,
    context: Context | None = None,
) -> Annotated[Table, Port("scored_dataset", help="The rows with their predictions")]:
    """Predict the label of every row.

    Feature columns are found by name; further columns are passed on. A regression adds
    `Scored Labels`; two classes add `Scored Probabilities` of the positive class too, which is the
    last in order; more classes add one probability each before the labels. A quantile regression adds
    a column for each quantile, as `Scored Labels_0.25`. An anomaly model adds `Scored Labels`, 1 for
    normal and 0 for abnormal rows, and in `Scored Probabilities` how unlike the others a row is.

    The rows are prepared as those of the training were: columns may stand in another order, a category
    that is new is none of the known ones, and values of other types are read as the types of the
    training, such as numbers that are given as text. A row that lacks a number which the model needs
    gets no score; the log counts such rows.

    A model of your own adds the columns that its `predict` returns. It runs in a process of its own.
    """
    if not isinstance(trained_model, PredictiveModel | AnomalyModel):
        found = getattr(trained_model, "kind", "") or type(trained_model).__name__
        raise WrongLearner(port="trained_model", found=found, expected="a model that predicts a label")
    rows = dataset.frame.collect()
    if isinstance(trained_model, ScriptModel):
        scores = scores_of_script(trained_model, dataset, (context or Context()).sandbox)
    else:
        scores = scores_of(trained_model, rows)
    labels = labels_of(trained_model, dataset)
    kept = rows if append_score_columns_to_output else rows.select(name for name in rows.columns if name in labels)
    kept = kept.drop([name for name in scores.columns if name in kept.columns])
    roles = {name: role for name, role in dataset.roles.items() if name in kept.columns and role != "label"}
    roles |= {name: "label" for name in labels if name in kept.columns}
    role_of = role_of_score if isinstance(trained_model, ScriptModel) else score_role
    roles |= {name: role for name in scores.columns if (role := role_of(name))}
    scored = kept.hstack(scores) if kept.columns else scores
    return Table(scored.lazy(), roles, dataset.categorical & frozenset(kept.columns))


def labels_of(model: PredictiveModel | AnomalyModel, dataset: Table) -> list[str]:
    """The true labels: of an anomaly model, which learnt without them, the columns that are marked."""
    return [model.label] if isinstance(model, PredictiveModel) else dataset.columns_with("label")


@score_model.schema
def score_model_schema(
    trained_model: ModelSchema | None, dataset: TableSchema | None, append_score_columns_to_output: bool
) -> TableSchema | None:
    """Classes are learnt from the data: with more than two of them the columns are not known."""
    if dataset is None or trained_model is None:
        return None
    scores = _score_schema(trained_model, dataset)
    if scores is None:
        return None
    is_anomaly = trained_model.task == "anomaly_detection"
    label = trained_model.label
    labels = dataset.with_role_of("label") if is_anomaly else [name for name in [label] if name]
    kept = dataset if append_score_columns_to_output else dataset.select(labels)
    kept = kept.with_role(kept.with_role_of("label"), "feature").with_role(labels, "label")
    return kept.drop([column.name for column in scores]).with_columns(*scores)


def _score_schema(model: ModelSchema, dataset: TableSchema) -> list[ColumnSchema] | None:
    probabilities = ColumnSchema(PROBABILITIES, "Float64", "scored_probabilities")
    match model.task:
        case "regression":
            return [ColumnSchema(LABELS, "Float64", "scored_labels")]
        case "quantile_regression" if model.classes:
            names = [quantile_column(float(str(value))) for value in model.classes]
            return [ColumnSchema(name, "Float64", "scored_labels") for name in names]
        case "two_class":
            labels_type = _label_type(model.label, dataset)
            return [ColumnSchema(LABELS, labels_type, "scored_labels"), probabilities] if labels_type else None
        case "anomaly_detection":
            return [ColumnSchema(LABELS, "Int64", "scored_labels"), probabilities]
        case _:
            return None


def _label_type(label: str | None, dataset: TableSchema) -> str | None:
    """Told by the label column, where the table has it: its type is taken for that of the training table."""
    if label is None or label not in dataset:
        return None
    column = dataset[label]
    if column.dtype == "Decimal":
        return "Float64"
    return column.dtype if column.is_numeric or column.dtype == "Boolean" else "String"

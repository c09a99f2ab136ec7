"""Cross Validate Model: judge a learner by models that have not seen the rows they are judged by."""

import warnings
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

import numpy as np
import polars as pl

from modules.kit import (
    Column,
    ColumnSchema,
    Context,
    ModelSchema,
    Param,
    Port,
    Seed,
    SupervisedLearner,
    Table,
    TableSchema,
    module,
)
from modules.ml import metrics
from modules.ml.cross_validation import Split, splits_of
from modules.ml.judging import figure_names, figures_of
from modules.ml.learners import first_values
from modules.ml.metrics import Metrics
from modules.ml.scores import LABELS, PROBABILITIES, quantile_column, score_role
from modules.ml.scoring import scores_of
from modules.ml.training import Lesson, lesson_of, task_of, train

FOLDS = 10
FOLD = "Fold Number"
SIZE = "Number of examples in fold"
MEAN, DEVIATION = "Mean", "Standard Deviation"


class CrossValidated(NamedTuple):
    """What held-out rows were predicted to be, and how well."""

    scored_results: Annotated[Table, Port(help="The rows, each scored by the model that was trained without it")]
    evaluation_results_by_fold: Annotated[
        Table, Port(title="Evaluation results by fold", help="One row for each fold, then their mean and deviation")
    ]


@module()
def cross_validate_model(
    untrained_model: SupervisedLearner,
    dataset: Table,
    *,
    label_column: Annotated[Column, Param("The column to predict", port="dataset")],
    seed: Annotated[Seed, Param("The same seed draws the same folds, 0 too", title="Random seed")] = 0,
    context: Context,
) -> CrossValidated:
    """Estimate how well a learner does on rows that it has not seen.

    The rows are divided into folds: those that Partition and Sample assigned, else ten at random, for a
    classification with the mix of the classes in each. For each fold a model is trained with all other
    rows and scores those of the fold. `Fold Number` counts from 0; a row without a label or with a
    missing number that the learner needs is in no fold and has no score. A row that Partition and Sample
    put into several folds comes as often. The evaluation ends with the mean of each figure over the
    folds and its standard deviation between them. No model comes out: train one with all rows.
    """
    lesson = lesson_of(untrained_model, dataset, label_column)
    if first := first_values(untrained_model.parameters):
        said = ", ".join(f"{name} = {value}" for name, value in first.items())
        warnings.warn(f"The learner holds lists of values; the first of each is used: {said}", stacklevel=2)
    splits = splits_of(lesson, dataset, count=FOLDS, seed=seed)
    scores, figures = [], []
    for number, split in enumerate(splits):
        model = train(untrained_model, lesson.take(split.train))
        held_out = lesson.take(split.held_out)
        found = scores_of(model, held_out.rows)
        figures.append(figures_of(model, found, held_out.label))
        scores.append(found.with_columns(pl.lit(number, dtype=pl.Int64).alias(FOLD)))
        context.progress((number + 1) / len(splits))
    evaluation = evaluation_of(untrained_model, figures, [len(split.held_out) for split in splits])
    means = evaluation.filter(pl.col(FOLD) == MEAN).drop(FOLD, SIZE).row(0, named=True)
    for name, value in means.items():
        context.metric(f"{MEAN}_{name}", value)
    return CrossValidated(scored_of(lesson, dataset, splits, scores), Table(evaluation.lazy()))


def scored_of(lesson: Lesson, dataset: Table, splits: Sequence[Split], scores: Sequence[pl.DataFrame]) -> Table:
    """The rows of the table in order, each as often as it was held out, with its scores."""
    places = np.flatnonzero(lesson.kept)
    held_out = [pl.DataFrame({"\0row": places[split.held_out]}) for split in splits]
    found = pl.concat([rows.hstack(part) for rows, part in zip(held_out, scores, strict=True)])
    rows = dataset.frame.collect()
    names = [name for name in found.columns if name != "\0row"]
    kept = rows.drop([name for name in names if name in rows.columns])
    numbered = kept.with_columns(pl.Series("\0row", np.arange(len(rows)), dtype=pl.Int64))
    joined = numbered.join(found, on="\0row", how="left", maintain_order="left_right").drop("\0row")
    roles = {name: role for name, role in dataset.roles.items() if name in kept.columns and role != "label"}
    roles |= {lesson.label.name: "label", FOLD: "none", **{name: score_role(name) for name in names if name != FOLD}}
    return Table(joined.lazy(), roles, dataset.categorical & frozenset(kept.columns))


def evaluation_of(learner: SupervisedLearner, figures: Sequence[Metrics], sizes: Sequence[int]) -> pl.DataFrame:
    """The figures of each fold, their mean and their standard deviation (of a sample)."""
    names = names_of(task_of(learner), getattr(learner.estimator, "quantiles", ()))
    folds = pl.DataFrame([{name: fold[name] for name in names} for fold in figures], dict.fromkeys(names, pl.Float64))
    summary = pl.concat([folds, folds.select(pl.all().mean()), folds.select(pl.all().std())])
    counts = pl.Series(sizes, dtype=pl.Float64)
    return summary.select(
        pl.Series(FOLD, [*map(str, range(len(sizes))), MEAN, DEVIATION]),
        pl.Series(SIZE, [*counts, counts.mean(), counts.std()], dtype=pl.Float64),
        pl.all(),
    )


def names_of(task: str, quantiles: Sequence[float]) -> list[str]:
    """The figures that are told of each fold."""
    return [name for name in figure_names(task, quantiles) if name != metrics.LOG_LOSS]


@cross_validate_model.schema
def cross_validate_model_schema(
    untrained_model: ModelSchema | None, dataset: TableSchema | None, label_column: str
) -> tuple[TableSchema | None, TableSchema | None]:
    """With more than two classes, the columns of the scores are in the data."""
    if untrained_model is None or untrained_model.task is None:
        return None, None
    quantiles = [float(str(value)) for value in untrained_model.classes or ()]
    if untrained_model.task == "quantile_regression" and not quantiles:
        return None, None
    names = names_of(untrained_model.task, quantiles)
    figures = [ColumnSchema(SIZE, "Float64"), *(ColumnSchema(name, "Float64") for name in names)]
    evaluation = TableSchema((ColumnSchema(FOLD, "String"), *figures))
    if dataset is None or untrained_model.task == "multiclass":
        return None, evaluation
    return _scored_schema(untrained_model.task, quantiles, dataset, label_column), evaluation


def _scored_schema(task: str, quantiles: Sequence[float], dataset: TableSchema, label_column: str) -> TableSchema:
    scores: Mapping[str, Any] = {LABELS: "Float64"}
    if task == "two_class":
        label = dataset[label_column]
        keeps = (label.is_numeric and label.dtype != "Decimal") or label.dtype == "Boolean"
        text = "Float64" if label.dtype == "Decimal" else "String"
        scores = {LABELS: label.dtype if keeps else text, PROBABILITIES: "Float64"}
    elif task == "quantile_regression":
        scores = {quantile_column(value): "Float64" for value in quantiles}
    columns = [ColumnSchema(name, dtype, score_role(name)) for name, dtype in scores.items()]
    kept = dataset.drop([*scores, FOLD])
    kept = kept.with_role(kept.with_role_of("label"), "feature").with_role([label_column], "label")
    return kept.with_columns(*columns, ColumnSchema(FOLD, "Int64", "none"))

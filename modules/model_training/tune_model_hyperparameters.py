"""Tune Model Hyperparameters: try the values that a learner lists and keep the best model."""

import itertools
import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
import polars as pl
from sklearn.base import clone

from modules.kit import (
    Column,
    Context,
    ModelSchema,
    Param,
    Port,
    PredictiveModel,
    Seed,
    SupervisedLearner,
    Table,
    TableSchema,
    module,
)
from modules.kit.errors import OutOfRange, TooLarge, UnusableTraining
from modules.ml import metrics
from modules.ml.cross_validation import splits_of
from modules.ml.judging import SMALLER_IS_BETTER, figure_names, figures_of, judged_rows
from modules.ml.learners import MODE
from modules.ml.metrics import Metrics
from modules.ml.scoring import scores_of
from modules.ml.training import Lesson, lesson_of, task_of, train

FOLDS = 5
MOST_RUNS = 10_000
RANDOM = {"sweeping_mode": "random_sweep"}

TWO_CLASS = {
    "accuracy": "Accuracy",
    "precision": "Precision",
    "recall": "Recall",
    "f_score": "F1",
    "auc": "AUC",
    "average_log_loss": metrics.LOG_LOSS,
}
REGRESSION = {
    "mean_absolute_error": "Mean_Absolute_Error",
    "root_of_mean_squared_error": "Root_Mean_Squared_Error",
    "relative_absolute_error": "Relative_Absolute_Error",
    "relative_squared_error": "Relative_Squared_Error",
    "coefficient_of_determination": "Coefficient_of_Determination",
}

Choice = Mapping[str, int]
"""A run: for each parameter, which of its values is tried."""


class Trial(NamedTuple):
    """Rows to train with, and a table of other rows to judge by."""

    lesson: Lesson
    held_out: Table
    port: str


class Tuned(NamedTuple):
    """What was tried and what came out best."""

    sweep_results: Annotated[Table, Port(help="One row for each run, the best first")]
    trained_best_model: Annotated[PredictiveModel, Port(help="The best setting, trained with all rows")]


@module()
def tune_model_hyperparameters(
    untrained_model: SupervisedLearner,
    training_dataset: Table,
    optional_validation_dataset: Table | None = None,
    *,
    sweeping_mode: Annotated[
        Literal["entire_grid", "random_sweep"],
        Param(
            "Try each combination of the listed values, or some that are drawn",
            title="Specify parameter sweeping mode",
        ),
    ] = "random_sweep",
    maximum_number_of_runs: Annotated[
        int,
        Param(
            "How many combinations are drawn; one may come more than once",
            title="Maximum number of runs on random sweep",
            ge=1,
            le=MOST_RUNS,
            when=RANDOM,
        ),
    ] = 5,
    seed: Annotated[Seed, Param("The same seed draws the same combinations and folds", title="Random seed")] = 0,
    label_column: Annotated[Column, Param("The column to predict", port="training_dataset")],
    metric_for_classification: Annotated[
        Literal["accuracy", "precision", "recall", "f_score", "auc", "average_log_loss"],
        Param(
            "What the best two-class model is best in; more classes are judged by accuracy",
            title="Metric for measuring performance for classification",
            titles={"f_score": "F-score", "auc": "AUC", "average_log_loss": "Average Log Loss"},
        ),
    ] = "accuracy",
    metric_for_regression: Annotated[
        Literal[
            "mean_absolute_error",
            "root_of_mean_squared_error",
            "relative_absolute_error",
            "relative_squared_error",
            "coefficient_of_determination",
        ],
        Param(
            "What the best regression is best in; quantiles are judged by their average loss",
            title="Metric for measuring performance for regression",
        ),
    ] = "mean_absolute_error",
    context: Context,
) -> Tuned:
    """Try values of a learner's parameters and train the best.

    A learner in range mode brings its lists; one with fixed values is swept over the default lists of
    its parameters. Each run is judged on the validation table or, without one, by cross-validation, as
    the mean of the figures of the folds: those of Partition and Sample, else five at random. Errors
    and losses are best when small, all else when large. A run that cannot be trained has no figures; it
    fails the node only if none can. The best setting is trained again with all rows of the training table.
    """
    if not 1 <= maximum_number_of_runs <= MOST_RUNS:
        raise OutOfRange(parameter="maximum_number_of_runs", low=1, high=MOST_RUNS, actual=maximum_number_of_runs)
    lesson = lesson_of(untrained_model, training_dataset, label_column, port="training_dataset")
    if not untrained_model.sweep:
        warnings.warn("The learner has no parameter with a list of values; it is tried as it is", stacklevel=2)
    if sweeping_mode == "entire_grid":
        choices = grid_of(untrained_model)
    else:
        choices = drawn_of(untrained_model, maximum_number_of_runs, seed)
    if optional_validation_dataset is None:
        trials = cross_validated(lesson, training_dataset, seed)
    else:
        trials = [Trial(lesson, optional_validation_dataset, "optional_validation_dataset")]
    figures = judged(untrained_model, choices, trials, context)
    task = task_of(untrained_model)
    chosen = {"regression": REGRESSION[metric_for_regression], "two_class": TWO_CLASS[metric_for_classification]}
    metric = chosen.get(task, "Overall_Accuracy" if task == "multiclass" else metrics.AVERAGE_QUANTILE_LOSS)
    order = sorted(range(len(choices)), key=lambda run: rank_of(figures[run], metric))
    best = configured(untrained_model, choices[order[0]])
    context.metric(f"Best_{metric}", figures[order[0]].get(metric))
    results = results_of(untrained_model, choices, figures, order)
    return Tuned(Table(results.lazy()), train(best, lesson))


def grid_of(learner: SupervisedLearner) -> list[Choice]:
    """Each combination of the values; raises 0007 where there are too many."""
    sizes = {name: len(values) for name, values in learner.sweep.items()}
    runs = math.prod(sizes.values())
    if runs > MOST_RUNS:
        raise TooLarge(
            f"The lists of the learner make {runs} combinations, and at most {MOST_RUNS} are tried",
            parameter="sweeping_mode",
            hint="Take the random sweep, or shorten the lists.",
        )
    places = itertools.product(*(range(size) for size in sizes.values()))
    return [dict(zip(sizes, combination, strict=True)) for combination in places]


def drawn_of(learner: SupervisedLearner, runs: int, seed: int) -> list[Choice]:
    """Combinations drawn with replacement; only one where there is nothing to draw."""
    random = np.random.default_rng(seed)
    names = list(learner.sweep)
    return [
        {name: int(random.integers(len(learner.sweep[name]))) for name in names} for _ in range(runs if names else 1)
    ]


def configured(learner: SupervisedLearner, choice: Choice) -> SupervisedLearner:
    """The learner with one value for each of its parameters."""
    estimator = clone(learner.estimator)
    values = {}
    for name, place in choice.items():
        value, arguments = learner.sweep[name][place]
        estimator.set_params(**arguments)
        values[name] = value
    fixed = {name: value for name, value in learner.parameters.items() if name != MODE}
    return replace(learner, estimator=estimator, parameters={**fixed, **values}, sweep={})


def cross_validated(lesson: Lesson, dataset: Table, seed: int) -> list[Trial]:
    """A trial for each fold; fewer of them where there are few rows."""
    count = max(2, min(FOLDS, lesson.rows.height))
    return [
        Trial(lesson.take(split.train), lesson.take(split.held_out).table, lesson.port)
        for split in splits_of(lesson, dataset, count=count, seed=seed)
    ]


def judged(
    learner: SupervisedLearner,
    choices: Sequence[Choice],
    trials: Sequence[Trial],
    context: Context,
) -> list[Metrics]:
    """The figures of each run, equal runs being made once; raises the last failure where all fail."""
    known: dict[tuple[int, ...], Metrics] = {}
    failure: UnusableTraining | None = None
    for done, choice in enumerate(choices):
        key = tuple(choice.values())
        if key not in known:
            try:
                with warnings.catch_warnings(action="ignore"):  # the final training tells them once
                    known[key] = mean_of([figures_in(configured(learner, choice), trial) for trial in trials])
            except UnusableTraining as error:
                failure, known[key] = error, {}
                context.log(f"{said_of(learner, choice)}: {error.message}")
        context.progress((done + 1) / (len(choices) + 1))
    if failure is not None and not any(known.values()):
        raise failure
    return [known[tuple(choice.values())] for choice in choices]


def figures_in(learner: SupervisedLearner, trial: Trial) -> Metrics:
    """The figures of one training."""
    model = train(learner, trial.lesson)
    rows, label = judged_rows(model, trial.held_out, port=trial.port)
    return figures_of(model, scores_of(model, rows, port=trial.port), label, port=trial.port)


def mean_of(folds: Sequence[Metrics]) -> Metrics:
    """The mean of each figure over the folds in which it has a meaning."""
    values = {name: [value for fold in folds if (value := fold[name]) is not None] for name in folds[0]}
    return {name: float(np.mean(found)) if found else None for name, found in values.items()}


def rank_of(figures: Metrics, metric: str) -> float:
    """Smaller is better."""
    value = figures.get(metric)
    if value is None or not math.isfinite(value):
        return math.inf
    return value if metric in SMALLER_IS_BETTER else -value


def said_of(learner: SupervisedLearner, choice: Choice) -> str:
    """A run in words."""
    return ", ".join(f"{name} = {learner.sweep[name][place][0]}" for name, place in choice.items())


def results_of(
    learner: SupervisedLearner, choices: Sequence[Choice], figures: Sequence[Metrics], order: Sequence[int]
) -> pl.DataFrame:
    """The runs by rank: their number, the values and the figures."""
    quantiles = getattr(learner.estimator, "quantiles", ())
    columns: dict[str, Any] = {"Run": [run + 1 for run in order]}
    columns |= {
        name: pl.Series([values[choices[run][name]][0] for run in order]) for name, values in learner.sweep.items()
    }
    names = figure_names(task_of(learner), quantiles)
    columns |= {name: pl.Series([figures[run].get(name) for run in order], dtype=pl.Float64) for name in names}
    return pl.DataFrame(columns)


@tune_model_hyperparameters.schema
def tune_model_hyperparameters_schema(
    untrained_model: ModelSchema | None, training_dataset: TableSchema | None, label_column: str
) -> tuple[TableSchema | None, ModelSchema]:
    """The columns of the sweep are the parameters of the learner."""
    table = training_dataset
    features = tuple(name for name in table.with_role_of("feature") if name != label_column) if table else None
    known = untrained_model or ModelSchema()
    classes = known.classes if known.task == "quantile_regression" else None
    return None, ModelSchema(known.task, label_column, features, classes)

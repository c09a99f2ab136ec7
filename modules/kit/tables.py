"""What flows through ports: tables with column roles, learners, models and transforms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

Role = Literal[
    "feature", "label", "none", "scored_labels", "scored_probabilities", "assignments", "distances"
]
Task = Literal["regression", "two_class", "multiclass", "clustering"]

SCORE_ROLES: frozenset[str] = frozenset(
    {"scored_labels", "scored_probabilities", "assignments", "distances"}
)


@dataclass(frozen=True)
class Table:
    """Rows and named columns, with the part that each column plays.

    A column that ``roles`` does not name is a feature. ``attachments`` are small JSON values
    that are kept beside the table, such as the points of an evaluation chart.
    """

    frame: pl.LazyFrame
    roles: Mapping[str, str] = field(default_factory=dict)
    categorical: frozenset[str] = frozenset()
    attachments: Mapping[str, Any] = field(default_factory=dict)

    def names_with_role(self, *roles: str) -> list[str]:
        """Columns in table order whose role is one of ``roles``."""
        return [
            name
            for name in self.frame.collect_schema().names()
            if self.roles.get(name, "feature") in roles
        ]


@dataclass(frozen=True)
class Learner:
    """An estimator that is configured and not fitted."""

    estimator: Any
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def describe(self) -> dict[str, Any]:
        """What the page shows of this learner, as JSON values."""
        return {
            "learner": type(self).__name__,
            "estimator": type(self.estimator).__name__,
            "parameters": {name: repr(value) for name, value in self.parameters.items()},
        }


class Regressor(Learner):
    """A learner that predicts a number."""


class TwoClassClassifier(Learner):
    """A learner that tells two classes apart."""


class MulticlassClassifier(Learner):
    """A learner that tells any number of classes apart."""


class Clusterer(Learner):
    """A learner that groups rows without a label."""


@dataclass(frozen=True)
class Model:
    """A fitted scikit-learn pipeline and the columns that it reads, in order."""

    pipeline: Any
    task: Task
    features: tuple[str, ...]

    def describe(self) -> dict[str, Any]:
        """What the page shows of this model, as JSON values."""
        return {"task": self.task, "features": list(self.features)}


@dataclass(frozen=True)
class PredictiveModel(Model):
    """A model that predicts ``label``; ``classes`` is empty for a regression."""

    label: str = ""
    classes: tuple[Any, ...] = ()

    def describe(self) -> dict[str, Any]:
        classes = [
            value if isinstance(value, str | int | bool) else str(value) for value in self.classes
        ]
        return {**super().describe(), "label": self.label, "classes": classes}


@dataclass(frozen=True)
class ClusterModel(Model):
    """A model that assigns rows to clusters."""


@dataclass(frozen=True)
class Transform:
    """A fitted change of a table that can be replayed on another one."""

    def apply(self, table: Table) -> Table:
        """Replay the change with what was learnt when it was fitted."""
        raise TypeError(f"{type(self).__name__} does not say how it is applied")

    def describe(self) -> dict[str, Any]:
        """What the page shows of this transform, as JSON values."""
        return {"transform": type(self).__name__}


PORT_TYPES: dict[str, type] = {
    cls.__name__: cls
    for cls in (
        Table,
        Learner,
        Regressor,
        TwoClassClassifier,
        MulticlassClassifier,
        Clusterer,
        Model,
        PredictiveModel,
        ClusterModel,
        Transform,
    )
}


def ancestors_of(type_name: str) -> list[str]:
    """Names of the port types that ``type_name`` may stand for, itself first."""
    return [cls.__name__ for cls in PORT_TYPES[type_name].__mro__ if cls is not object]


def port_fits(output_type: str, input_type: str) -> bool:
    """Whether a wire from ``output_type`` may end in ``input_type``."""
    return issubclass(PORT_TYPES[output_type], PORT_TYPES[input_type])

"""What travels along wires, and which output fits which input."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import polars as pl
from pydantic import JsonValue

from modules.kit.errors import WrongLearner

Role = Literal["feature", "label", "none", "scored_labels", "scored_probabilities", "assignments", "distances"]
Task = Literal["regression", "quantile_regression", "two_class", "multiclass", "script"]


@dataclass(frozen=True, slots=True)
class Port:
    """Name and describe an output (or describe an input) inside `Annotated`."""

    name: str | None = None
    help: str = ""
    title: str | None = None


class PortType:
    """Anything that a wire can carry; a subclass is a type of port, named after its class."""

    def describe(self) -> dict[str, JsonValue]:
        """Say what this is in JSON, for people who look at a port."""
        return {"kind": type(self).__name__}


@dataclass(frozen=True, eq=False)
class Table(PortType):
    """Rows and columns, plus what the columns are for.

    A column that `roles` leaves out is a feature. `attachments` is JSON that is kept beside the table, such as the
    charts of an evaluation. `folds` tells which rows are in which fold, by the columns `row`, from 0, and `fold`, from
    1; a row may be in several, or in one of them several times.
    """

    frame: pl.LazyFrame
    roles: Mapping[str, str] = field(default_factory=dict)
    categorical: frozenset[str] = frozenset()
    attachments: Mapping[str, JsonValue] = field(default_factory=dict)
    folds: pl.DataFrame | None = None

    @property
    def names(self) -> list[str]:
        """The column names, in order."""
        return self.frame.collect_schema().names()

    def role_of(self, column: str) -> str:
        """The role of a column."""
        return self.roles.get(column, "feature")

    def columns_with(self, role: str) -> list[str]:
        """The columns that have a role, in order."""
        return [name for name in self.names if self.role_of(name) == role]

    def with_frame(self, frame: pl.LazyFrame, *, keeps_rows: bool = False) -> "Table":
        """Replace the columns, keeping the roles of those that survive by name; `keeps_rows` keeps the folds too."""
        names = set(frame.collect_schema().names())
        roles = {name: role for name, role in self.roles.items() if name in names}
        return Table(frame, roles, self.categorical & names, folds=self.folds if keeps_rows else None)


@dataclass(frozen=True, eq=False)
class File(PortType):
    """A file of any kind, such as a zip archive, under the name that people know it by.

    `details` is JSON shown to people who look at it: what it holds, or what it is the receipt of.
    """

    path: Path
    name: str
    details: Mapping[str, JsonValue] = field(default_factory=dict)

    def describe(self) -> dict[str, JsonValue]:
        """Name the file and its size, and what is told of it."""
        told: dict[str, JsonValue] = {"details": json_of(self.details)} if self.details else {}
        return {"kind": "File", "name": self.name, "size_bytes": self.path.stat().st_size, **told}


@dataclass(frozen=True, eq=False)
class Learner(PortType):
    """A configured algorithm that has not seen data: an unfitted estimator and what it was configured with.

    `sweep` names the parameters that a search may change; each value stands beside the arguments of
    `estimator.set_params` that it means.
    """

    estimator: Any
    parameters: Mapping[str, Any] = field(default_factory=dict)
    kind: str = ""
    sweep: Mapping[str, Sequence[tuple[Any, Mapping[str, Any]]]] = field(default_factory=dict)

    def describe(self) -> dict[str, JsonValue]:
        """Name the algorithm and its settings."""
        return {"kind": self.kind or type(self.estimator).__name__, "parameters": json_of(self.parameters)}


class SupervisedLearner(Learner):
    """A learner that is trained with a label column."""


class Regressor(SupervisedLearner):
    """Predicts a number."""


class QuantileRegressor(SupervisedLearner):
    """Predicts several quantiles of a number."""


class Classifier(SupervisedLearner):
    """Predicts one of several classes."""


class TwoClassClassifier(Classifier):
    """Predicts one of two classes."""


class MulticlassClassifier(Classifier):
    """Predicts one of two or more classes."""


class Clusterer(Learner):
    """Finds groups of similar rows without a label."""


class AnomalyDetector(Learner):
    """Finds rows that are unlike the others, without a label."""


@dataclass(frozen=True, eq=False)
class ScriptLearner(PortType):
    """A learner that a script of the user defines: text, until the sandbox runs it."""

    script: str

    def describe(self) -> dict[str, JsonValue]:
        """Show the script."""
        return {"kind": "python_model", "parameters": {"script": self.script}}


class Model(PortType):
    """A trained model."""


@dataclass(frozen=True, eq=False)
class PredictiveModel(Model):
    """A model that predicts a label: a fitted scikit-learn pipeline over the named features.

    `details` is JSON shown to people: coefficients, importances, what training left out.
    """

    pipeline: Any
    task: Task
    label: str
    features: tuple[str, ...]
    classes: tuple[Any, ...] | None = None
    kind: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    def describe(self) -> dict[str, JsonValue]:
        """Say what is predicted from what."""
        return {
            "kind": self.kind or type(self).__name__,
            "task": self.task,
            "label": self.label,
            "features": list(self.features),
            "classes": None if self.classes is None else json_of(list(self.classes)),
            "details": json_of(self.details),
        }


class NoPipeline:
    """Stands for the pipeline of a model that is not made of one; whoever asks it for anything is told so."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        self.__getitem__(name)

    def __getitem__(self, key: object) -> Any:
        raise WrongLearner(port="trained_model", found="a Python model", expected="a model of a built-in learner")


@dataclass(frozen=True, eq=False, kw_only=True)
class ScriptModel(PredictiveModel):
    """A model that a script of the user has trained.

    `state` is what the script's process has pickled. Only the sandbox, which runs the script first, may read it.
    """

    script: str
    state: bytes


@dataclass(frozen=True, eq=False)
class ClusterModel(Model):
    """A model that assigns rows to groups: a fitted scikit-learn pipeline over the named features."""

    pipeline: Any
    features: tuple[str, ...]
    cluster_count: int
    kind: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    def describe(self) -> dict[str, JsonValue]:
        """Say how many groups are told apart by what."""
        return {
            "kind": self.kind or type(self).__name__,
            "task": "clustering",
            "features": list(self.features),
            "cluster_count": self.cluster_count,
            "details": json_of(self.details),
        }


@dataclass(frozen=True, eq=False)
class AnomalyModel(Model):
    """A model that tells how unlike a row is to those of its training: a fitted scikit-learn pipeline."""

    pipeline: Any
    features: tuple[str, ...]
    kind: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    def describe(self) -> dict[str, JsonValue]:
        """Say what rows are compared by."""
        return {
            "kind": self.kind or type(self).__name__,
            "task": "anomaly_detection",
            "features": list(self.features),
            "details": json_of(self.details),
        }


@dataclass(frozen=True, eq=False)
class RecommenderModel(Model):
    """A model that predicts how users rate items: a vector and a bias for each, and the mean of all ratings.

    Users and items are in the order of their rows; `lowest` and `highest` bound what is predicted.
    """

    users: pl.Series
    items: pl.Series
    user_factors: Any
    item_factors: Any
    user_biases: Any
    item_biases: Any
    mean: float
    lowest: float
    highest: float
    kind: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    def describe(self) -> dict[str, JsonValue]:
        """Say how many users and items are known, and what training said."""
        return {
            "kind": self.kind or type(self).__name__,
            "task": "recommendation",
            "users": len(self.users),
            "items": len(self.items),
            "factors": int(self.user_factors.shape[1]),
            "details": json_of(self.details),
        }


@dataclass(frozen=True, eq=False)
class Transform(PortType):
    """A fitted change of a table, to be replayed on other tables.

    `replay` is a plain function at the top level of a module, called with the table and `state`.
    """

    kind: str
    replay: Callable[[Table, Mapping[str, Any]], Table]
    state: Mapping[str, Any] = field(default_factory=dict)

    def apply(self, table: Table) -> Table:
        """Change a table as the one that this was fitted on."""
        return self.replay(table, self.state)

    def describe(self) -> dict[str, JsonValue]:
        """Name the change and the values it has learnt."""
        return {"kind": self.kind, "state": json_of(self.state)}


def json_of(value: object) -> JsonValue:
    """Turn a value made of plain, numpy or date values into JSON; what has no JSON form becomes text."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if value == value and abs(value) != float("inf") else None
        case Mapping():
            return {str(key): json_of(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [json_of(item) for item in value]
        case bytes():
            return value.hex()
    if hasattr(value, "tolist"):
        return json_of(value.tolist())
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def port_types() -> dict[str, list[str]]:
    """List every type of port with the types that it also counts as, nearest first."""
    return {cls.__name__: _ancestors(cls) for cls in _subclasses(PortType)}


def port_fits(output_type: str | type[PortType], input_type: str | type[PortType]) -> bool:
    """Tell whether an output may be wired to an input; an input's type may be several, as in "Model|Transform"."""
    output_name = output_type if isinstance(output_type, str) else output_type.__name__
    input_name = input_type if isinstance(input_type, str) else input_type.__name__
    fitting = {output_name, *_ancestors_of_name(output_name)}
    return not fitting.isdisjoint(input_name.split("|"))


def _ancestors_of_name(name: str) -> list[str]:
    return next((_ancestors(cls) for cls in _subclasses(PortType) if cls.__name__ == name), [])


def _ancestors(cls: type) -> list[str]:
    return [base.__name__ for base in cls.__mro__[1:] if issubclass(base, PortType) and base is not PortType]


def _subclasses(cls: type[PortType]) -> Iterator[type[PortType]]:
    for subclass in cls.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)

"""The columns that scoring adds, and how they are found again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from modules.kit.errors import LabelMissingValues, NoLabelColumn, NoScoreColumn

LABELS = "Scored Labels"
PROBABILITIES = "Scored Probabilities"
ASSIGNMENTS = "Assignments"
DISTANCES = "DistancesToClusterCenter no."

ScoredTask = Literal["regression", "quantile_regression", "two_class", "multiclass", "clustering"]

TRUE_LABELS = "Labels"
FROM_SCRIPTS: Mapping[str, ScoredTask] = {
    "Regression Scored Labels": "regression",
    "Binary Class Scored Labels": "two_class",
    "Multi Class Scored Labels": "multiclass",
}
SCRIPT_PROBABILITIES = "Binary Class Scored Probabilities"


@dataclass(frozen=True, slots=True)
class ScoreColumns:
    """The names of the columns that Evaluate Model reads; a clustering has no labels."""

    task: ScoredTask
    label: str = ""
    scored: str = ""
    probabilities: tuple[str, ...] = ()
    distances: tuple[str, ...] = ()
    quantiles: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """All of them, each once."""
        named = (self.label, self.scored, *self.probabilities, *self.distances, *self.quantiles)
        return list(dict.fromkeys(name for name in named if name))


def probability_column(value: object) -> str:
    """The column of one class where there are more than two."""
    return f"{PROBABILITIES}_{value}"


def score_role(name: str) -> str:
    """The role of a column that scoring adds."""
    return "scored_labels" if name.startswith(LABELS) else "scored_probabilities"


def quantile_column(quantile: float) -> str:
    """The column of one quantile."""
    return f"{LABELS}_{quantile:g}"


def quantile_of(column: str) -> float | None:
    """The quantile that a column of scores holds, or None."""
    try:
        found = float(column.removeprefix(f"{LABELS}_"))
    except ValueError:
        return None
    return found if 0 < found < 1 else None


def score_columns(
    names: Sequence[str], roles: Mapping[str, str], *, port: str, task: ScoredTask | None = None
) -> ScoreColumns:
    """Find scores by the roles that scoring gave, else by their names.

    Roles get lost in scripts and SQL; the names of the reference are then enough. Where `task` is given, the scores are
    known to be of Score Model or Assign Data to Clusters, and for that task. Raises 0024, 0025 and 0037.
    """
    if task is None and not has_clusters(names, roles) and any(name in names for name in FROM_SCRIPTS):
        return _columns_of_script(names, _label(names, roles, port=port), port)
    match task or scored_task(names, roles):
        case "clustering":
            found = _with(names, roles, "assignments") or [ASSIGNMENTS]
            return ScoreColumns("clustering", scored=found[0], distances=_distances(names, roles))
        case "quantile_regression":
            label = _label(names, roles, port=port)
            return ScoreColumns("quantile_regression", label, quantiles=_quantiles(names))
        case "regression":
            label = _label(names, roles, port=port)
            return ScoreColumns("regression", label, _scored(names, roles)[0])
        case "two_class":
            label = _label(names, roles, port=port)
            return ScoreColumns("two_class", label, _scored(names, roles)[0], _probabilities(names, roles))
        case "multiclass":
            label = _label(names, roles, port=port)
            return ScoreColumns("multiclass", label, _scored(names, roles)[0], _probabilities(names, roles))
        case _:
            _label(names, roles, port=port)
            raise _no_scores(port, f"`{LABELS}`")


def scored_task(names: Sequence[str], roles: Mapping[str, str]) -> ScoredTask | None:
    """What the scores of a table are for; None where it has none."""
    if has_clusters(names, roles):
        return "clustering"
    if not _scored(names, roles):
        return "quantile_regression" if _quantiles(names) else None
    probabilities = _probabilities(names, roles)
    if not probabilities:
        return "regression"
    is_multiclass = len(probabilities) > 1 or probabilities[0].startswith(f"{PROBABILITIES}_")
    return "multiclass" if is_multiclass else "two_class"


def foreseen_task(tables: Iterable[tuple[Sequence[str], Mapping[str, str]]]) -> ScoredTask | None:
    """The task that the scores of all tables are for; None where they differ or are a script's own."""
    tasks = {
        None if any(name in names for name in FROM_SCRIPTS) else scored_task(names, roles) for names, roles in tables
    }
    return tasks.pop() if len(tasks) == 1 else None


def has_clusters(names: Sequence[str], roles: Mapping[str, str]) -> bool:
    """Tell whether rows were assigned to clusters."""
    return bool((_with(names, roles, "assignments") or ASSIGNMENTS in names) and _distances(names, roles))


def _columns_of_script(names: Sequence[str], label: str, port: str) -> ScoreColumns:
    name, task = next((name, task) for name, task in FROM_SCRIPTS.items() if name in names)
    if task != "two_class":
        return ScoreColumns(task, label, name)
    if SCRIPT_PROBABILITIES not in names:
        raise _no_scores(port, f"`{SCRIPT_PROBABILITIES}`")
    return ScoreColumns(task, label, name, (SCRIPT_PROBABILITIES,))


def _distances(names: Sequence[str], roles: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(_with(names, roles, "distances") or [name for name in names if name.startswith(DISTANCES)])


def _quantiles(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name.startswith(f"{LABELS}_") and quantile_of(name) is not None)


def _scored(names: Sequence[str], roles: Mapping[str, str]) -> list[str]:
    quantiles = _quantiles(names)
    found = [name for name in _with(names, roles, "scored_labels") if name not in quantiles]
    return found or [name for name in names if name == LABELS]


def _probabilities(names: Sequence[str], roles: Mapping[str, str]) -> tuple[str, ...]:
    found = _with(names, roles, "scored_probabilities")
    return tuple(found or [n for n in names if n == PROBABILITIES or n.startswith(f"{PROBABILITIES}_")])


def _with(names: Sequence[str], roles: Mapping[str, str], role: str) -> list[str]:
    return [name for name in names if roles.get(name) == role]


def _label(names: Sequence[str], roles: Mapping[str, str], *, port: str) -> str:
    found = _with(names, roles, "label") or [name for name in names if name == TRUE_LABELS]
    if not found:
        raise NoLabelColumn(
            f"No column of `{port}` is marked as the label",
            port=port,
            hint="Edit Metadata can mark it; scores of a script are compared with a column `Labels`.",
        )
    if len(found) > 1:
        raise LabelMissingValues(f"`{port}` has {len(found)} columns that are marked as the label", port=port)
    return found[0]


def _no_scores(port: str, missing: str) -> NoScoreColumn:
    return NoScoreColumn(f"`{port}` has no column {missing}", port=port, hint="Connect the output of Score Model.")

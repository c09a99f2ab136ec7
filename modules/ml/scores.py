"""The columns that scoring adds, and how they are found again."""

from collections.abc import Mapping, Sequence
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


def score_columns(names: Sequence[str], roles: Mapping[str, str], *, port: str) -> ScoreColumns:
    """Find scores by the roles that scoring gave, else by their names.

    Roles get lost in scripts and SQL; the names of the reference are then enough. Raises 0024, 0025
    and 0037.
    """
    assignments = _with(names, roles, "assignments") or [name for name in names if name == ASSIGNMENTS]
    distances = _with(names, roles, "distances") or [name for name in names if name.startswith(DISTANCES)]
    if assignments and distances:
        return ScoreColumns("clustering", scored=assignments[0], distances=tuple(distances))
    label = _label(names, roles, port=port)
    for name, task in FROM_SCRIPTS.items():
        if name in names:
            if task != "two_class":
                return ScoreColumns(task, label, name)
            if SCRIPT_PROBABILITIES not in names:
                raise _no_scores(port, f"`{SCRIPT_PROBABILITIES}`")
            return ScoreColumns(task, label, name, (SCRIPT_PROBABILITIES,))
    quantiles = tuple(name for name in names if name.startswith(f"{LABELS}_") and quantile_of(name) is not None)
    scored = [name for name in _with(names, roles, "scored_labels") if name not in quantiles]
    scored = scored or [name for name in names if name == LABELS]
    if quantiles and not scored:
        return ScoreColumns("quantile_regression", label, quantiles=quantiles)
    if not scored:
        raise _no_scores(port, f"`{LABELS}`")
    found = _with(names, roles, "scored_probabilities")
    probabilities = tuple(found or [n for n in names if n == PROBABILITIES or n.startswith(f"{PROBABILITIES}_")])
    if not probabilities:
        return ScoreColumns("regression", label, scored[0])
    is_multiclass = len(probabilities) > 1 or probabilities[0].startswith(f"{PROBABILITIES}_")
    return ScoreColumns("multiclass" if is_multiclass else "two_class", label, scored[0], probabilities)


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

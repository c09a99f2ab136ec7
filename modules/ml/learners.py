"""What learners share: the mode of training, lists of values to sweep, and boosted trees."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from modules.kit import Param, Seed
from modules.kit.errors import EmptyInput, NotConvertible, NotGreater, OutOfRange, TooLarge, TooSmall

TrainerMode = Annotated[
    Literal["single_parameter", "parameter_range"],
    Param("Fixed values for Train Model, or lists of values that Tune Model Hyperparameters tries"),
]
MODE = "create_trainer_mode"
SINGLE = {MODE: "single_parameter"}
RANGE = {MODE: "parameter_range"}

RandomSeed = Annotated[
    Seed | None, Param("The same seed gives the same model; blank draws a new one", title="Random number seed")
]


@dataclass(frozen=True, eq=False, kw_only=True)
class Swept:
    """A number that a learner takes as one value or, in range mode, as a list of values."""

    title: str
    help: str
    values: str
    whole: bool = False
    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    when: Mapping[str, object] | None = None

    @property
    def single(self) -> Param:
        """The form of one value."""
        when = {**(self.when or {}), **SINGLE}
        return Param(self.help, title=self.title, ge=self.ge, gt=self.gt, le=self.le, when=when)

    @property
    def range(self) -> Param:
        """The form of the list."""
        name = self.title[0].lower() + self.title[1:] if self.title[1].islower() else self.title
        when = {**(self.when or {}), **RANGE}
        return Param("Values to try, separated by semicolons", title=f"Range for {name}", when=when)

    def read(self, text: str, *, parameter: str) -> list[float]:
        """Read ``0.025; 0.05; 0.1``; raises 0002 and the codes of numbers out of bounds."""
        parts = [part.strip() for part in text.split(";") if part.strip()]
        if not parts:
            raise EmptyInput(parameter=parameter, hint=f"Separate values with semicolons, as in {self.values}.")
        return [self._checked(part, parameter) for part in parts]

    def _checked(self, text: str, parameter: str) -> float:
        wanted = "a whole number" if self.whole else "a number"
        try:
            value = int(text) if self.whole else float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            hint = f"Separate values with semicolons, as in {self.values}."
            raise NotConvertible(value=text, to=wanted, parameter=parameter, hint=hint)
        if self.ge is not None and self.le is not None and not self.ge <= value <= self.le:
            raise OutOfRange(parameter=parameter, low=self.ge, high=self.le, actual=value)
        if self.gt is not None and value <= self.gt:
            raise NotGreater(parameter=parameter, bound=self.gt, actual=value)
        if self.ge is not None and value < self.ge:
            raise TooSmall(parameter=parameter, bound=self.ge, actual=value)
        if self.le is not None and value > self.le:
            raise TooLarge(f"`{parameter}` holds {value}, and at most {self.le} is expected", parameter=parameter)
        return value


@dataclass(frozen=True)
class Settings:
    """What a learner is configured with: `first` for the estimator, `shown` for people and for sweeps."""

    first: dict[str, Any]
    shown: dict[str, Any]


def settings_of(mode: str, swept: Mapping[str, tuple[Swept, float, str]]) -> Settings:
    """Take each value as it is set or, in range mode, read its list."""
    if mode == "single_parameter":
        single = {name: value for name, (_, value, _) in swept.items()}
        return Settings(single, single)
    lists = {name: item.read(text, parameter=f"range_for_{name}") for name, (item, _, text) in swept.items()}
    return Settings({name: values[0] for name, values in lists.items()}, {MODE: mode, **lists})


def first_values(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The values that a learner in range mode is trained with outside of a sweep; empty in single mode."""
    if parameters.get(MODE) != "parameter_range":
        return {}
    return {name: values[0] for name, values in parameters.items() if isinstance(values, list)}


LEAVES = Swept(
    title="Maximum number of leaves per tree",
    help="More leaves follow the data more closely",
    values="2; 8; 32; 128",
    whole=True,
    ge=2,
    le=131_072,
)
LEAF_SAMPLES = Swept(
    title="Minimum number of samples per leaf node",
    help="A leaf is made only for at least this many rows",
    values="1; 10; 50",
    whole=True,
    ge=1,
)
BOOSTING_RATE = Swept(
    title="Learning rate",
    help="How much each tree corrects the ones before it",
    values="0.025; 0.05; 0.1; 0.2; 0.4",
    gt=0,
    le=1,
)
BOOSTED_TREES = Swept(
    title="Number of trees constructed",
    help="More trees fit better and take longer",
    values="20; 100; 500",
    whole=True,
    ge=1,
)


def boosting_of(settings: Settings, seed: int | None) -> dict[str, Any]:
    """The arguments of scikit-learn's histogram boosting.

    It would stop early on tables of more than 10,000 rows; here the number of trees is what is set.
    """
    return {
        "max_leaf_nodes": settings.first["number_of_leaves"],
        "min_samples_leaf": settings.first["samples_per_leaf"],
        "learning_rate": settings.first["learning_rate"],
        "max_iter": settings.first["number_of_trees"],
        "early_stopping": False,
        "random_state": seed,
    }


TOLERANCE = Swept(
    title="Optimization tolerance",
    help="Training ends when a step changes less than this",
    values="0.00001; 0.00000001",
    gt=0,
)
RIDGE_WEIGHT = Swept(
    title="L2 regularization weight", help="How much large weights are punished", values="0.01; 0.1; 1.0", ge=0
)
MOST_ITERATIONS = 1000
"""Of logistic regression; it takes more of them where the columns differ much in size."""


def logistic_of(settings: Settings, seed: int | None) -> dict[str, Any]:
    """The arguments of scikit-learn's logistic regression, whose C is the inverse of the weight."""
    weight = settings.first["l2_regularization_weight"]
    return {
        "C": 1 / weight if weight > 0 else math.inf,
        "tol": settings.first["optimization_tolerance"],
        "max_iter": MOST_ITERATIONS,
        "random_state": seed,
    }


FOREST_TREES = Swept(
    title="Number of decision trees",
    help="More trees give steadier answers and take longer",
    values="1; 8; 32",
    whole=True,
    ge=1,
)
FOREST_DEPTH = Swept(
    title="Maximum depth of the decision trees",
    help="Deeper trees follow the data more closely",
    values="1; 16; 64",
    whole=True,
    ge=1,
)
FOREST_LEAF_SAMPLES = Swept(
    title="Minimum number of samples per leaf node",
    help="A leaf is made only for at least this many rows",
    values="1; 4; 16",
    whole=True,
    ge=1,
)

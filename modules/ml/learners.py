"""What learners share: the mode of training, lists of values to sweep, and what several of them are made of."""

import math
from collections.abc import Callable, Mapping
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


def as_it_is(value: Any) -> Any:
    """The value."""
    return value


@dataclass(frozen=True, eq=False, kw_only=True)
class Swept:
    """A number that a learner takes as one value or, in range mode, as a list of values.

    `argument` is what scikit-learn calls it, and `convert` makes its value there of the one that people set.
    """

    title: str
    help: str
    values: str
    argument: str
    convert: Callable[[Any], Any] = as_it_is
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
        return Param(
            "Values to try, separated by semicolons",
            title=f"Range for {name}",
            ge=self.ge,
            gt=self.gt,
            le=self.le,
            when=when,
        )

    def read(self, text: str, *, parameter: str) -> list[Any]:
        """Read ``0.025; 0.05; 0.1``; raises 0002 and the codes of numbers out of bounds."""
        parts = [part.strip() for part in text.split(";") if part.strip()]
        if not parts:
            raise EmptyInput(parameter=parameter, hint=f"Separate values with semicolons, as in {self.values}.")
        return [self.check(self.parse(part, parameter=parameter), parameter=parameter) for part in parts]

    def parse(self, text: str, *, parameter: str) -> Any:
        """Read one value of a list; raises 0002."""
        wanted = "a whole number" if self.whole else "a number"
        try:
            value = int(text) if self.whole else float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            hint = f"Separate values with semicolons, as in {self.values}."
            raise NotConvertible(value=text, to=wanted, parameter=parameter, hint=hint)
        return value

    def check(self, value: Any, *, parameter: str) -> Any:
        """The value, if it is in bounds; raises 0004, 0005, 0007 and 0008."""
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
    """What a learner is configured with: `first` for the estimator, `shown` for people.

    `choices` are the values to sweep: those of the lists, which in single mode are the default ones.
    """

    first: dict[str, Any]
    shown: dict[str, Any]
    swept: Mapping[str, Swept]
    choices: Mapping[str, list[Any]]

    @property
    def arguments(self) -> dict[str, Any]:
        """The first values as arguments of the estimator."""
        return {item.argument: item.convert(self.first[name]) for name, item in self.swept.items()}

    def sweep(self, prefix: str = "") -> dict[str, tuple[tuple[Any, dict[str, Any]], ...]]:
        """What `Learner.sweep` holds; `prefix` leads to the estimator inside of another, as in ``estimator__``."""
        return {
            name: tuple((value, {f"{prefix}{item.argument}": item.convert(value)}) for value in self.choices[name])
            for name, item in self.swept.items()
        }


def settings_of(mode: str, swept: Mapping[str, tuple[Swept, Any, str]]) -> Settings:
    """Take each value as it is set or, in range mode, read its list; raises 0002 and the codes of bounds."""
    items = {name: item for name, (item, _, _) in swept.items()}
    if mode == "single_parameter":
        single = {name: item.check(value, parameter=name) for name, (item, value, _) in swept.items()}
        choices = {name: item.read(item.values, parameter=name) for name, item in items.items()}
        return Settings(single, single, items, choices)
    lists = {name: item.read(text, parameter=f"range_for_{name}") for name, (item, _, text) in swept.items()}
    return Settings({name: values[0] for name, values in lists.items()}, {MODE: mode, **lists}, items, lists)


def first_values(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The values that a learner in range mode is trained with outside of a sweep; empty in single mode."""
    if parameters.get(MODE) != "parameter_range":
        return {}
    return {name: values[0] for name, values in parameters.items() if isinstance(values, list)}


LEAVES = Swept(
    title="Maximum number of leaves per tree",
    help="More leaves follow the data more closely",
    values="2; 8; 32; 128",
    argument="max_leaf_nodes",
    whole=True,
    ge=2,
    le=131_072,
)
LEAF_SAMPLES = Swept(
    title="Minimum number of samples per leaf node",
    help="A leaf is made only for at least this many rows",
    values="1; 10; 50",
    argument="min_samples_leaf",
    whole=True,
    ge=1,
)
BOOSTING_RATE = Swept(
    title="Learning rate",
    help="How much each tree corrects the ones before it",
    values="0.025; 0.05; 0.1; 0.2; 0.4",
    argument="learning_rate",
    gt=0,
    le=1,
)
BOOSTED_TREES = Swept(
    title="Number of trees constructed",
    help="More trees fit better and take longer",
    values="20; 100; 500",
    argument="max_iter",
    whole=True,
    ge=1,
)


BOOSTING: Mapping[str, Any] = {"early_stopping": False}
"""Of scikit-learn; it would stop early on tables of more than 10,000 rows. The number of trees is what is set."""


TOLERANCE = Swept(
    title="Optimization tolerance",
    help="Training ends when a step changes less than this",
    values="0.00001; 0.00000001",
    argument="tol",
    gt=0,
)


def inverse_of(weight: float) -> float:
    """The C of scikit-learn's logistic regression."""
    return 1 / weight if weight > 0 else math.inf


RIDGE_WEIGHT = Swept(
    title="L2 regularization weight",
    help="How much large weights are punished",
    values="0.01; 0.1; 1.0",
    argument="C",
    convert=inverse_of,
    ge=0,
)
MOST_ITERATIONS = 1000
"""Of logistic regression; it takes more of them where the columns differ much in size."""

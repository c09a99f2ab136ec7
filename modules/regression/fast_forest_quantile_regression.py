"""Fast Forest Quantile Regression: a forest that predicts quantiles of a number."""

from typing import Annotated

from modules.kit import Integers, ModelSchema, Numbers, Param, Port, QuantileRegressor, module
from modules.kit.errors import EmptyInput, NotConvertible, OutOfRange
from modules.ml.learners import LEAF_SAMPLES, RandomSeed, Swept, TrainerMode, settings_of
from modules.ml.quantile_forest import QuantileForest

TREES = Swept(
    title="Number of Trees",
    help="More trees give steadier answers and take longer",
    values="16; 32; 64",
    argument="n_estimators",
    whole=True,
    ge=1,
)
LEAVES = Swept(
    title="Number of Leaves",
    help="At most so many leaves in each tree; more of them follow the data more closely",
    values="16; 32; 64",
    argument="max_leaf_nodes",
    whole=True,
    ge=2,
)
INSTANCES = Swept(
    title="Minimum number of training instances required to form a leaf",
    help=LEAF_SAMPLES.help,
    values="1; 5; 10",
    argument="min_samples_leaf",
    whole=True,
    ge=1,
)
BAGGING = Swept(
    title="Bagging fraction",
    help="Each tree learns from so large a share of the rows, drawn with repetition",
    values="0.25; 0.5; 0.75",
    argument="max_samples",
    gt=0,
    le=1,
)
SPLITTING = Swept(
    title="Split fraction",
    help="Each split looks at so large a share of the features",
    values="0.25; 0.5; 0.75",
    argument="max_features",
    gt=0,
    le=1,
)


@module()
def fast_forest_quantile_regression(
    *,
    create_trainer_mode: TrainerMode = "single_parameter",
    number_of_trees: Annotated[int, TREES.single] = 100,
    range_for_number_of_trees: Annotated[Integers, TREES.range] = TREES.values,
    number_of_leaves: Annotated[int, LEAVES.single] = 20,
    range_for_number_of_leaves: Annotated[Integers, LEAVES.range] = LEAVES.values,
    minimum_instances_per_leaf: Annotated[int, INSTANCES.single] = 10,
    range_for_minimum_instances_per_leaf: Annotated[Integers, INSTANCES.range] = INSTANCES.values,
    bagging_fraction: Annotated[float, BAGGING.single] = 0.7,
    range_for_bagging_fraction: Annotated[Numbers, BAGGING.range] = BAGGING.values,
    split_fraction: Annotated[float, SPLITTING.single] = 0.7,
    range_for_split_fraction: Annotated[Numbers, SPLITTING.range] = SPLITTING.values,
    quantiles: Annotated[
        Numbers,
        Param(
            "Shares of the rows that lie below, separated by semicolons", title="Quantiles to be estimated", gt=0, lt=1
        ),
    ] = "0.25; 0.5; 0.75",
    seed: RandomSeed = None,
) -> Annotated[QuantileRegressor, Port("untrained_model", help="To be trained with a numeric label")]:
    """Predict several quantiles of a number.

    The trees are those of :class:`sklearn.ensemble.RandomForestRegressor`; the quantiles are taken of the
    training labels, weighted by how often a row shares a leaf with them (Meinshausen, Quantile
    Regression Forests, 2006). Score Model adds a column `Scored Labels_0.25` for each quantile, and
    Evaluate Model tells the quantile loss of each and their average. It needs complete rows. Both
    fractions must be above 0.
    """
    wanted = quantiles_of(quantiles)
    settings = settings_of(
        create_trainer_mode,
        {
            "number_of_trees": (TREES, number_of_trees, range_for_number_of_trees),
            "number_of_leaves": (LEAVES, number_of_leaves, range_for_number_of_leaves),
            "minimum_instances_per_leaf": (INSTANCES, minimum_instances_per_leaf, range_for_minimum_instances_per_leaf),
            "bagging_fraction": (BAGGING, bagging_fraction, range_for_bagging_fraction),
            "split_fraction": (SPLITTING, split_fraction, range_for_split_fraction),
        },
    )
    estimator = QuantileForest(quantiles=wanted, **settings.arguments, n_jobs=-1, random_state=seed)
    shown = {**settings.shown, "quantiles": quantiles}
    return QuantileRegressor(estimator, shown, kind="fast_forest_quantile_regression", sweep=settings.sweep())


def quantiles_of(text: str) -> tuple[float, ...]:
    """Read ``0.25; 0.5; 0.75``, sorted and each once; raises 0002, 0003 and 0008."""
    hint = "Separate quantiles with semicolons, as in 0.25; 0.5; 0.75."
    found = set()
    for part in (part.strip() for part in text.split(";") if part.strip()):
        try:
            value = float(part)
        except ValueError:
            raise NotConvertible(value=part, to="a number", parameter="quantiles", hint=hint) from None
        if not 0 < value < 1:
            raise OutOfRange(parameter="quantiles", low=0, high=1, actual=value)
        found.add(value)
    if not found:
        raise EmptyInput(parameter="quantiles", hint=hint)
    return tuple(sorted(found))


@fast_forest_quantile_regression.schema
def fast_forest_quantile_regression_schema(quantiles: str) -> ModelSchema:
    """The classes are the quantiles."""
    return ModelSchema(task="quantile_regression", classes=quantiles_of(quantiles))

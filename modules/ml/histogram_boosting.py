"""What the learners of scikit-learn's histogram gradient boosting share."""

from typing import Annotated, Any

from modules.kit import Param
from modules.ml.learners import Settings, Swept, settings_of

RATE = Swept(
    title="Learning rate",
    help="How much each tree corrects the ones before it",
    values="0.03; 0.1; 0.3",
    argument="learning_rate",
    gt=0,
    le=1,
)
ITERATIONS = Swept(
    title="Maximum number of iterations",
    help="Trees that are made at most; of several classes, each has as many",
    values="50; 100; 300",
    argument="max_iter",
    whole=True,
    ge=1,
)
LEAVES = Swept(
    title="Maximum number of leaves per tree",
    help="More leaves follow the data more closely",
    values="7; 31; 127",
    argument="max_leaf_nodes",
    whole=True,
    ge=2,
)
SAMPLES = Swept(
    title="Minimum number of samples per leaf",
    help="A leaf is made only for at least this many rows",
    values="5; 20; 50",
    argument="min_samples_leaf",
    whole=True,
    ge=1,
)
RIDGE = Swept(
    title="L2 regularization weight",
    help="How much large answers of leaves are punished",
    values="0; 1; 10",
    argument="l2_regularization",
    ge=0,
)
FEATURES = Swept(
    title="Share of features per split",
    help="Each split looks at so large a share of the features, drawn anew",
    values="0.5; 1.0",
    argument="max_features",
    gt=0,
    le=1,
)

MaximumDepth = Annotated[int | None, Param("Splits between root and leaf at most; blank is no limit", ge=1)]
MaximumBins = Annotated[
    int, Param("Numbers are cut into at most so many bins", title="Maximum number of bins", ge=2, le=255)
]
EarlyStopping = Annotated[bool, Param("End when held-out rows are predicted no better for some iterations")]
HELD_OUT = {"early_stopping": True}
Patience = Annotated[
    int, Param("So many iterations without gain end the training", title="Iterations without gain", ge=1, when=HELD_OUT)
]
HeldOutShare = Annotated[
    float,
    Param("Rows that are not learnt from but tell when to stop", title="Held-out share", gt=0, lt=1, when=HELD_OUT),
]
Balanced = Annotated[
    bool, Param("Let rows of rare classes weigh more, so that all classes weigh alike", title="Balance the classes")
]


def boosting_settings(
    mode: str,
    *,
    rate: tuple[float, str],
    iterations: tuple[int, str],
    leaves: tuple[int, str],
    samples: tuple[int, str],
    ridge: tuple[float, str],
    features: tuple[float, str],
) -> Settings:
    """Read the settings of the trees, each a value and a list; raises the codes of `settings_of`."""
    return settings_of(
        mode,
        {
            "learning_rate": (RATE, *rate),
            "maximum_iterations": (ITERATIONS, *iterations),
            "maximum_leaves": (LEAVES, *leaves),
            "minimum_samples_per_leaf": (SAMPLES, *samples),
            "l2_regularization_weight": (RIDGE, *ridge),
            "share_of_features": (FEATURES, *features),
        },
    )


def fixed_settings(
    *, depth: int | None, bins: int, stops: bool, patience: int, held_out: float, seed: int | None
) -> dict[str, Any]:
    """The arguments that are not swept."""
    return {
        "max_depth": depth,
        "max_bins": bins,
        "early_stopping": stops,
        "n_iter_no_change": patience,
        "validation_fraction": held_out,
        "random_state": seed,
    }

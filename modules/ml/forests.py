"""What learners made of many trees share."""

from typing import Annotated, Any, Literal

from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)

from modules.kit import Param
from modules.ml.learners import Settings, Swept

FOREST_TREES = Swept(
    title="Number of decision trees",
    help="More trees give steadier answers and take longer",
    values="1; 8; 32",
    argument="n_estimators",
    whole=True,
    ge=1,
)
FOREST_DEPTH = Swept(
    title="Maximum depth of the decision trees",
    help="Deeper trees follow the data more closely",
    values="1; 16; 64",
    argument="max_depth",
    whole=True,
    ge=1,
)
FOREST_LEAF_SAMPLES = Swept(
    title="Minimum number of samples per leaf node",
    help="A leaf is made only for at least this many rows",
    values="1; 4; 16",
    argument="min_samples_leaf",
    whole=True,
    ge=1,
)
Resampling = Annotated[
    Literal["bagging_resampling", "replicate_resampling"],
    Param("Each tree learns from rows drawn with repetition, or from all rows with splits drawn at random"),
]


def forest_of(settings: Settings, resampling: str, seed: int | None, *, classifier: bool) -> Any:
    """A random forest where rows are drawn, else extremely randomized trees."""
    is_bagging = resampling == "bagging_resampling"
    if classifier:
        forest = RandomForestClassifier if is_bagging else ExtraTreesClassifier
    else:
        forest = RandomForestRegressor if is_bagging else ExtraTreesRegressor
    return forest(**settings.arguments, bootstrap=is_bagging, n_jobs=-1, random_state=seed)

"""K-Means Clustering: groups around centres."""

from typing import Annotated, Literal

from sklearn.cluster import KMeans
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

from modules.kit import Clusterer, ModelSchema, Param, Port, module
from modules.ml.learners import RandomSeed


@module(title="K-Means Clustering")
def k_means_clustering(
    *,
    number_of_centroids: Annotated[int, Param("How many groups are looked for", ge=2)] = 2,
    initialization: Annotated[
        Literal["random", "k_means_plus_plus", "default"],
        Param(
            "Where the centres start: at rows drawn at random, at rows drawn far apart, or at the first rows",
            titles={"k_means_plus_plus": "K-Means++", "default": "Default (first N rows)"},
        ),
    ] = "k_means_plus_plus",
    seed: RandomSeed = None,
    metric: Annotated[Literal["euclidean"], Param("How distances are measured")] = "euclidean",
    normalize_features: Annotated[bool, Param("Scale features to 0..1 inside the model")] = True,
    iterations: Annotated[int, Param("Training ends after so many rounds, if not before", ge=1)] = 100,
    assign_label_mode: Annotated[
        Literal["ignore_label_column", "fill_missing_values", "overwrite_from_closest_to_center"],
        Param(
            "What is done with a column that is marked as the label: it is left out; it is a feature whose gaps "
            "are filled; or it is left out and replaced in the result by that of the row nearest to the centre"
        ),
    ] = "ignore_label_column",
) -> Annotated[Clusterer, Port("untrained_model", help="To be trained with Train Clustering Model")]:
    """Find groups of rows around centres.

    The fit is :class:`sklearn.cluster.KMeans` (Lloyd's algorithm, one start). It ends when the centres
    rest or at the limit of iterations, and may give fewer groups than asked where rows repeat. There
    is no range mode.
    """
    means = KMeans(
        n_clusters=number_of_centroids,
        init="random" if initialization == "random" else "k-means++",
        n_init=1,
        max_iter=iterations,
        random_state=seed,
    )
    estimator = make_pipeline(MinMaxScaler(), means) if normalize_features else means
    shown = {
        "number_of_centroids": number_of_centroids,
        "initialization": initialization,
        "metric": metric,
        "normalize_features": normalize_features,
        "iterations": iterations,
        "assign_label_mode": assign_label_mode,
    }
    return Clusterer(estimator, shown, kind="k_means_clustering")


@k_means_clustering.schema
def k_means_clustering_schema(number_of_centroids: int) -> ModelSchema:
    """The classes are the clusters."""
    return ModelSchema(task="clustering", classes=tuple(range(number_of_centroids)))

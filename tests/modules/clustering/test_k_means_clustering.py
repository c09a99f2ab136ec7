"""The estimator that the parameters stand for."""

import pytest
from sklearn.cluster import KMeans
from sklearn.preprocessing import MinMaxScaler

from modules.clustering.k_means_clustering import k_means_clustering
from modules.kit import Clusterer


def test_the_defaults_are_those_of_the_reference() -> None:
    learner = k_means_clustering(seed=5)
    scaler, means = learner.estimator[0], learner.estimator[-1]
    assert isinstance(learner, Clusterer)
    assert isinstance(scaler, MinMaxScaler)
    assert isinstance(means, KMeans)
    assert (means.n_clusters, means.init, means.n_init, means.max_iter) == (2, "k-means++", 1, 100)
    assert means.random_state == 5


@pytest.mark.parametrize(("name", "init"), [("random", "random"), ("k_means_plus_plus", "k-means++")])
def test_without_scaling_it_is_k_means_alone(name: str, init: str) -> None:
    learner = k_means_clustering(initialization=name, normalize_features=False)  # type: ignore[arg-type]  # any of the choices
    assert isinstance(learner.estimator, KMeans)
    assert learner.estimator.init == init

"""Groups that are found, and what is done with labels and gaps."""

import numpy as np
import polars as pl
import pytest
from sklearn.cluster import KMeans
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

from modules.clustering.k_means_clustering import k_means_clustering, k_means_clustering_schema
from modules.kit import Table, TableSchema
from modules.kit.errors import ModuleError
from modules.model_scoring_and_evaluation.assign_data_to_clusters import (
    assign_data_to_clusters,
    assign_data_to_clusters_schema,
)
from modules.model_training.train_clustering_model import train_clustering_model, train_clustering_model_schema

ROWS = pl.DataFrame({"x": [0.0, 1.0, 0.5, 10.0, 11.0, 10.5], "y": [0.0, 0.0, 1.0, 5.0, 5.0, 6.0]})
NAMES = ["Assignments", "DistancesToClusterCenter no.0", "DistancesToClusterCenter no.1"]


def test_two_clear_groups_are_found() -> None:
    table = Table(ROWS.lazy())
    _, results = train_clustering_model(k_means_clustering(seed=0), table, columns=["x", "y"])
    frame = results.frame.collect()
    assert frame.columns == ["x", "y", *NAMES]
    assigned = frame["Assignments"].to_list()
    assert assigned[:3] == [assigned[0]] * 3
    assert assigned[3:] == [1 - assigned[0]] * 3
    assert results.roles == {NAMES[0]: "assignments", NAMES[1]: "distances", NAMES[2]: "distances"}


def test_it_equals_plain_scikit_learn() -> None:
    model, results = train_clustering_model(k_means_clustering(seed=3), Table(ROWS.lazy()), columns=["x", "y"])
    plain = make_pipeline(MinMaxScaler(), KMeans(2, n_init=1, max_iter=100, random_state=3)).fit(ROWS.to_numpy())
    frame = results.frame.collect()
    assert frame["Assignments"].to_list() == plain.predict(ROWS.to_numpy()).tolist()
    assert np.allclose(frame.select(NAMES[1:]).to_numpy(), plain.transform(ROWS.to_numpy()), rtol=1e-12)
    assert model.pipeline.predict(ROWS.to_numpy()).tolist() == frame["Assignments"].to_list()
    assert model.details["rows"] == 6


def test_new_rows_are_assigned_as_in_training() -> None:
    model, results = train_clustering_model(k_means_clustering(seed=0), Table(ROWS.lazy()), columns=["x", "y"])
    later = Table(ROWS.select("y", "x", more=pl.lit(1)).lazy(), {"more": "label"})
    assigned = assign_data_to_clusters(model, later)
    assert assigned.frame.select(NAMES).collect().equals(results.frame.select(NAMES).collect())
    assert assigned.names == ["y", "x", "more", *NAMES]
    assert assigned.roles["more"] == "label"


def test_results_alone_on_demand() -> None:
    learner = k_means_clustering(seed=0)
    model, results = train_clustering_model(learner, Table(ROWS.lazy()), columns=["x"], append_results=False)
    assert results.names == NAMES
    assert assign_data_to_clusters(model, Table(ROWS.lazy()), append_results=False).names == NAMES


def test_categories_are_encoded() -> None:
    rows = ROWS.with_columns(kind=pl.Series(["a", "a", None, "b", "b", "b"]))
    model, _ = train_clustering_model(k_means_clustering(seed=0), Table(rows.lazy()), columns=["x", "kind"])
    assert list(model.details["centers"][0]) == ["kind_a", "kind_b", "kind_", "x"]


def test_rows_with_a_gap_get_no_cluster() -> None:
    rows = ROWS.with_columns(pl.col("x").replace(0.5, None))
    with pytest.warns(UserWarning, match="1 row with a missing number left") as said:
        _, results = train_clustering_model(k_means_clustering(seed=0), Table(rows.lazy()), columns=["x", "y"])
    assert len(said) == 2
    assert results.frame.collect().row(2)[2:] == (None, None, None)
    assert results.frame.collect()["Assignments"].null_count() == 1


def test_the_first_rows_may_be_the_first_centres() -> None:
    learner = k_means_clustering(initialization="default", iterations=1, normalize_features=False)
    rows = pl.DataFrame({"x": [0.0, 4.0, 1.0, 5.0]})
    _, results = train_clustering_model(learner, Table(rows.lazy()), columns=["x"])
    assert results.frame.collect()["Assignments"].to_list() == [0, 1, 0, 1]


def labelled(mode: str, label: list[str | None]) -> tuple[list[str], pl.DataFrame]:
    learner = k_means_clustering(seed=0, assign_label_mode=mode)  # type: ignore[arg-type]  # any of the choices
    rows = ROWS.with_columns(pl.Series("kind", label))
    model, results = train_clustering_model(learner, Table(rows.lazy(), {"kind": "label"}), columns=["x", "kind"])
    return list(model.features), results.frame.collect()


def test_a_label_is_left_out() -> None:
    features, frame = labelled("ignore_label_column", ["a", "a", "b", "b", "b", "b"])
    assert features == ["x"]
    assert frame["kind"].to_list() == ["a", "a", "b", "b", "b", "b"]


def test_a_label_may_be_a_feature_whose_gaps_are_filled() -> None:
    features, frame = labelled("fill_missing_values", ["a", "a", None, "b", "b", "b"])
    assert features == ["x", "kind"]
    assert frame["kind"][2] is None
    assert frame["Assignments"].null_count() == 0


def test_a_label_may_become_that_of_the_row_nearest_to_the_centre() -> None:
    # the rows 0.5 and 10.5 are the means of their groups
    features, frame = labelled("overwrite_from_closest_to_center", ["a", "a", "b", "c", "c", None])
    assert features == ["x"]
    assert frame["kind"].to_list() == ["b", "b", "b", None, None, None]


@pytest.mark.parametrize(
    ("rows", "columns", "code"),
    [
        (ROWS.head(1), ["x"], "0021"),
        (ROWS.clear(), ["x"], "0003"),
        (ROWS.with_columns(x=pl.lit(None, pl.Float64)), ["x"], "0083"),
        (ROWS.with_columns(x=pl.lit(float("inf"))), ["x"], "0033"),
        (ROWS, ["y"], "0047"),
    ],
)
def test_what_cannot_be_clustered_has_a_code(rows: pl.DataFrame, columns: list[str], code: str) -> None:
    with pytest.raises(ModuleError) as caught:
        train_clustering_model(k_means_clustering(seed=0), Table(rows.lazy(), {"y": "label"}), columns=columns)
    assert caught.value.code == code


@pytest.mark.parametrize("append", [True, False])
def test_the_columns_are_known_before_a_run(append: bool) -> None:
    table = Table(ROWS.lazy())
    schema = TableSchema.of(table)
    learner = k_means_clustering_schema(2)
    model, results = train_clustering_model(
        k_means_clustering(seed=0), table, columns=["x", "y"], append_results=append
    )
    told_model, told = train_clustering_model_schema(learner, schema, ["x", "y"], append)
    assert told == TableSchema.of(results)
    assigned = assign_data_to_clusters(model, table, append_results=append)
    assert assign_data_to_clusters_schema(told_model, schema, append) == TableSchema.of(assigned)
    assert train_clustering_model_schema(None, schema, ["x"], append)[1] is None

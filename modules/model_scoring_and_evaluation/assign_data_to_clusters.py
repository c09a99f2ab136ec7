"""Assign Data to Clusters: the nearest cluster of each row."""

from typing import Annotated

from modules.kit import ClusterModel, ModelSchema, Param, Port, Table, TableSchema, module
from modules.ml.clusters import assigned_schema, assignments_of, with_assignments


@module()
def assign_data_to_clusters(
    trained_model: ClusterModel,
    dataset: Table,
    *,
    append_results: Annotated[
        bool, Param("Keep the columns of the table", title="Check for append or uncheck for result only")
    ] = True,
) -> Annotated[Table, Port("results_dataset", help="The rows with their cluster and the distance to each centre")]:
    """Assign each row to the cluster whose centre is nearest.

    Columns are found by name; further ones are passed on. `Assignments` counts clusters from 0;
    `DistancesToClusterCenter no.0` and so on are measured as the model scales its features. A row
    that lacks a number gets no cluster; the log counts such rows.
    """
    return with_assignments(dataset, assignments_of(trained_model, dataset.frame.collect()), append=append_results)


@assign_data_to_clusters.schema
def assign_data_to_clusters_schema(
    trained_model: ModelSchema | None, dataset: TableSchema | None, append_results: bool
) -> TableSchema | None:
    classes = trained_model.classes if trained_model else None
    return assigned_schema(dataset, len(classes) if classes else None, append=append_results)

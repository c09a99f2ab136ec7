"""PCA-Based Anomaly Detection: rows that lie far from where the others vary."""

from typing import Annotated, Literal

from modules.kit import AnomalyDetector, ModelSchema, Param, Port, module
from modules.ml.anomalies import PrincipalSubspace


@module(title="PCA-Based Anomaly Detection")
def pca_based_anomaly_detection(
    *,
    training_mode: Annotated[
        Literal["single_parameter"], Param("There are no lists of values: nothing tells which is best")
    ] = "single_parameter",
    number_of_components: Annotated[
        int,
        Param(
            "Directions of the normal rows; fewer than there are features",
            title="Number of components to use in PCA",
            ge=1,
        ),
    ] = 2,
    oversampling: Annotated[
        int,
        Param(
            "More makes the randomized search of the directions more exact",
            title="Oversampling parameter for randomized PCA",
            ge=0,
        ),
    ] = 2,
    mean_normalization: Annotated[
        bool,
        Param("Bring each feature to a mean of 0 first", title="Enable input feature mean normalization"),
    ] = False,
) -> Annotated[AnomalyDetector, Port("untrained_model", help="To be trained with Train Anomaly Detection Model")]:
    """Find rows that are unlike those of the training, which are mostly normal.

    The normal rows lie near a plane of a few directions; what of a row sticks out of it is its error.
    Scoring gives the error as a share from 0, that of the nearest training row, to 1, that of the
    farthest, in `Scored Probabilities`: higher is more anomalous. `Scored Labels` is 0, abnormal, above
    0.5 and else 1, normal. With mean normalization the plane goes through the mean
    (:class:`sklearn.decomposition.PCA`), without it through the origin
    (:class:`sklearn.decomposition.TruncatedSVD`). Features of very different size should be brought to
    one with Normalize Data. To evaluate, mark a label that is 1 for normal and 0 for abnormal rows.
    """
    estimator = PrincipalSubspace(
        n_components=number_of_components, n_oversamples=oversampling, center=mean_normalization
    )
    shown = {
        "number_of_components": number_of_components,
        "oversampling": oversampling,
        "mean_normalization": mean_normalization,
    }
    return AnomalyDetector(estimator, shown, kind="pca_based_anomaly_detection")


@pca_based_anomaly_detection.schema
def pca_based_anomaly_detection_schema() -> ModelSchema:
    return ModelSchema(task="anomaly_detection")

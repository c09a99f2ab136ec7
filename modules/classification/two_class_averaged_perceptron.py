"""Two-Class Averaged Perceptron: a weighted sum of the features, averaged over all steps of training."""

from typing import Annotated

from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from modules.kit import Integers, ModelSchema, Numbers, Port, TwoClassClassifier, module
from modules.ml.calibration import SigmoidCalibrated
from modules.ml.learners import RandomSeed, Swept, TrainerMode, settings_of

RATE = Swept(
    title="Learning rate",
    help="Size of the steps in training",
    values="0.1; 0.5; 1.0",
    argument="eta0",
    gt=0,
)
ITERATIONS = Swept(
    title="Maximum number of iterations",
    help="Passes over the rows; fewer of them often do better on new rows",
    values="1; 10",
    argument="max_iter",
    whole=True,
    ge=1,
)


@module(title="Two-Class Averaged Perceptron")
def two_class_averaged_perceptron(
    *,
    create_trainer_mode: TrainerMode = "single_parameter",
    learning_rate: Annotated[float, RATE.single] = 1.0,
    range_for_learning_rate: Annotated[Numbers, RATE.range] = RATE.values,
    maximum_number_of_iterations: Annotated[int, ITERATIONS.single] = 10,
    range_for_maximum_number_of_iterations: Annotated[Integers, ITERATIONS.range] = ITERATIONS.values,
    seed: RandomSeed = None,
) -> Annotated[TwoClassClassifier, Port("untrained_model", help="To be trained with a label of two values")]:
    """Predict one of two classes by a weighted sum of the features.

    The weights are those of :class:`sklearn.linear_model.SGDClassifier` with the loss of a perceptron,
    averaged over all updates. Features are brought to a mean of 0 and a deviation of 1 inside the
    model. Probabilities come from a sigmoid that is fitted to held-out rows
    (:class:`sklearn.calibration.CalibratedClassifierCV`). It needs complete rows. The positive class is
    the label that comes last in order.
    """
    settings = settings_of(
        create_trainer_mode,
        {
            "learning_rate": (RATE, learning_rate, range_for_learning_rate),
            "maximum_number_of_iterations": (
                ITERATIONS,
                maximum_number_of_iterations,
                range_for_maximum_number_of_iterations,
            ),
        },
    )
    perceptron = SGDClassifier(
        **settings.arguments,
        loss="perceptron",
        penalty=None,
        learning_rate="constant",
        tol=None,
        average=True,
        random_state=seed,
    )
    estimator = SigmoidCalibrated(make_pipeline(StandardScaler(), perceptron))
    sweep = settings.sweep("estimator__sgdclassifier__")
    return TwoClassClassifier(estimator, settings.shown, kind="two_class_averaged_perceptron", sweep=sweep)


@two_class_averaged_perceptron.schema
def two_class_averaged_perceptron_schema() -> ModelSchema:
    return ModelSchema(task="two_class")

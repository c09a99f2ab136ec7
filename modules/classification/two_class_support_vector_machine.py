"""Two-Class Support Vector Machine: the widest straight gap between two classes."""

from typing import Annotated

from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from modules.kit import Integers, ModelSchema, Numbers, Param, Port, TwoClassClassifier, module
from modules.ml.calibration import SigmoidCalibrated
from modules.ml.learners import RandomSeed, Swept, TrainerMode, settings_of

ITERATIONS = Swept(
    title="Number of iterations",
    help="Passes over the rows",
    values="1; 10; 100",
    argument="max_iter",
    whole=True,
    ge=1,
)
LAMBDA = Swept(
    title="Lambda",
    help="How much large weights are punished",
    values="0.00001; 0.0001; 0.001; 0.01; 0.1",
    argument="alpha",
    gt=0,
)


@module(title="Two-Class Support Vector Machine")
def two_class_support_vector_machine(
    *,
    create_trainer_mode: TrainerMode = "single_parameter",
    number_of_iterations: Annotated[int, ITERATIONS.single] = 10,
    range_for_number_of_iterations: Annotated[Integers, ITERATIONS.range] = ITERATIONS.values,
    lambda_weight: Annotated[float, LAMBDA.single] = 0.001,
    range_for_lambda_weight: Annotated[Numbers, LAMBDA.range] = LAMBDA.values,
    normalize_features: Annotated[
        bool, Param("Bring features to a mean of 0 and a deviation of 1 inside the model")
    ] = True,
    seed: RandomSeed = None,
) -> Annotated[TwoClassClassifier, Port("untrained_model", help="To be trained with a label of two values")]:
    """Predict one of two classes by the side of a plane on which a row lies.

    The plane is that of a linear support vector machine, found by stochastic gradient descent
    (:class:`sklearn.linear_model.SGDClassifier` with hinge loss and an L2 penalty of Lambda).
    Probabilities come from a sigmoid that is fitted to held-out rows
    (:class:`sklearn.calibration.CalibratedClassifierCV`). It needs complete rows. The positive class is
    the label that comes last in order.
    """
    settings = settings_of(
        create_trainer_mode,
        {
            "number_of_iterations": (ITERATIONS, number_of_iterations, range_for_number_of_iterations),
            "lambda_weight": (LAMBDA, lambda_weight, range_for_lambda_weight),
        },
    )
    machine = SGDClassifier(**settings.arguments, loss="hinge", penalty="l2", tol=None, random_state=seed)
    estimator = SigmoidCalibrated(make_pipeline(StandardScaler(), machine) if normalize_features else machine)
    shown = {**settings.shown, "normalize_features": normalize_features}
    sweep = settings.sweep("estimator__sgdclassifier__" if normalize_features else "estimator__")
    return TwoClassClassifier(estimator, shown, kind="two_class_support_vector_machine", sweep=sweep)


@two_class_support_vector_machine.schema
def two_class_support_vector_machine_schema() -> ModelSchema:
    return ModelSchema(task="two_class")

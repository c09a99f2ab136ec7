"""Which part a node plays in the making and judging of a model: told by the types of its ports, and a few by name."""

from functools import cache

from designer.graph.graph import GraphNode
from modules.kit import ModuleSpec, port_fits

EVALUATORS = frozenset({"evaluate_model", "evaluate_recommender"})
"""These turn scored rows into figures."""

JUDGES = frozenset({"permutation_feature_importance"})
"""These score rows and give figures in one."""

APPENDERS = frozenset({"add_rows"})
"""The rows of all their tables come out."""

AGGREGATORS = frozenset({"aggregate_rows", "pivot_data", "profile_data", "summarize_data"})
"""What comes out of these are figures about rows, not the rows."""


@cache
def is_model(type_name: str) -> bool:
    """Whether a port carries a trained model."""
    return any(port_fits(one, "Model") for one in type_name.split("|"))


@cache
def is_learner(type_name: str) -> bool:
    """Whether a port carries what can be trained."""
    return any(port_fits(one, learner) for one in type_name.split("|") for learner in ("Learner", "ScriptLearner"))


def is_table(type_name: str) -> bool:
    """Whether a port carries rows."""
    return "Table" in type_name.split("|")


def table_inputs(spec: ModuleSpec) -> tuple[str, ...]:
    """The inputs that take rows, in order."""
    return tuple(port.name for port in spec.inputs if is_table(port.type))


def table_outputs(spec: ModuleSpec) -> tuple[str, ...]:
    """The outputs that give rows, in order."""
    return tuple(port.name for port in spec.outputs if is_table(port.type))


def transform_output(spec: ModuleSpec) -> str | None:
    """The output that replays on other rows what was learnt."""
    return next((port.name for port in spec.outputs if port.type == "Transform"), None)


def model_output(spec: ModuleSpec) -> str | None:
    """The type of the model that a module trains; None where it trains none."""
    return next((port.type for port in spec.outputs if is_model(port.type)), None)


def trains(spec: ModuleSpec) -> bool:
    """Whether a module fits a model to the rows of its first table."""
    return model_output(spec) is not None and bool(table_inputs(spec))


def takes_model(spec: ModuleSpec) -> bool:
    """Whether a trained model goes in."""
    return any(is_model(port.type) for port in spec.inputs)


def scores(spec: ModuleSpec) -> bool:
    """Whether a module applies a model to the rows of its first table, and trains none itself."""
    return takes_model(spec) and bool(table_inputs(spec)) and not trains(spec)


def cross_validates(spec: ModuleSpec) -> bool:
    """Whether a module trains and judges on parts of its first table, and gives no model."""
    return any(is_learner(port.type) for port in spec.inputs) and bool(table_inputs(spec)) and not trains(spec)


def gives_figures(spec: ModuleSpec) -> bool:
    """Whether people read from the result how good a model is."""
    return spec.id in EVALUATORS or spec.id in JUDGES


def is_script(spec: ModuleSpec) -> bool:
    """Whether a text of the user says what comes out, so that nobody knows which rows do."""
    return any(parameter.kind == "script" for parameter in spec.parameters)


def carriers(spec: ModuleSpec) -> tuple[str, ...]:
    """The inputs whose rows come out: all of a script and where tables are required, else the first.

    An optional table is looked up, as the vocabulary of texts is.
    """
    names = table_inputs(spec)
    if is_script(spec):
        return names
    required = tuple(port.name for port in spec.inputs if port.required and port.name in names)
    return required or names[:1]


def appends(spec: ModuleSpec) -> bool:
    """Whether the rows of several tables come out below each other, not side by side."""
    return spec.id in APPENDERS or any(port.multiple and is_table(port.type) for port in spec.inputs)


def spec_of(item: GraphNode) -> ModuleSpec | None:
    """The declaration of a node that takes part."""
    return None if item.definition is None or item.node.disabled else item.definition.spec

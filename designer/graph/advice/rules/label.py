"""What is to be predicted must not stand among what it is predicted from, under another name or in another form."""

import re
from collections.abc import Iterator

from designer.graph.advice import parts
from designer.graph.advice.advice import Advice, doubt
from designer.graph.advice.facts import Determined
from designer.graph.advice.flow import Training
from designer.graph.advice.repairs.exclude_column import exclude_column
from designer.graph.advice.scene import Scene
from modules.kit import ModelSchema, ModuleError, TableSchema
from modules.kit.selection import resolve


def features_are_not_made_of_the_label(scene: Scene) -> Iterator[Advice]:
    """No feature was made on the canvas out of the label alone, or bears its name.

    Columns that came with the data may have any name: of those only data can tell, see below.
    """
    for training, model, label in _models(scene):
        for column in model.features or ():
            made = _made_of(scene, training.node, training.port, column, label)
            if made is not None:
                yield doubt(
                    "label_in_features",
                    training.node,
                    training.port,
                    f"the feature '{column}' is made of the label '{label}' by '{made}'",
                    f"Exclude '{column}' before the training.",
                    column=column,
                    nodes={"training": training.node, "made": made},
                    values={"column": column, "label": label},
                    repair=exclude_column(scene.flows, training.node, training.port, column),
                )


def features_do_not_give_the_label_away(scene: Scene) -> Iterator[Advice]:
    """No feature alone tells the label of every row that a run has looked at."""
    for training, model, label in _models(scene):
        told: set[str] = set()
        for split, fact in _determined(scene, training, label):
            for column in fact.by:
                if column in told or column not in (model.features or ()):
                    continue
                told.add(column)
                yield doubt(
                    "label_determined",
                    training.node,
                    training.port,
                    f"the feature '{column}' alone tells the label '{label}' in the rows of the last run",
                    f"Exclude '{column}', unless it is known at the time of the prediction.",
                    column=column,
                    nodes={"training": training.node, "split": split},
                    values={"column": column, "label": label, "how": fact.how},
                    repair=exclude_column(scene.flows, training.node, training.port, column),
                )


def _models(scene: Scene) -> Iterator[tuple[Training, ModelSchema, str]]:
    """The models that are trained to predict a label, with what is known of them before a run."""
    for training in scene.flows.trainings.values():
        for schema in scene.schemas.get(training.node, {}).values():
            if isinstance(schema, ModelSchema) and schema.label is not None and not training.refines:
                yield training, schema, schema.label


def _determined(scene: Scene, training: Training, label: str) -> Iterator[tuple[str, Determined]]:
    """What runs have found to tell the label, in the splits that the rows of a training come from."""
    names = {name for rows in training.flow.rows for name in rows.sides}
    for name in sorted(names):
        for split in scene.flows.splits.get(name, ())[:1]:
            for fact in scene.facts_of(split):
                if isinstance(fact, Determined) and fact.column == label:
                    yield split, fact


def _made_of(scene: Scene, node: str, port: str, column: str, label: str) -> str | None:
    """The node above an input that has made a column out of the label; None where none has."""
    while True:
        source = next(iter(scene.graph.nodes[node].inputs.get(port, ())), None)
        spec = scene.flows.spec(source.node) if source else None
        if source is None or spec is None:
            return None
        node = source.node
        above = {name: scene.table_into(node, name) for name in parts.table_inputs(spec)}
        known = {name: schema for name, schema in above.items() if schema is not None}
        if not known or len(known) != len([name for name in above if scene.graph.nodes[node].inputs.get(name)]):
            return None
        carried = next((name for name, schema in known.items() if column in schema.names), None)
        if carried is None:
            return node if _bears(column, label) or _takes_only(scene, node, known, label) else None
        port = carried


def _bears(column: str, label: str) -> bool:
    """Whether the name of a column has that of the label in it as a word or words of its own."""
    return column != label and re.search(rf"(?<![^\W_]){re.escape(label)}(?![^\W_])", column) is not None


def _takes_only(scene: Scene, node: str, tables: dict[str, TableSchema], label: str) -> bool:
    """Whether all columns that a node is set to work on are the label."""
    spec = scene.flows.spec(node)
    values = scene.flows.values[node]
    chosen: list[list[str]] = []
    for parameter in spec.parameters if spec else ():
        table = tables.get(parameter.port or "")
        if parameter.kind in ("column", "columns") and table is not None and parameter.is_active(values):
            try:
                chosen.append(
                    resolve(values[parameter.name], table, parameter=parameter.name, port=parameter.port or "")
                )
            except ModuleError:
                return False
    return bool(chosen) and all(names == [label] for names in chosen)

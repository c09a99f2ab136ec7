"""Judge a model by rows that neither it nor the choice of its settings has seen."""

from designer.graph.advice import parts
from designer.graph.advice.flow import Flows, Judgement, Training
from designer.graph.advice.repair import Repair
from designer.graph.advice.repairs.editing import Editing, between

SPLIT = "split_data"
TRAINING_SHARE = 0.7


def judge_by_others(flows: Flows, judgement: Judgement) -> Repair | None:
    """Where training and judging take one and the same output: the other side of its split, or a split of it."""
    training = judgement.training
    editing = Editing(flows)
    if len([other for other in flows.judgements if other.node == judgement.node]) > 1:
        return None  # several have trained the model, each with rows of its own
    source = editing.document.nodes[judgement.node].inputs.get(judgement.port)
    if not isinstance(source, str) or source != editing.document.nodes[training.node].inputs.get(training.port):
        return None
    found = flows.graph.nodes[judgement.node].inputs[judgement.port][0]
    spec = flows.spec(found.node)
    if spec is not None and spec.splits is not None:
        others = [port for port in parts.table_outputs(spec) if port != found.port]
        if len(others) != 1:
            return None
        editing.connect(judgement.node, judgement.port, editing.text(found.node, others[0]))
        return editing.done("score_other_side")
    if any(rows.sides for rows in judgement.flow.rows) or not editing.can_add(SPLIT):
        return None
    place = between(editing.place(found.node), editing.place(training.node))
    split = editing.add(SPLIT, "split", place, {"fraction_of_rows": TRAINING_SHARE})
    editing.connect(split, "dataset", source)
    editing.connect(training.node, training.port, f"{split}.results_dataset1")
    editing.connect(judgement.node, judgement.port, f"{split}.results_dataset2")
    return editing.done("split_rows")


def cross_validate(flows: Flows, training: Training) -> Repair | None:
    """Choose settings by folds of the training rows: a search without a table to judge by does so."""
    spec = flows.spec(training.node)
    port = spec.input(training.validation) if spec and training.validation else None
    if port is None or port.required:
        return None
    editing = Editing(flows)
    editing.connect(training.node, port.name, None)
    return editing.done("cross_validate")

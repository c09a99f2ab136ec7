"""Which side of a split is for what."""

from designer.graph.advice.flow import Flows


def training_port(flows: Flows, split: str) -> str | None:
    """The one side that models are trained on and never judged by."""
    name = flows.lineage[split]
    trained: set[object] = set()
    judged: set[object] = set()
    for judgement in flows.judgements:
        if name in judgement.splits:
            trained |= {rows.sides[name] for rows in judgement.training.flow.rows if name in rows.sides}
            judged |= {rows.sides[name] for rows in judgement.flow.rows if name in rows.sides}
    spec = flows.spec(split)
    if spec is None or len(trained) != 1 or trained & judged:
        return None
    side = next(iter(trained))
    return spec.outputs[side].name if isinstance(side, int) else None

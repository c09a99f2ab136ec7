"""The same thing does not stand on both sides of a split: neither equal rows nor rows of one group."""

from collections.abc import Iterator

from designer.graph.advice import parts
from designer.graph.advice.advice import Advice, doubt
from designer.graph.advice.facts import RepeatedRows, SharedGroups
from designer.graph.advice.repairs.splitting import drop_duplicates
from designer.graph.advice.scene import Scene

RECOMMENDER = "RecommenderModel"


def sides_have_nothing_in_common(scene: Scene) -> Iterator[Advice]:
    """No split that parts training and test has put equal rows or one group on both sides, as a run has found.

    Where time or a value decides on the side, the author has had groups in mind, or the future of the same things; and
    recommenders are for the people that they know.
    """
    models: dict[str, set[str]] = {}
    for judgement in scene.flows.judgements:
        for split in scene.flows.split_nodes(judgement):
            models.setdefault(split, set()).add(judgement.training.model)
    for split, judged in models.items():
        spec = scene.flows.spec(split)
        port = parts.table_inputs(spec)[0] if spec else ""
        is_random = spec is not None and spec.does_split_at_random(scene.flows.values[split])
        is_for_new_things = judged != {RECOMMENDER}
        for fact in scene.facts_of(split):
            match fact:
                case RepeatedRows():
                    yield _same_rows(scene, split, port, fact)
                case SharedGroups() if is_random and is_for_new_things:
                    yield _same_group(split, port, fact)


def _same_rows(scene: Scene, split: str, port: str, fact: RepeatedRows) -> Advice:
    share = _percent(fact.rows, fact.of)
    but = f" but for {', '.join(f'`{name}`' for name in fact.without)}" if fact.without else ""
    return doubt(
        "same_rows",
        split,
        port,
        f"{share} % of the test rows stand among the training rows too{but}: a model knows them by heart",
        "Remove duplicate rows before the split.",
        nodes={"split": split},
        values={"share": share, "without": ", ".join(fact.without)},
        repair=drop_duplicates(scene.flows, split, fact.without),
    )


def _same_group(split: str, port: str, fact: SharedGroups) -> Advice:
    share = _percent(fact.rows, fact.of)
    return doubt(
        "same_group",
        split,
        port,
        f"{share} % of the test rows have a value of '{fact.column}' that training rows have too: "
        "a model may know the thing, not the rule",
        f"Put all rows of one '{fact.column}' on one side.",
        column=fact.column,
        nodes={"split": split},
        values={"share": share, "column": fact.column},
    )


def _percent(rows: int, of: int) -> float:
    share = 100 * rows / max(of, 1)
    return round(share) if share >= 10 else round(share, 1)

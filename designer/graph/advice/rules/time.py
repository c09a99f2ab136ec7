"""Rows with a date are not divided by chance: that would train on what comes after the test."""

import re
from collections.abc import Iterator

from designer.graph.advice import parts
from designer.graph.advice.advice import Advice, doubt
from designer.graph.advice.facts import Times
from designer.graph.advice.repair import Repair
from designer.graph.advice.repairs.splitting import split_by_time, split_in_order
from designer.graph.advice.scene import Scene

DATES = frozenset({"Date", "Datetime"})
OF_BIRTH = re.compile(r"birth|born|(^|[^a-z])dob([^a-z]|$)", re.IGNORECASE)
"""A date that says how old somebody is, not when a row came about."""


def time_order_is_kept(scene: Scene) -> Iterator[Advice]:
    """No split that parts training and test draws rows that have a date, by its type or as a run has found."""
    told: set[str] = set()
    for judgement in scene.flows.judgements:
        for split in scene.flows.split_nodes(judgement):
            spec = scene.flows.spec(split)
            if split in told or spec is None or not spec.does_split_at_random(scene.flows.values[split]):
                continue
            told.add(split)
            port = parts.table_inputs(spec)[0]
            column, repair = _column_of_time(scene, split, port)
            if column is not None:
                yield doubt(
                    "random_times",
                    split,
                    port,
                    f"rows are divided by chance although '{column}' gives them an order in time: "
                    "the model is trained on what comes after some test rows",
                    "Train on what is earlier and judge by what is later, with Split by Time.",
                    column=column,
                    nodes={"split": split},
                    values={"column": column},
                    repair=repair,
                )


def _column_of_time(scene: Scene, split: str, port: str) -> tuple[str | None, Repair | None]:
    """The first column that dates rows, and what to do about it."""
    schema = scene.table_into(split, port)
    for column in schema.columns if schema else ():
        if column.dtype in DATES and not OF_BIRTH.search(column.name):
            return column.name, split_by_time(scene.flows, split, column.name)
    for fact in scene.facts_of(split):
        if isinstance(fact, Times) and not OF_BIRTH.search(fact.column):
            return fact.column, split_in_order(scene.flows, split, fact.column) if fact.sortable else None
    return None, None

"""What a step finds in its outputs is handed on beside them, and never in their way."""

from typing import Annotated, NamedTuple

import polars as pl
import pytest

from designer.engine.execution import execute
from designer.engine.step import Done, StepRequest
from designer.graph.plan import Output, Step
from designer.store.artifacts import Store
from modules.kit import Context, Port, Table, module
from modules.kit.declaration import FACTS, Facts


class Halves(NamedTuple):
    """Both parts."""

    one: Annotated[pl.LazyFrame, Port(help="The first row")]
    other: Annotated[pl.LazyFrame, Port(help="All others")]


@module()
def halve() -> Halves:
    """Divide three rows."""
    frame = pl.LazyFrame({"a": [1, 2, 3]})
    return Halves(frame.head(1), frame.slice(1))


@halve.facts
def halve_facts(other: Table) -> Facts:
    return [{"fact": "sum", "of": int(other.frame.collect()["a"].sum())}]


@module()
def blind() -> Annotated[pl.LazyFrame, Port("output", help="A table")]:
    """Give a table that cannot be looked at."""
    return pl.LazyFrame({"a": [1]})


@blind.facts
def blind_facts(output: Table) -> Facts:
    raise ZeroDivisionError("by zero")


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store.in_folder(tmp_path_factory.mktemp("store"))


def done(name: str, outputs: list[str], store: Store, context: Context) -> Done:
    entry = f"{__name__}:{name}"
    step = Step(node="n", kind="module", entry=entry, outputs=tuple(Output(name=o, type="Table") for o in outputs))
    outcome = execute(StepRequest(step=step), store, context)
    assert isinstance(outcome, Done), outcome
    return outcome


def test_facts_are_found_in_the_stored_outputs(store: Store) -> None:
    assert done("halve", ["one", "other"], store, Context()).tables == {FACTS: [{"fact": "sum", "of": 5}]}


def test_facts_that_fail_are_a_line_of_the_log(store: Store) -> None:
    context = Context()
    outcome = done("blind", ["output"], store, context)
    assert outcome.outputs["output"].meta["rows"] == 1
    assert outcome.tables == {}
    assert context.logged == ["The result was not looked at for advice: ZeroDivisionError: by zero"]

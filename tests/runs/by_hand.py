"""Runs whose worker is the test: it takes steps from the queue and says how they end."""

from typing import Any

import polars as pl

from designer.assets.store import store
from designer.engine.retries import Ending
from designer.engine.step import Done, Failed, Failure, StoredOutput
from designer.graph.reading import read
from designer.graph.selection import EVERYTHING, Selection
from designer.runs.actions.steps import Attempt, Claim, end_step, start_step
from designer.runs.actions.submit_run import submit_run
from designer.runs.models import Run, RunStep
from designer.runs.queue import start_next
from designer.runs.record import LEASE
from designer.workspaces.actions import ensure_owner
from designer.workspaces.models import Membership, User
from modules import catalog
from modules.kit import Table
from tests.installation import document_of

FAILURE = Failure(code="0021", message="Too few rows")


def learner(**options: Any) -> dict[str, Any]:
    """A node that needs nothing: its penalty tells one result from another."""
    params = {name: options.pop(name) for name in list(options) if name == "l2_regularization_weight"}
    return {"module": "linear_regression", "params": params, **options}


ALWAYS = learner(allow_reuse=False)


def submit(
    author: User | None = None, selection: Selection = EVERYTHING, *, stop_on_failure: bool = False, **nodes: Any
) -> Run:
    owner, workspace = ensure_owner()
    return submit_run(
        workspace,
        author or owner,
        read(document_of(**nodes)),
        catalog.load(),
        selection=selection,
        stop_on_failure=stop_on_failure,
    )


def person(name: str) -> User:
    _, workspace = ensure_owner()
    user, _ = User.objects.get_or_create(username=name)
    Membership.objects.get_or_create(user=user, workspace=workspace, defaults={"role": "contributor"})
    return user


def claim(run: Run, node: str, number: int = 1) -> Claim:
    taken = start_step(Attempt(str(run.pk), node, number))
    assert taken is not None
    return taken


def claim_next() -> Claim:
    taken = start_next()
    assert taken is not None
    return taken


def saved(value: int = 1) -> str:
    """The digest of an artifact that is in the store."""
    return store().save(Table(pl.LazyFrame({"a": [value]})), "Table").digest


def done(claim: Claim, value: int = 1) -> Done:
    outputs = {o.name: StoredOutput(digest=saved(value), type=o.type, meta={}) for o in claim.request.step.outputs}
    return Done(outputs=outputs, seconds=0.1)


def complete(claim: Claim, value: int = 1) -> None:
    end_step(claim, done(claim, value))


def fail(claim: Claim, ending: Ending = "failed") -> None:
    end_step(claim, Failed(failure=FAILURE, seconds=0.1, ending=ending))


def status_of(run: Run, node: str) -> str:
    return RunStep.objects.get(run=run, node=node).status


def statuses_of(run: Run) -> dict[str, str]:
    return dict(RunStep.objects.filter(run=run).values_list("node", "status"))


def run_status(run: Run) -> str:
    return Run.objects.get(pk=run.pk).status


def let_leases_run_out() -> None:
    for step in RunStep.objects.exclude(lease_until=None):
        RunStep.objects.filter(pk=step.pk).update(lease_until=step.lease_until - 2 * LEASE)
